//! The fonts of a file, and what their codes stand for. Asking a font costs more than all else, and
//! a text has the same letters over and over: each code is asked for once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use hayro_font::{CMapResolverFn, Font, FontCache, FontGlyph, FontResolverFn};
use hayro_interpret::InterpreterSettings;
use hayro_syntax::object::Dict;

use super::letter::{Text, told_width};

/// Codes above this number are asked for each time: a hostile file has millions.
const MAX_CODES: u32 = 1 << 16;

/// What a code of a font stands for.
#[derive(Clone)]
pub(super) struct Meaning {
    pub(super) text: Text,
    /// Width of the glyph in thousandths of the size, if the font tells.
    pub(super) width: Option<f64>,
    /// How far the next glyph stands, in thousandths of the size.
    pub(super) advance: f32,
}

/// A font whose glyphs are outlines and run from left to right.
pub(super) struct PlainFont<'a> {
    font: Font<'a>,
    meanings: RefCell<Vec<Option<Rc<Meaning>>>>,
}

impl PlainFont<'_> {
    /// The code at `at`, and its length in bytes (at least 1).
    pub(super) fn code(&self, bytes: &[u8], at: usize) -> (u32, usize) {
        let (code, length) = self.font.read_code(bytes, at);
        (code, length.max(1))
    }

    pub(super) fn meaning(&self, code: u32) -> Rc<Meaning> {
        let slot = code as usize;
        if let Some(Some(meaning)) = self.meanings.borrow().get(slot) {
            return Rc::clone(meaning);
        }
        let meaning = Rc::new(ask(&self.font, code));
        if code < MAX_CODES {
            let mut meanings = self.meanings.borrow_mut();
            if meanings.len() <= slot {
                meanings.resize(slot + 1, None);
            }
            meanings[slot] = Some(Rc::clone(&meaning));
        }
        meaning
    }
}

fn ask(font: &Font<'_>, code: u32) -> Meaning {
    #[expect(clippy::cast_possible_truncation, reason = "it was single precision in the font")]
    let advance = font.code_advance(code).x as f32;
    match font.glyph(font.map_code(code), code) {
        FontGlyph::Outline(glyph) => Meaning {
            text: Text::of(glyph.as_unicode()),
            width: told_width(glyph.advance_width()),
            advance,
        },
        FontGlyph::Type3(_) => Meaning { text: Text::default(), width: None, advance },
    }
}

/// The fonts of one file.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    fonts: FontResolverFn,
    cmaps: CMapResolverFn,
    /// By their dictionaries as they are written: one inside another object has the number of that.
    known: HashMap<&'a [u8], Option<Rc<PlainFont<'a>>>>,
}

impl<'a> Fonts<'a> {
    pub(super) fn new() -> Self {
        let InterpreterSettings { font_resolver, cmap_resolver, .. } =
            InterpreterSettings::default();
        Self {
            cache: FontCache::new(),
            fonts: font_resolver,
            cmaps: cmap_resolver,
            known: HashMap::new(),
        }
    }

    /// The font that a dictionary describes; `None` if it is broken, runs downwards, or if its
    /// glyphs are drawings.
    pub(super) fn font(&mut self, dict: &Dict<'a>) -> Option<Rc<PlainFont<'a>>> {
        if let Some(known) = self.known.get(dict.data()) {
            return known.clone();
        }
        let font = self.cache.font(dict, &self.fonts, &self.cmaps).filter(is_plain);
        let font = font.map(|font| Rc::new(PlainFont { font, meanings: RefCell::new(Vec::new()) }));
        self.known.insert(dict.data(), font.clone());
        font
    }
}

fn is_plain(font: &Font<'_>) -> bool {
    font.is_horizontal() && matches!(font.glyph(font.map_code(0), 0), FontGlyph::Outline(_))
}
