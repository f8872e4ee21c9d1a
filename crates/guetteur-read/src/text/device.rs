//! The general way: what hayro's interpreter would paint is collected.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};
use hayro_syntax::object::Dict;

use super::glyphs::{Collector, Drawn, Form};
use super::ink::{Around, Blend, Ink, Tone};
use super::letter::{Run, Text, UNITS_PER_EM, told_width};
use super::outline::{Clip, is_rectangle};
use super::sight::Sight;

/// Collects what hayro's interpreter hands over for painting.
pub(super) struct Seen {
    pub(super) out: Collector,
    /// Codes of the run filled last, and where it starts: letters that are filled and then
    /// outlined come twice.
    filled: Option<(Vec<u32>, Affine)>,
    clips: Vec<Clip>,
    groups: Vec<Around>,
}

impl Seen {
    pub(super) fn new(out: Collector) -> Self {
        Self { out, filled: None, clips: Vec::new(), groups: Vec::new() }
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

    fn ink(&self, props: &DrawProps<'_>) -> Ink {
        let (tone, opacity, is_pattern) = match &props.paint {
            Paint::Color(colour) => {
                let [r, g, b, opacity] = colour.to_rgba().components();
                (Tone::of_rgb([r, g, b]), opacity, false)
            }
            Paint::Pattern(_) => (Tone::Middle, 1.0, true),
        };
        let has_holes = is_pattern || props.soft_mask.is_some();
        let ink = Ink { tone, opacity, blend: blend(props.blend_mode), has_holes };
        ink.within(self.around())
    }

    fn around(&self) -> Around {
        self.groups.last().copied().unwrap_or(Around::NOTHING)
    }

    fn clip(&self) -> Option<Clip> {
        self.clips.last().copied()
    }

    fn draw(&mut self, form: Form<'_>, props: &DrawProps<'_>, mode: &DrawMode) {
        let pen = match mode {
            DrawMode::Stroke(line) => Some(f64::from(line.line_width)),
            _ => None,
        };
        let drawn = Drawn { form, ink: self.ink(props), pen };
        self.out.shape(&drawn, props.transform, self.clip());
    }
}

fn blend(mode: BlendMode) -> Blend {
    match mode {
        BlendMode::Normal => Blend::Normal,
        BlendMode::Multiply | BlendMode::Darken | BlendMode::ColorBurn => Blend::Darkens,
        _ => Blend::Other,
    }
}

impl<'a> Device<'a> for Seen {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.draw(Form::Path(path), &props, mode);
    }

    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        self.draw(Form::Rect(*rect), &props, mode);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let bounds = clip.path.control_box();
        let exact = is_rectangle(clip.path.elements(), bounds);
        self.clips.push(Clip::within(self.clip(), bounds, exact));
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.clips.push(Clip::within(self.clip(), *rect, true));
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        mode: BlendMode,
    ) {
        self.groups.push(self.around().and(opacity, mask.is_some(), blend(mode)));
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let sight = match mode {
            DrawMode::Invisible => Sight::Unpainted,
            _ => self.ink(&props).sight(),
        };
        let first = run.glyphs().first();
        let codes = || run.glyphs().iter().map(|glyph| glyph.char_code()).collect();
        let painted = first.map(|first| (codes(), props.transform * first.transform()));
        if self.is_outline(painted, mode) {
            if sight == Sight::Seen {
                self.out.is_seen_after_all();
            }
            return;
        }
        self.out.begin_run();
        for glyph in run.glyphs() {
            let transform = props.transform * glyph.transform();
            let Some(run) = Run::of(transform * Affine::scale(UNITS_PER_EM), sight, self.clip())
            else {
                continue;
            };
            let origin = transform * Point::ORIGIN;
            self.out.show(&run, &Text::of(glyph.as_unicode()), width(glyph), origin);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let transform = props.transform * Affine::scale_non_uniform(width, height);
        let (is_raster, stream) = match &image {
            Image::Raster(raster) => (true, raster.stream()),
            Image::Stencil(stencil) => (false, stencil.stream()),
        };
        // Its opacity is that of a group around it.
        let paint =
            Ink { tone: Tone::Middle, opacity: 1.0, blend: Blend::Normal, has_holes: false };
        let opaque = is_raster && paint.within(self.around()).hides();
        self.out.image(transform, stream.dict(), opaque, self.clip());
    }

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        self.out.begin_marked(properties);
    }

    fn end_marked_content(&mut self) {
        self.out.end_marked();
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }
}

/// Width in thousandths of the font's size, if the font tells.
fn width(glyph: &Glyph<'_>) -> Option<f64> {
    told_width(match glyph {
        Glyph::Outline(glyph) => glyph.advance_width(),
        Glyph::Type3(glyph) => glyph.advance_width(),
    })
}
