//! The standard fonts, their widths, and the WinAnsi encoding that carries French.

use crate::metrics;

/// The fonts that every PDF reader knows without embedding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Font {
    /// Helvetica.
    #[default]
    Sans,
    /// Helvetica bold.
    SansBold,
    /// Times.
    Serif,
    /// Times bold.
    SerifBold,
    /// Courier.
    Mono,
}

impl Font {
    /// All fonts, in the order of their resource names.
    pub const ALL: [Self; 5] =
        [Self::Sans, Self::SansBold, Self::Serif, Self::SerifBold, Self::Mono];

    /// Name as `/BaseFont` writes it.
    #[must_use]
    pub fn base_name(self) -> &'static [u8] {
        match self {
            Self::Sans => b"Helvetica",
            Self::SansBold => b"Helvetica-Bold",
            Self::Serif => b"Times-Roman",
            Self::SerifBold => b"Times-Bold",
            Self::Mono => b"Courier",
        }
    }

    /// The bold of the same family.
    #[must_use]
    pub fn bold(self) -> Self {
        match self {
            Self::Sans | Self::SansBold => Self::SansBold,
            Self::Serif | Self::SerifBold => Self::SerifBold,
            Self::Mono => Self::Mono,
        }
    }

    /// Width of `text` in points at `size` points.
    #[must_use]
    pub fn width(self, text: &str, size: f32) -> f32 {
        let table = match self {
            Self::Sans => &metrics::HELVETICA,
            Self::SansBold => &metrics::HELVETICA_BOLD,
            Self::Serif => &metrics::TIMES_ROMAN,
            Self::SerifBold => &metrics::TIMES_BOLD,
            Self::Mono => &metrics::COURIER,
        };
        let units: u32 =
            text.chars().map(|c| u32::from(table[usize::from(win_ansi(c).max(32) - 32)])).sum();
        units as f32 * size / 1000.0
    }
}

/// What WinAnsi has between its two Latin halves. `□` takes the place of an unused code: it is the
/// glyph that a lost character leaves in real bulletins.
const BETWEEN: [(char, u8); 15] = [
    ('□', 0x7f),
    ('€', 0x80),
    ('‚', 0x82),
    ('…', 0x85),
    ('Œ', 0x8c),
    ('‘', 0x91),
    ('’', 0x92),
    ('“', 0x93),
    ('”', 0x94),
    ('•', 0x95),
    ('–', 0x96),
    ('—', 0x97),
    ('™', 0x99),
    ('œ', 0x9c),
    ('Ÿ', 0x9f),
];

/// WinAnsi (Windows-1252) code of a character; `?` for what it lacks.
fn win_ansi(c: char) -> u8 {
    match c {
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(c)).unwrap_or(b'?'),
        // The narrow no-break space of French numbers.
        '\u{202f}' => 0xa0,
        _ => BETWEEN.iter().find(|(known, _)| *known == c).map_or(b'?', |(_, code)| *code),
    }
}

/// The character of a WinAnsi code, if it has one.
#[must_use]
pub fn from_win_ansi(code: u8) -> Option<char> {
    match code {
        32..=126 | 160..=255 => Some(char::from(code)),
        _ => BETWEEN.iter().find(|(_, known)| *known == code).map(|(c, _)| *c),
    }
}

/// `text` in WinAnsi.
#[must_use]
pub fn encode(text: &str) -> Vec<u8> {
    text.chars().map(win_ansi).collect()
}

/// Breaks `text` at spaces into lines of at most `width` points; a longer word stands alone.
#[must_use]
pub fn wrap(text: &str, font: Font, size: f32, width: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split([' ', '\n']).filter(|word| !word.is_empty()) {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if line.is_empty() || font.width(&longer, size) <= width {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_is_encodable() {
        let text = "éàçùêîôœŒ«»°’–—…€ÀÉÇ";
        assert!(!encode(text).contains(&b'?'));
        assert_eq!(encode("漢"), b"?");
    }

    #[test]
    fn wraps_within_width_and_keeps_words() {
        let text = "Considérant que la fréquentation attendue est importante et durable";
        let lines = wrap(text, Font::Serif, 11.0, 120.0);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|l| Font::Serif.width(l, 11.0) <= 120.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
    }
}
