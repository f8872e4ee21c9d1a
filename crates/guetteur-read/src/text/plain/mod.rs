//! The short way: pages of plain text, as nearly all bulletins are.
//!
//! Hayro's interpreter prepares for each glyph what painting needs, which a reader of words has no
//! use for: more than half of its time. This walk over the same instructions asks each font once a
//! code and follows nothing but places. Whatever it does not know for sure (glyphs that are
//! drawings, text that runs downwards, hidden layers, operators out of place) sends the whole page
//! the general way, by [`super::hayro`]; both fill the same [`Collector`], and tests hold them to
//! the same words.

mod colours;
mod objects;
mod operands;
mod shapes;
mod words;

use hayro_interpret::kurbo::{Affine, BezPath};
use hayro_interpret::util::TransformExt;
use hayro_syntax::content::{Instruction, UntypedIter};
use hayro_syntax::object::{Array, Dict, Name};
use hayro_syntax::page::{Page, Resources};

use self::colours::NamedLooks;
use self::operands::{name, numbers, string};
use self::words::{NamedFonts, State};
use super::fonts::Fonts;
use super::glyphs::Collector;
use super::{PageText, hayro};

/// Saved states; beyond, the file is hostile.
const MAX_SAVED: usize = 200;

/// The page is not plain.
#[derive(Debug)]
struct NotPlain;

type Done = Result<(), NotPlain>;

/// Reads the plain pages of one file.
pub(crate) struct PlainPages<'a> {
    fonts: Fonts<'a>,
}

impl<'a> PlainPages<'a> {
    /// `None` if the file hides layers: any of its pages may have some.
    pub(crate) fn of(catalog: Option<&Dict<'a>>) -> Option<Self> {
        (!catalog.is_some_and(hides_layers)).then(|| Self { fonts: Fonts::new() })
    }

    /// The page's text; `None` if it takes the general way.
    pub(crate) fn page(&mut self, page: &Page<'a>, page_chars: usize) -> Option<PageText> {
        let (width, height) = page.render_dimensions();
        let mut walk = Walk {
            fonts: &mut self.fonts,
            out: Collector::new(width, height, page_chars),
            state: State::new(page.initial_transform(true).to_kurbo()),
            saved: Vec::new(),
            path: BezPath::new(),
            depth: 0,
            clips: false,
        };
        walk.stream(page.operations(), page.resources()).ok()?;
        walk.annotations(page).ok()?;
        Some(hayro::laid_out(walk.out))
    }
}

/// Whether some layers are not shown as long as nobody asks for them.
fn hides_layers(catalog: &Dict<'_>) -> bool {
    let Some(layers) = catalog.get::<Dict<'_>>("OCProperties") else { return false };
    let Some(shown) = layers.get::<Dict<'_>>("D") else { return false };
    let off =
        |key| shown.get::<Array<'_>>(key).is_some_and(|list| list.raw_iter().next().is_some());
    off("OFF") || shown.get::<Name<'_>>("BaseState").as_deref() == Some(b"OFF")
}

/// One page on its way.
struct Walk<'w, 'a> {
    fonts: &'w mut Fonts<'a>,
    out: Collector,
    state: State<'a>,
    saved: Vec<State<'a>>,
    path: BezPath,
    depth: usize,
    /// The path at hand will clip.
    clips: bool,
}

impl<'a> Walk<'_, 'a> {
    fn stream(&mut self, mut instructions: UntypedIter<'_>, resources: &Resources<'a>) -> Done {
        let saved = self.saved.len();
        let (mut fonts, mut looks) = (NamedFonts::default(), NamedLooks::default());
        while let Some(instruction) = instructions.next() {
            match &**instruction.operator {
                b"Q" if self.saved.len() <= saved => return Err(NotPlain),
                b"Tf" => self.font(&instruction, resources, &mut fonts)?,
                b"Do" => self.object(name(&instruction)?, resources)?,
                b"gs" => self.look(&instruction, resources, &mut looks)?,
                operator @ (b"cs" | b"CS") => {
                    self.colour_space(operator, &instruction, resources, &mut looks)?;
                }
                b"BI" => self.inline_image(&instruction)?,
                b"BDC" => self.begin_marked(&instruction, resources)?,
                operator => self.operator(operator, &instruction)?,
            }
        }
        self.path.truncate(0);
        if let Some(first) = self.saved.drain(saved..).next() {
            self.state = first;
        }
        Ok(())
    }

    fn operator(&mut self, operator: &[u8], at: &Instruction<'_, '_>) -> Done {
        match operator {
            b"Tj" => self.show(string(at)?.as_bytes()),
            b"TJ" => self.show_all(at),
            b"'" => {
                self.state.next_line(0.0, f64::from(-self.state.leading));
                self.show(string(at)?.as_bytes())
            }
            b"\"" => self.show_with_spaces(at),
            b"q" | b"Q" | b"cm" => self.transform(operator, at),
            b"BT" | b"ET" | b"Tm" | b"Td" | b"TD" | b"T*" => self.place(operator, at),
            b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Ts" | b"Tr" => self.text_state(operator, at),
            b"m" | b"l" | b"c" | b"v" | b"y" | b"h" | b"re" => self.draw(operator, at),
            b"f" | b"F" | b"f*" | b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" | b"n" => {
                self.paint(operator);
                Ok(())
            }
            b"g" | b"G" | b"rg" | b"RG" | b"k" | b"K" | b"sc" | b"SC" | b"scn" | b"SCN" => {
                self.set_colour(operator, at)
            }
            b"w" => {
                [self.state.look.line_width] = numbers(at)?;
                Ok(())
            }
            b"W" | b"W*" => {
                self.clips = true;
                Ok(())
            }
            b"sh" => {
                self.out.scene.shade();
                Ok(())
            }
            b"BMC" => {
                self.out.begin_marked(None);
                Ok(())
            }
            b"EMC" => {
                self.out.end_marked();
                Ok(())
            }
            _ => is_of_no_import(operator).then_some(()).ok_or(NotPlain),
        }
    }

    fn transform(&mut self, operator: &[u8], at: &Instruction<'_, '_>) -> Done {
        match operator {
            b"q" if self.saved.len() >= MAX_SAVED => return Err(NotPlain),
            b"q" => self.saved.push(self.state.clone()),
            b"Q" => self.state = self.saved.pop().ok_or(NotPlain)?,
            _ => self.state.transform *= Affine::new(numbers(at)?),
        }
        Ok(())
    }
}

/// Operators that move and hide no word: line styles, compatibility, points of marked content.
fn is_of_no_import(operator: &[u8]) -> bool {
    const OPERATORS: [&[u8]; 10] =
        [b"J", b"j", b"M", b"d", b"i", b"ri", b"BX", b"EX", b"MP", b"DP"];
    OPERATORS.contains(&operator)
}
