//! The general way: what hayro's interpreter would paint is collected.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro_syntax::object::Dict;

use super::glyphs::{Collector, Run, Text, UNITS_PER_EM, told_width};

/// Elements of a path that takes the place of a rectangle.
const RECTANGLE: usize = 5;

/// Collects what hayro's interpreter hands over for painting.
pub(super) struct Seen {
    pub(super) out: Collector,
    /// Codes of the run filled last, and where it starts: letters that are filled and then
    /// outlined come twice.
    filled: Option<(Vec<u32>, Affine)>,
}

impl Seen {
    pub(super) fn new(out: Collector) -> Self {
        Self { out, filled: None }
    }

    /// Whether this outlines what was filled just before.
    fn is_outline(&mut self, run: Option<(Vec<u32>, Affine)>, mode: &DrawMode) -> bool {
        match mode {
            DrawMode::Fill(_) => self.filled = run,
            DrawMode::Stroke(_) => return self.filled.take().is_some_and(|it| Some(it) == run),
            DrawMode::FillAndStroke(..) | DrawMode::Invisible => self.filled = None,
        }
        false
    }
}

impl<'a> Device<'a> for Seen {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, _: &DrawMode) {
        let bounds = props.transform.transform_rect_bbox(path.control_box());
        self.out.shape(bounds, path.elements().len(), false);
    }

    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, _: &DrawMode) {
        self.out.shape(props.transform.transform_rect_bbox(*rect), RECTANGLE, true);
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_clip_rect(&mut self, _: &Rect) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let hidden = matches!(mode, DrawMode::Invisible);
        let first = run.glyphs().first();
        let codes = || run.glyphs().iter().map(|glyph| glyph.char_code()).collect();
        let painted = first.map(|first| (codes(), props.transform * first.transform()));
        if self.is_outline(painted, mode) {
            return;
        }
        for glyph in run.glyphs() {
            let transform = props.transform * glyph.transform();
            let Some(run) = Run::of(transform * Affine::scale(UNITS_PER_EM), hidden) else {
                continue;
            };
            let origin = transform * Point::ORIGIN;
            self.out.show(&run, &Text::of(glyph.as_unicode()), width(glyph), origin);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let transform = props.transform * Affine::scale_non_uniform(width, height);
        match &image {
            Image::Raster(raster) => self.out.image(transform, true, raster.stream().dict()),
            Image::Stencil(stencil) => self.out.image(transform, false, stencil.stream().dict()),
        }
    }

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        self.out.begin_marked(properties);
    }

    fn end_marked_content(&mut self) {
        self.out.end_marked();
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

/// Width in thousandths of the font's size, if the font tells.
fn width(glyph: &Glyph<'_>) -> Option<f64> {
    told_width(match glyph {
        Glyph::Outline(glyph) => glyph.advance_width(),
        Glyph::Type3(glyph) => glyph.advance_width(),
    })
}
