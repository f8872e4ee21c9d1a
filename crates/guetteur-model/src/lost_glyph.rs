//! Glyphs that extraction lost: `l□enregistrement`, `C□UR`, `Irlande □ Écosse`, `n□ 5`.

use std::borrow::Cow;

/// What the glyph was, by its neighbours (`None`: end of the text): a dash between spaces, the `°` of
/// `n°`, œ in a word that needs it, else an apostrophe.
#[must_use]
pub fn lost_glyph(before: Option<char>, after: Option<char>) -> char {
    match (before, after) {
        (Some(' ') | None, Some(' ') | None) => '–',
        (Some('n' | 'N'), Some(' ' | '0'..='9')) => '°',
        (Some('C' | 'M' | 'S' | 'V' | 'B' | 'N'), Some('U')) => 'Œ',
        (Some('c' | 'm' | 's' | 'v' | 'b' | 'n'), Some('u'))
        | (Some(' ' | '’' | '\''), Some('u')) => 'œ',
        (Some(' ') | None, Some('U')) => 'Œ',
        _ => '\'',
    }
}

/// The text with its lost glyphs restored, character for character: offsets stay true.
#[must_use]
pub fn restore_lost_glyphs(text: &str) -> Cow<'_, str> {
    let lost = |c: char| matches!(c, '□' | '\u{fffd}');
    if !text.contains(lost) {
        return Cow::Borrowed(text);
    }
    let mut restored = String::with_capacity(text.len());
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let c = if lost(c) { lost_glyph(before, chars.peek().copied()) } else { c };
        restored.push(c);
        before = Some(c);
    }
    Cow::Owned(restored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_glyph_by_its_neighbours() {
        let cases = [
            ("la captation, l□enregistrement", "la captation, l'enregistrement"),
            ("Irlande □ Écosse", "Irlande – Écosse"),
            ("C□UR de ville, mise en □uvre", "CŒUR de ville, mise en œuvre"),
            ("arrêté n□ 5 et n□2026", "arrêté n° 5 et n°2026"),
            ("rien de perdu", "rien de perdu"),
        ];
        for (damaged, expected) in cases {
            assert_eq!(restore_lost_glyphs(damaged), expected);
            assert_eq!(damaged.chars().count(), expected.chars().count(), "offsets stay true");
        }
    }
}
