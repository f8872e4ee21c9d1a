//! `/ActualText`: what a run of glyphs stands for where its glyphs cannot tell (ligatures, broken
//! words, letters drawn by several glyphs).

use hayro_interpret::hayro_cmap::BfString;
use hayro_syntax::object::{Dict, String as PdfString};

use super::letter::{Placed, Text};

/// A replacement may be this much longer than its glyphs; beyond, it describes a picture.
const LONGER: usize = 4;
/// Glyphs that an empty replacement may take away: a hyphen, a leader.
const TAKEN_AWAY: usize = 3;

/// A marked sequence with its replacement, and the glyphs seen in it so far.
pub(super) struct Replacement {
    text: String,
    /// Sequences opened inside it.
    pub(super) depth: usize,
    pub(super) glyphs: Vec<Placed>,
}

impl Replacement {
    /// The replacement that a sequence's properties carry.
    pub(super) fn of(properties: Option<&Dict<'_>>) -> Option<Self> {
        let text = properties?.get::<PdfString<'_>>("ActualText")?;
        Some(Self { text: decode(text.as_bytes()), depth: 0, glyphs: Vec::new() })
    }

    /// What stands on the page: the replacement's words over the room of its glyphs, or the glyphs
    /// as they are where the two cannot belong together.
    pub(super) fn placed(self) -> Vec<Placed> {
        let Some(first) = self.glyphs.first() else { return Vec::new() };
        let one_line = self.glyphs.iter().all(|g| {
            g.frame == first.frame && g.sight == first.sight && (g.v - first.v).abs() < 0.1 * g.size
        });
        let chars = self.text.chars().count();
        let empty = self.text.is_empty() && self.glyphs.len() > TAKEN_AWAY;
        if !one_line || empty || chars > LONGER * self.glyphs.len() + 8 {
            return self.glyphs;
        }
        let start = self.glyphs.iter().map(|g| g.u).fold(f64::MAX, f64::min);
        let end = self.glyphs.iter().map(|g| g.u + g.advance).fold(f64::MIN, f64::max);
        let size = self.glyphs.iter().map(|g| g.size).fold(0.0, f64::max);
        #[expect(clippy::cast_precision_loss, reason = "a few letters")]
        let step = (end - start) / chars.max(1) as f64;
        let place = |(i, c): (usize, char)| {
            #[expect(clippy::cast_precision_loss, reason = "a few letters")]
            let u = start + step * i as f64;
            let text = Text::of(Some(BfString::Char(c)));
            Placed { text, u, advance: step, is_told: false, size, ..*first }
        };
        self.text.chars().enumerate().map(place).collect()
    }
}

/// Signs of `PDFDocEncoding` that are not those of Latin 1, from 80.
const SIGNS: [char; 32] = [
    '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™',
    'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{FFFD}',
];

/// Text strings are UTF-16 or UTF-8 with their mark, else one byte a letter.
pub(super) fn decode(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units: Vec<u16> =
                rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|b| one_byte(*b)).collect(),
    }
}

fn one_byte(byte: u8) -> char {
    match byte {
        0x80..=0x9F => SIGNS[usize::from(byte - 0x80)],
        0xA0 => '€',
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::layout::Frame;
    use crate::text::sight::Sight;

    fn replaced(text: &str, glyphs: &str) -> (String, f64) {
        let glyph = |(i, c)| Placed {
            text: Text::of(Some(BfString::Char(c))),
            frame: Frame::of(1.0, 0.0),
            u: 5.0 * f64::from(i),
            v: 100.0,
            advance: 5.0,
            is_told: true,
            size: 10.0,
            sight: Sight::Seen,
        };
        let glyphs = (0_i32..).zip(glyphs.chars()).map(glyph).collect();
        let placed = Replacement { text: text.to_owned(), depth: 0, glyphs }.placed();
        let mut out = String::new();
        placed.iter().for_each(|p| p.text.push_to(&mut out));
        (out, placed.last().map_or(0.0, |p| p.u + p.advance))
    }

    #[test]
    fn glyphs_give_way_to_what_they_stand_for() {
        assert_eq!(replaced("œuvre", "\u{FFFD}uvre"), ("œuvre".to_owned(), 25.0));
        assert_eq!(replaced("ffi", "x"), ("ffi".to_owned(), 5.0));
        assert_eq!(replaced("\u{AD}", "-"), ("-".to_owned(), 5.0), "a hyphen stays one");
        assert_eq!(replaced("", "..."), (String::new(), 0.0));
    }

    #[test]
    fn what_cannot_belong_together_stays_as_it_is() {
        assert_eq!(replaced("", "Article").0, "Article");
        assert_eq!(replaced("Photographie de la place du marché", "Fig").0, "Fig");
    }

    #[test]
    fn text_strings_come_in_three_encodings() {
        assert_eq!(decode(b"\xFE\xFF\x00\xE9\x01\x53"), "éœ");
        assert_eq!(decode("\u{FEFF}é".as_bytes()), "é");
        assert_eq!(decode(b"\xE9t\xE9"), "été");
        assert_eq!(decode(b"l\x90\x9Cuvre"), "l’œuvre");
    }
}
