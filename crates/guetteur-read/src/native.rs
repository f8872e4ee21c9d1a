//! Pages whose size contradicts their pixels: a scan on a sheet of the size of a stamp, or of a
//! poster. The pixels tell how large the letters are.

use hayro_interpret::font::GlyphRun;
use hayro_interpret::kurbo::{BezPath, Rect};
use hayro_interpret::util::TransformExt;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, interpret_page,
};
use hayro_syntax::page::Page;

/// Longer sides of sheets that are printed on, in points: A5 to A3.
const SHEETS: std::ops::RangeInclusive<f32> = 560.0..=1_200.0;
/// Longer side of the picture of such a sheet, in pixels: A4 at 200 dpi and some more.
const PIXELS: f32 = 2_600.0;
/// How much finer than its pixels a picture is painted at most: 150 dpi as 200.
const FINER: f32 = 1.34;
/// Share of the page that a picture covers which tells its size.
const COVERS: f64 = 0.25;

/// Pixels a point: `wanted`, or what the pictures of a page of no ordinary size call for.
pub(crate) fn scale(page: &Page<'_>, wanted: f32, side_px: u32) -> f32 {
    let (width, height) = page.render_dimensions();
    let longer = width.max(height);
    if SHEETS.contains(&longer) {
        return wanted;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand pixels")]
    let most = PIXELS.min(side_px as f32) / longer;
    match pixels_a_point(page) {
        None => wanted,
        Some(native) if longer < *SHEETS.start() => {
            (FINER * native).clamp(wanted, most.max(wanted))
        }
        Some(native) => wanted.min((FINER * native).max(0.5 * most)),
    }
}

/// Of the finest picture that covers much of the page.
#[expect(clippy::cast_possible_truncation, reason = "a scale")]
fn pixels_a_point(page: &Page<'_>) -> Option<f32> {
    let (width, height) = page.render_dimensions();
    let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let cache = InterpreterCache::new();
    let transform = page.initial_transform(true).to_kurbo();
    let settings = InterpreterSettings::default();
    let mut context = Context::new(transform, area, &cache, page.xref(), settings);
    let mut pictures = Pictures { area: area.area(), finest: None };
    interpret_page(page, &mut context, &mut pictures);
    pictures.finest.map(|scale| scale as f32)
}

struct Pictures {
    area: f64,
    finest: Option<f64>,
}

impl<'a> Device<'a> for Pictures {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        // The transform takes a pixel to the page.
        let pixel = props.transform.determinant().abs();
        let pixels = f64::from(image.width()) * f64::from(image.height());
        if pixel > 0.0 && pixel * pixels >= COVERS * self.area {
            let scale = 1.0 / pixel.sqrt();
            self.finest = Some(self.finest.map_or(scale, |finest| finest.max(scale)));
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
