//! What the codes of a run stand for. Asking the font costs more than all else, and a line of text
//! has the same letters over and over.

use hayro_interpret::font::Glyph;

use super::glyphs::Text;

const SLOTS: usize = 256;

/// Answers for the codes of one run: its glyphs share their font.
pub(super) struct Codes {
    run: u32,
    slots: Vec<Slot>,
}

#[derive(Clone, Default)]
struct Slot {
    run: u32,
    code: u32,
    text: Text,
    width: Option<f32>,
}

impl Default for Codes {
    fn default() -> Self {
        Self { run: 0, slots: vec![Slot::default(); SLOTS] }
    }
}

impl Codes {
    /// Forgets the font.
    pub(super) fn next_run(&mut self) {
        self.run += 1;
    }

    /// The glyph's text, and its advance width in thousandths of the font's size.
    pub(super) fn of(&mut self, glyph: &Glyph<'_>) -> (Text, Option<f32>) {
        let (run, code) = (self.run, glyph.char_code());
        let slot = &mut self.slots[code as usize % SLOTS];
        if (slot.run, slot.code) != (run, code) {
            let text = Text::of(glyph.as_unicode());
            *slot = Slot { run, code, text, width: advance_width(glyph) };
        }
        (slot.text.clone(), slot.width)
    }
}

fn advance_width(glyph: &Glyph<'_>) -> Option<f32> {
    match glyph {
        Glyph::Outline(g) => g.advance_width(),
        Glyph::Type3(g) => g.advance_width(),
    }
    .filter(|w| w.is_finite() && *w > 0.0)
}
