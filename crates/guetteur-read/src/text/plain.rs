//! The short way: pages of plain text, as nearly all bulletins are.
//!
//! Hayro's interpreter prepares for each glyph what painting needs: three quarters of its time are
//! lost on a reader of words. This walk over the same instructions asks each font once a code and
//! follows nothing but places. Whatever it does not know for sure (glyphs that are drawings, text
//! that runs downwards, hidden layers, operators out of place) sends the whole page the general way, by [`super::hayro`]; both fill the
//! same [`Collector`], and the tests hold them to the same words.

use std::rc::Rc;

use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Vec2};
use hayro_interpret::util::TransformExt;
use hayro_syntax::content::{Instruction, UntypedIter};
use hayro_syntax::object::{self, Array, Dict, Name, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::fonts::{Fonts, PlainFont};
use super::glyphs::{Collector, Run};
use super::{PageText, hayro};

/// Forms in forms; beyond, the file is hostile.
const MAX_DEPTH: usize = 20;
/// Saved states; beyond, the file is hostile.
const MAX_SAVED: usize = 200;
/// Flags of annotations that are hidden or not viewed.
const NOT_SHOWN: u32 = 1 << 1 | 1 << 5;
/// Fonts are measured in thousandths of their size.
const UNITS_PER_EM: f32 = 1000.0;

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

/// What `q` saves and `Q` restores. Sizes and spaces are single precision, as the engine has them.
#[derive(Clone)]
struct State<'a> {
    transform: Affine,
    font: Option<Rc<PlainFont<'a>>>,
    size: f32,
    char_space: f32,
    word_space: f32,
    /// 1 is the font's own width.
    scaling: f32,
    leading: f32,
    rise: f32,
    hidden: bool,
    text: Affine,
    line: Affine,
}

impl State<'_> {
    fn new(transform: Affine) -> Self {
        Self {
            transform,
            font: None,
            size: 1.0,
            char_space: 0.0,
            word_space: 0.0,
            scaling: 1.0,
            leading: 0.0,
            rise: 0.0,
            hidden: false,
            text: Affine::IDENTITY,
            line: Affine::IDENTITY,
        }
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line *= Affine::translate((x, y));
        self.text = self.line;
    }

    fn advance(&mut self, by: f32) {
        self.text *= Affine::translate((f64::from(by * self.scaling), 0.0));
    }
}

/// One page on its way.
struct Walk<'w, 'a> {
    fonts: &'w mut Fonts<'a>,
    out: Collector,
    state: State<'a>,
    saved: Vec<State<'a>>,
    path: BezPath,
    depth: usize,
}

