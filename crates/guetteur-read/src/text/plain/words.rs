//! Words of plain pages: fonts, places, and the strings that are shown.

use std::rc::Rc;

use hayro_interpret::kurbo::{Affine, Point, Vec2};
use hayro_syntax::content::Instruction;
use hayro_syntax::object::{Dict, Name, Object};
use hayro_syntax::page::Resources;

use super::colours::Look;
use super::operands::{numbers, only};
use super::{Done, NotPlain, Walk};
use crate::text::fonts::{Fonts, PlainFont};
use crate::text::letter::Run;
use crate::text::sight::Sight;

/// Fonts are measured in thousandths of their size.
const UNITS_PER_EM: f32 = 1000.0;

/// What `q` saves and `Q` restores. Sizes and spaces are single precision, as the engine has them.
#[derive(Clone)]
pub(super) struct State<'a> {
    pub(super) transform: Affine,
    font: Option<Rc<PlainFont<'a>>>,
    size: f32,
    char_space: f32,
    word_space: f32,
    /// 1 is the font's own width.
    scaling: f32,
    pub(super) leading: f32,
    rise: f32,
    /// How words are painted: 0 fills, 1 outlines, 2 both, 3 neither; from 4 on they clip too.
    mode: u8,
    pub(super) look: Look,
    text: Affine,
    line: Affine,
}

impl State<'_> {
    pub(super) fn new(transform: Affine) -> Self {
        Self {
            transform,
            font: None,
            size: 1.0,
            char_space: 0.0,
            word_space: 0.0,
            scaling: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
            look: Look::new(),
            text: Affine::IDENTITY,
            line: Affine::IDENTITY,
        }
    }

    pub(super) fn next_line(&mut self, x: f64, y: f64) {
        self.line *= Affine::translate((x, y));
        self.text = self.line;
    }

    fn advance(&mut self, by: f32) {
        self.text *= Affine::translate((f64::from(by * self.scaling), 0.0));
    }
}

