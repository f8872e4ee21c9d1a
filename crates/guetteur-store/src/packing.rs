//! Texts of pages, packed: those of neighbouring pages compressed together, since one page of a
//! bulletin says much of what the next one says.
//!
//! A block is a zstd frame (with its own checksum) of `NUMBER\nTEXT` for each page, with NUL between
//! two: no stored text has one (`clean.rs`).

use crate::StoreError;

/// Pages of one block: more hardly shrink it further, and a page is read by unpacking its block.
const PAGES: usize = 32;
/// Beyond this the time grows faster than the gain.
const LEVEL: i32 = 12;

/// Texts of neighbouring pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// The first page, from 1.
    pub(crate) first: u32,
    /// The last page.
    pub(crate) last: u32,
    /// As it is stored.
    pub(crate) packed: Vec<u8>,
}

/// Packs pages, which come in order.
pub(crate) fn pack<'a>(
    pages: impl IntoIterator<Item = (u32, &'a str)>,
) -> Result<Vec<Block>, StoreError> {
    let pages: Vec<(u32, &str)> = pages.into_iter().collect();
    pages.chunks(PAGES).map(pack_block).collect()
}

fn pack_block(pages: &[(u32, &str)]) -> Result<Block, StoreError> {
    let texts: Vec<String> =
        pages.iter().map(|(number, text)| format!("{number}\n{text}")).collect();
    let texts = texts.join("\0").into_bytes();
    let compress = || -> std::io::Result<Vec<u8>> {
        let mut encoder = zstd::Encoder::new(Vec::new(), LEVEL)?;
        encoder.include_checksum(true)?;
        encoder.set_pledged_src_size(Some(texts.len() as u64))?;
        std::io::Write::write_all(&mut encoder, &texts)?;
        encoder.finish()
    };
    let packed = compress().map_err(|error| damaged(&error.to_string()))?;
    let end = |page: Option<&(u32, &str)>| page.map_or(0, |(number, _)| *number);
    Ok(Block { first: end(pages.first()), last: end(pages.last()), packed })
}

/// The pages of a block, in order.
pub(crate) fn unpack(packed: &[u8]) -> Result<Vec<(u32, String)>, StoreError> {
    let texts = zstd::decode_all(packed).map_err(|error| damaged(&error.to_string()))?;
    let texts = String::from_utf8(texts).map_err(|error| damaged(&error.to_string()))?;
    let page = |page: &str| {
        let (number, text) =
            page.split_once('\n').ok_or_else(|| damaged("a page has no number"))?;
        let number = number.parse().map_err(|_| damaged("a page has no number"))?;
        Ok((number, text.to_owned()))
    };
    texts.split('\0').map(page).collect()
}

fn damaged(why: &str) -> StoreError {
    StoreError::Inconsistent {
        column: "page_texts.packed",
        value: "…".to_owned(),
        reason: why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_come_back_as_they_were() {
        let text = |number: u32| match number % 3 {
            0 => String::new(),
            1 => format!("Arrêté n° {number}\nportant\n\nautorisation\n"),
            _ => "\nœuvre 👍 ".repeat(200),
        };
        let pages: Vec<(u32, String)> =
            (1..=100).filter(|number| *number != 40).map(|number| (number, text(number))).collect();
        let blocks = pack(pages.iter().map(|(number, text)| (*number, &**text))).expect("packed");
        assert_eq!(blocks.len(), 4);
        assert_eq!((blocks[1].first, blocks[1].last), (33, 65));
        let back: Vec<(u32, String)> =
            blocks.iter().flat_map(|block| unpack(&block.packed).expect("unpacked")).collect();
        assert_eq!(back, pages);
        assert_eq!(pack([]).expect("nothing"), []);
    }

    #[test]
    fn a_damaged_block_is_an_error() {
        let mut packed =
            pack([(1, &*"Arrêté portant ".repeat(50))]).expect("packed").remove(0).packed;
        let last = packed.len() - 1;
        packed[last] ^= 1;
        assert!(unpack(&packed).is_err());
        assert!(unpack(b"").is_err() && unpack(&packed[..last / 2]).is_err());
    }
}