impl<'a> Walk<'_, 'a> {
    fn stream(&mut self, mut instructions: UntypedIter<'_>, resources: &Resources<'a>) -> Done {
        let saved = self.saved.len();
        let mut fonts = NamedFonts::default();
        while let Some(instruction) = instructions.next() {
            match &**instruction.operator {
                b"Q" if self.saved.len() <= saved => return Err(NotPlain),
                b"Tf" => self.font(&instruction, resources, &mut fonts)?,
                b"Do" => self.object(name(&instruction)?, resources)?,
                b"gs" => sets_no_font(name(&instruction)?, resources)?,
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

    fn place(&mut self, operator: &[u8], at: &Instruction<'_, '_>) -> Done {
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

    fn text_state(&mut self, operator: &[u8], at: &Instruction<'_, '_>) -> Done {
        let [value] = numbers(at)?;
        let state = &mut self.state;
        match operator {
            b"Tc" => state.char_space = single(value),
            b"Tw" => state.word_space = single(value),
            b"Tz" => state.scaling = single(value) / 100.0,
            b"TL" => state.leading = single(value),
            b"Ts" => state.rise = single(value),
            // 3 paints nothing, 7 does nothing but clip.
            _ => state.hidden = value == 3.0 || value == 7.0,
        }
        Ok(())
    }

    fn font(
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

    fn show_all(&mut self, at: &Instruction<'_, '_>) -> Done {
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

    fn show_with_spaces(&mut self, at: &Instruction<'_, '_>) -> Done {
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

    fn show(&mut self, bytes: &[u8]) -> Done {
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
        let State { transform, text, size, scaling, hidden, .. } = self.state;
        let em = Affine::scale_non_uniform(f64::from(size * scaling), f64::from(size));
        Run::of(transform * text * em, hidden)
    }

    fn begin_marked(&mut self, at: &Instruction<'_, '_>, resources: &Resources<'a>) -> Done {
        match at.operands().last() {
            Some(Object::Name(name)) => {
                let properties = resources.properties.get::<Dict<'_>>(name);
                self.out.begin_marked(properties.as_ref());
            }
            Some(Object::Dict(properties)) => self.out.begin_marked(Some(properties)),
            _ => return Err(NotPlain),
        }
        Ok(())
    }

    fn object(&mut self, name: &Name<'_>, resources: &Resources<'a>) -> Done {
        let stream = resources.get_x_object(name).ok_or(NotPlain)?;
        match stream.dict().get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Image") => self.image(stream.dict(), ["Width", "Height", "ImageMask"]),
            Some(b"Form") => self.form(&stream, resources),
            _ => Err(NotPlain),
        }
    }

    fn inline_image(&mut self, at: &Instruction<'_, '_>) -> Done {
        match at.operands().last() {
            Some(Object::Stream(image)) => self.image(image.dict(), ["W", "H", "IM"]),
            _ => Err(NotPlain),
        }
    }

    /// The keys tell width, height, and whether the image is a mask for paint.
    fn image(&mut self, dict: &Dict<'_>, [width, height, mask]: [&str; 3]) -> Done {
        let side = |key| dict.get::<u32>(key).is_some_and(|side| side > 0);
        if !side(width) || !side(height) {
            return Err(NotPlain);
        }
        let is_stencil = dict.get::<bool>(mask).unwrap_or(false);
        self.out.image(self.state.transform, !is_stencil, dict);
        Ok(())
    }

    fn form(&mut self, stream: &Stream<'a>, resources: &Resources<'a>) -> Done {
        let dict = stream.dict();
        let content = stream.decoded_data().map_err(|_| NotPlain)?;
        if self.depth >= MAX_DEPTH || !dict.contains_key("BBox") {
            return Err(NotPlain);
        }
        let own = dict.get::<Dict<'_>>("Resources").map(Resources::new);
        let state = self.state.clone();
        if let Some(matrix) = dict.get::<[f64; 6]>("Matrix") {
            self.state.transform *= Affine::new(matrix);
        }
        self.path.truncate(0);
        self.depth += 1;
        self.stream(UntypedIter::new(&content), own.as_ref().unwrap_or(resources))?;
        self.depth -= 1;
        self.state = state;
        Ok(())
    }

    /// What stamps, filled fields and signatures look like; links have no look.
    fn annotations(&mut self, page: &Page<'a>) -> Done {
        let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { return Ok(()) };
        for annotation in annotations.iter::<Dict<'_>>() {
            let hidden = annotation.get::<u32>("F").unwrap_or(0) & NOT_SHOWN != 0;
            let Some(look) = look(&annotation).filter(|_| !hidden) else { continue };
            let state = self.state.clone();
            self.state = State::new(page.initial_transform(true).to_kurbo());
            self.state.transform *= placed(&annotation, look.dict()).ok_or(NotPlain)?;
            self.form(&look, page.resources())?;
            self.state = state;
        }
        Ok(())
    }

    fn draw(&mut self, operator: &[u8], at: &Instruction<'_, '_>) -> Done {
        let path = &mut self.path;
        match operator {
            b"m" => {
                let [x, y] = numbers(at)?;
                path.move_to((x, y));
            }
            b"re" => {
                let [x, y, width, height] = numbers(at)?;
                path.move_to((x, y));
                path.line_to((x + width, y));
                path.line_to((x + width, y + height));
                path.line_to((x, y + height));
                path.close_path();
            }
            // The others go on from a point.
            _ if path.elements().is_empty() => return Err(NotPlain),
            b"h" => close(path),
            b"l" => {
                let [x, y] = numbers(at)?;
                path.line_to((x, y));
            }
            b"c" => {
                let [ax, ay, bx, by, x, y] = numbers(at)?;
                path.curve_to((ax, ay), (bx, by), (x, y));
            }
            // One corner of these two is a point of the curve: nothing but the corners counts here.
            _ => {
                let [ax, ay, x, y] = numbers(at)?;
                path.quad_to((ax, ay), (x, y));
            }
        }
        Ok(())
    }

    fn paint(&mut self, operator: &[u8]) {
        if !self.path.elements().is_empty() {
            if matches!(operator, b"s" | b"b" | b"b*") {
                close(&mut self.path);
            }
            let times = match operator {
                b"n" => 0,
                b"B" | b"B*" | b"b" | b"b*" => 2,
                _ => 1,
            };
            let bounds = self.path.control_box();
            let shape = self.state.transform.transform_rect_bbox(bounds);
            let elements = self.path.elements();
            for _ in 0..times {
                self.out.shape(shape, elements.len(), is_rectangle(elements, bounds));
            }
        }
        self.path.truncate(0);
    }
}

/// The form that shows an annotation.
fn look<'a>(annotation: &Dict<'a>) -> Option<Stream<'a>> {
    match annotation.get::<Dict<'_>>("AP")?.get::<Object<'_>>("N")? {
        Object::Stream(look) => Some(look),
        Object::Dict(states) => states.get::<Stream<'_>>(annotation.get::<Name<'_>>("AS")?),
        _ => None,
    }
}

/// Where an annotation's form stands (ISO 32000-2, 12.5.5): its box, turned by its own matrix,
/// fills the annotation's rectangle.
fn placed(annotation: &Dict<'_>, look: &Dict<'_>) -> Option<Affine> {
    let rect = |dict: &Dict<'_>, key| {
        let [x0, y0, x1, y1] = dict.get::<[f64; 4]>(key)?;
        Some(Rect::from_points((x0, y0), (x1, y1)))
    };
    let matrix = look.get::<[f64; 6]>("Matrix").map_or(Affine::IDENTITY, Affine::new);
    let (from, to) = (matrix.transform_rect_bbox(rect(look, "BBox")?), rect(annotation, "Rect")?);
    let (x, y) = (to.width() / from.width(), to.height() / from.height());
    let moved = (to.x0 - x * from.x0, to.y0 - y * from.y0);
    (x.is_finite() && y.is_finite()).then(|| Affine::new([x, 0.0, 0.0, y, moved.0, moved.1]))
}