impl<'a> Walk<'_, 'a> {
    pub(super) fn place(&mut self, operator: &[u8], at: &Instruction<'_, '_>) -> Done {
        let state = &mut self.state;
        match operator {
            b"ET" => {}
            b"T*" => state.next_line(0.0, f64::from(-state.leading)),
            b"BT" => (state.text, state.line) = (Affine::IDENTITY, Affine::IDENTITY),
            b"Tm" => {
                state.line = Affine::new(numbers(at)?);
                state.text = state.line;
            }
            _ => {
                let [x, y] = numbers(at)?;
                if operator == b"TD" {
                    state.leading = single(-y);
                }
                state.next_line(x, y);
            }
        }
        Ok(())
    }

    pub(super) fn text_state(&mut self, operator: &[u8], at: &Instruction<'_, '_>) -> Done {
        let [value] = numbers(at)?;
        let state = &mut self.state;
        match operator {
            b"Tc" => state.char_space = single(value),
            b"Tw" => state.word_space = single(value),
            b"Tz" => state.scaling = single(value) / 100.0,
            b"TL" => state.leading = single(value),
            b"Ts" => state.rise = single(value),
            _ => state.mode = mode(value),
        }
        Ok(())
    }

    pub(super) fn font(
        &mut self,
        at: &Instruction<'_, '_>,
        resources: &Resources<'a>,
        known: &mut NamedFonts<'a>,
    ) -> Done {
        let mut operands = at.operands();
        let (Some(Object::Name(name)), Some(Object::Number(size)), None) =
            (operands.next(), operands.next(), operands.next())
        else {
            return Err(NotPlain);
        };
        self.state.font = Some(known.get(name, resources, self.fonts)?);
        self.state.size = size.as_f32();
        Ok(())
    }

    pub(super) fn show_all(&mut self, at: &Instruction<'_, '_>) -> Done {
        let Some(Object::Array(parts)) = only(at) else { return Err(NotPlain) };
        for part in parts.iter::<Object<'_>>() {
            match part {
                Object::Number(by) => {
                    self.state.advance(-by.as_f32() / UNITS_PER_EM * self.state.size);
                }
                Object::String(text) => self.show(text.as_bytes())?,
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn show_with_spaces(&mut self, at: &Instruction<'_, '_>) -> Done {
        let mut operands = at.operands();
        let (
            Some(Object::Number(word)),
            Some(Object::Number(char)),
            Some(Object::String(text)),
            None,
        ) = (operands.next(), operands.next(), operands.next(), operands.next())
        else {
            return Err(NotPlain);
        };
        (self.state.word_space, self.state.char_space) = (word.as_f32(), char.as_f32());
        self.state.next_line(0.0, f64::from(-self.state.leading));
        self.show(text.as_bytes())
    }

    pub(super) fn show(&mut self, bytes: &[u8]) -> Done {
        let font = self.state.font.clone().ok_or(NotPlain)?;
        let State { transform, text, size, char_space, word_space, scaling, .. } = self.state;
        let run = self.run();
        let start = transform * text * Point::new(0.0, f64::from(self.state.rise));
        let [a, b, ..] = (transform * text).as_coeffs();
        let mut gone = 0.0;
        let mut at = 0;
        while at < bytes.len() {
            let (code, length) = font.code(bytes, at);
            at += length;
            let meaning = font.meaning(code);
            if let Some(run) = &run {
                self.out.show(run, &meaning.text, meaning.width, start + Vec2::new(a, b) * gone);
            }
            let space = if code == 32 && length == 1 { word_space } else { 0.0 };
            let advance = meaning.advance / UNITS_PER_EM * size + char_space + space;
            gone += f64::from(advance * scaling);
        }
        self.state.text *= Affine::translate((gone, 0.0));
        Ok(())
    }

    /// What the glyphs shown now have in common; `None` if they would have no size.
    fn run(&self) -> Option<Run> {
        let State { transform, text, size, scaling, ref look, .. } = self.state;
        let em = Affine::scale_non_uniform(f64::from(size * scaling), f64::from(size));
        Run::of(transform * text * em, self.sight(), look.clip)
    }

    /// How words look that are shown now.
    fn sight(&self) -> Sight {
        let look = &self.state.look;
        let filled = || look.ink(look.fill).sight();
        let outlined = || look.ink(look.line).sight();
        match self.state.mode {
            0 | 4 => filled(),
            1 | 5 => outlined(),
            2 | 6 if outlined() == Sight::Seen => Sight::Seen,
            2 | 6 => filled(),
            _ => Sight::Unpainted,
        }
    }
}

/// The fonts that one content stream has asked for.
#[derive(Default)]
pub(super) struct NamedFonts<'a>(Vec<(Vec<u8>, Rc<PlainFont<'a>>)>);

impl<'a> NamedFonts<'a> {
    fn get(
        &mut self,
        name: &Name<'_>,
        resources: &Resources<'a>,
        fonts: &mut Fonts<'a>,
    ) -> Result<Rc<PlainFont<'a>>, NotPlain> {
        let name: &[u8] = name;
        if let Some((_, font)) = self.0.iter().find(|(known, _)| known == name) {
            return Ok(Rc::clone(font));
        }
        let dict = resources.fonts.get::<Dict<'_>>(name).ok_or(NotPlain)?;
        let font = fonts.font(&dict).ok_or(NotPlain)?;
        self.0.push((name.to_vec(), Rc::clone(&font)));
        Ok(font)
    }
}

/// The mode of painting words; what is none fills, as the engine has it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 7")]
fn mode(value: f64) -> u8 {
    if (0.0..8.0).contains(&value) { value as u8 } else { 0 }
}

#[expect(clippy::cast_possible_truncation, reason = "sizes and spaces in points")]
fn single(value: f64) -> f32 {
    value as f32
}
