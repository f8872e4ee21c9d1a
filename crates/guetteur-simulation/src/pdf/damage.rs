//! Files and texts as accidents leave them.

use super::raster::Chance;

/// The first `keep_percent` of the bytes: a download that broke off (no `%%EOF`).
#[must_use]
pub fn truncated(bytes: &[u8], keep_percent: usize) -> Vec<u8> {
    bytes[..bytes.len() * keep_percent.min(100) / 100].to_vec()
}

/// What some sites answer, with status 200 and under a `.pdf` address, when a file is gone.
#[must_use]
pub fn not_a_pdf() -> Vec<u8> {
    "<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Erreur</title></head>\n\
     <body><h1>Une erreur est survenue</h1><p>Le document demandé n’est pas disponible.</p></body>\
     </html>\n"
        .as_bytes()
        .to_vec()
}

/// `text` as poor recognition gives it: a third of the words damaged, the same for a given seed.
#[must_use]
pub fn bad_ocr(text: &str, seed: u64) -> String {
    let mut chance = Chance::new(seed.wrapping_add(77));
    text.split(' ')
        .map(
            |word| if chance.below(3) == 0 { bad_word(word, &mut chance) } else { word.to_owned() },
        )
        .collect::<Vec<_>>()
        .join(" ")
}

fn bad_word(word: &str, chance: &mut Chance) -> String {
    let hit = chance.below(word.chars().count().max(1) as u32) as usize;
    word.chars()
        .enumerate()
        .flat_map(|(i, c)| {
            let wrong: &[char] = match c {
                'l' | 'i' | 'I' => &['1'],
                'm' => &['r', 'n'],
                'é' | 'è' | 'ê' => &['6'],
                'u' => &['i', 'i'],
                'n' => &['r', 'i'],
                'o' | 'O' => &['0'],
                'a' => &['z'],
                's' => &['5'],
                '’' | '\'' => &['|'],
                _ if i == hit => &['~'],
                _ => &[],
            };
            if wrong.is_empty() { vec![c] } else { wrong.to_vec() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_ocr_damages_some_words_the_same_way_each_time() {
        let text = "Le préfet autorise la commune à installer une signalisation";
        let bad = bad_ocr(text, 5);
        assert_ne!(bad, text);
        assert_eq!(bad, bad_ocr(text, 5));
        let kept = text.split(' ').filter(|w| bad.split(' ').any(|b| b == *w)).count();
        assert!((3..9).contains(&kept), "{bad}");
    }

    #[test]
    fn truncated_loses_the_trailer() {
        let bytes = crate::pdf::PdfBuilder::new().page(crate::pdf::PageSpec::a4()).build();
        assert!(bytes.ends_with(b"%%EOF"));
        let cut = truncated(&bytes, 60);
        assert!(cut.len() < bytes.len() && !cut.ends_with(b"%%EOF"));
    }
}