fn close(path: &mut BezPath) {
    if path.elements().last() != Some(&PathEl::ClosePath) {
        path.close_path();
    }
}

/// A closed path of four sides along the axes.
fn is_rectangle(elements: &[PathEl], bounds: Rect) -> bool {
    use PathEl::{ClosePath, LineTo, MoveTo};
    let [MoveTo(a), LineTo(b), LineTo(c), LineTo(d), last] = elements else { return false };
    let closed = match last {
        ClosePath => true,
        LineTo(end) => end == a,
        _ => false,
    };
    let level = |p: &Point, q: &Point| p.y == q.y && p.x != q.x;
    let upright = |p: &Point, q: &Point| p.x == q.x && p.y != q.y;
    let round = |one: &dyn Fn(&Point, &Point) -> bool, other: &dyn Fn(&Point, &Point) -> bool| {
        one(a, b) && other(b, c) && one(c, d) && other(d, a)
    };
    closed && bounds.is_finite() && (round(&level, &upright) || round(&upright, &level))
}

/// Operators that move no word: colours, gradients, line styles, clips, compatibility, points of
/// marked content.
fn is_of_no_import(operator: &[u8]) -> bool {
    const COLOURS: [&[u8]; 12] =
        [b"g", b"G", b"rg", b"RG", b"k", b"K", b"cs", b"CS", b"sc", b"SC", b"scn", b"SCN"];
    const OTHERS: [&[u8]; 12] =
        [b"w", b"J", b"j", b"M", b"d", b"i", b"ri", b"W", b"W*", b"BX", b"EX", b"MP"];
    COLOURS.contains(&operator)
        || OTHERS.contains(&operator)
        || operator == b"DP"
        || operator == b"sh"
}

/// A graphics state may set the font too; nobody does.
fn sets_no_font(name: &Name<'_>, resources: &Resources<'_>) -> Done {
    let state = resources.get_ext_g_state(name);
    if state.is_some_and(|state| state.contains_key("Font")) { Err(NotPlain) } else { Ok(()) }
}

/// The fonts that one content stream has asked for.
#[derive(Default)]
struct NamedFonts<'a>(Vec<(Vec<u8>, Rc<PlainFont<'a>>)>);

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

/// The one operand.
fn only<'b, 'a>(at: &Instruction<'b, 'a>) -> Option<&'b Object<'a>> {
    let mut operands = at.operands();
    operands.next().filter(|_| operands.next().is_none())
}

fn string<'b, 'a>(at: &Instruction<'b, 'a>) -> Result<&'b object::String<'a>, NotPlain> {
    match only(at) {
        Some(Object::String(text)) => Ok(text),
        _ => Err(NotPlain),
    }
}

fn name<'b, 'a>(at: &Instruction<'b, 'a>) -> Result<&'b Name<'a>, NotPlain> {
    match only(at) {
        Some(Object::Name(name)) => Ok(name),
        _ => Err(NotPlain),
    }
}

/// All operands, if they are so many numbers.
fn numbers<const N: usize>(at: &Instruction<'_, '_>) -> Result<[f64; N], NotPlain> {
    let mut operands = at.operands();
    let mut numbers = [0.0; N];
    for number in &mut numbers {
        let Some(Object::Number(operand)) = operands.next() else { return Err(NotPlain) };
        *number = operand.as_f64();
    }
    if operands.next().is_none() { Ok(numbers) } else { Err(NotPlain) }
}

#[expect(clippy::cast_possible_truncation, reason = "sizes and spaces in points")]
fn single(value: f64) -> f32 {
    value as f32
}
