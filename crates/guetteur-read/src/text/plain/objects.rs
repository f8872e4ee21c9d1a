//! What plain pages show besides their own text: images, forms, annotations, marked content.

use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::util::TransformExt;
use hayro_syntax::content::{Instruction, UntypedIter};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::{Done, NotPlain, State, Walk};

/// Forms in forms; beyond, the file is hostile.
const MAX_DEPTH: usize = 20;
/// Flags of annotations that are hidden or not viewed.
const NOT_SHOWN: u32 = 1 << 1 | 1 << 5;

impl<'a> Walk<'_, 'a> {
    pub(super) fn begin_marked(
        &mut self,
        at: &Instruction<'_, '_>,
        resources: &Resources<'a>,
    ) -> Done {
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

    pub(super) fn object(&mut self, name: &Name<'_>, resources: &Resources<'a>) -> Done {
        let stream = resources.get_x_object(name).ok_or(NotPlain)?;
        match stream.dict().get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Image") => self.image(stream.dict(), ["Width", "Height", "ImageMask"]),
            Some(b"Form") => self.form(&stream, resources),
            _ => Err(NotPlain),
        }
    }

    pub(super) fn inline_image(&mut self, at: &Instruction<'_, '_>) -> Done {
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
        let look = &self.state.look;
        let opaque = !is_stencil && look.image().hides();
        self.out.image(self.state.transform, dict, opaque, look.clip);
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
        if dict.contains_key("Group") {
            self.state.look.begin_group();
        }
        if let Some([x0, y0, x1, y1]) = dict.get::<[f64; 4]>("BBox") {
            let rect = Rect::from_points((x0, y0), (x1, y1));
            self.state.look.clip_to_rect(rect, self.state.transform);
        }
        self.path.truncate(0);
        self.depth += 1;
        self.stream(UntypedIter::new(&content), own.as_ref().unwrap_or(resources))?;
        self.depth -= 1;
        self.state = state;
        Ok(())
    }

    /// What stamps, filled fields and signatures look like; links have no look.
    pub(super) fn annotations(&mut self, page: &Page<'a>) -> Done {
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
