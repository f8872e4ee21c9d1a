//! The picture of a page that is one upright image and nothing else, as scanners make them: the
//! image's pixels brought to size. Painting the page gives the same at a greater cost.

use hayro_interpret::font::GlyphRun;
use hayro_interpret::kurbo::{BezPath, Point, Rect};
use hayro_interpret::util::TransformExt;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps,
    InterpreterCache, InterpreterSettings, LumaData, SoftMask, interpret_page,
};
use hayro_syntax::page::Page;
use pic_scale::{ImageSize, ImageStore, ImageStoreMut, ResamplingFunction, Scaler};

use crate::render::luma;

/// How far the image's edges may be from the page's, in points.
const EDGE: f64 = 0.5;

/// The page in grey at `width` × `height` pixels; `None` if it must be painted.
pub(crate) fn sole_image(page: &Page<'_>, width: usize, height: usize) -> Option<Vec<u8>> {
    let (right, bottom) = page.render_dimensions();
    let area = Rect::new(0.0, 0.0, f64::from(right), f64::from(bottom));
    let cache = InterpreterCache::new();
    let transform = page.initial_transform(true).to_kurbo();
    let settings = InterpreterSettings::default();
    let mut context = Context::new(transform, area, &cache, page.xref(), settings);
    let wanted = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    let mut seen = Seen { area, wanted, image: None, other: false };
    interpret_page(page, &mut context, &mut seen);
    let image = seen.image.filter(|_| !seen.other)?;
    resized(&image, width, height)
}

struct Grey {
    pixels: Vec<u8>,
    width: usize,
    height: usize,
}

/// What a page paints.
struct Seen {
    area: Rect,
    /// Pixels that are enough: some decoders leave out what is finer.
    wanted: (u32, u32),
    image: Option<Grey>,
    /// Something that is not one image that fills the page.
    other: bool,
}

impl Seen {
    fn fills_page(&self, image: &Image<'_, '_>, props: &ImageDrawProps<'_>) -> bool {
        let [a, b, c, d, ..] = props.transform.as_coeffs();
        let upright = a > 0.0 && d > 0.0 && b == 0.0 && c == 0.0;
        let far = Point::new(f64::from(image.width()), f64::from(image.height()));
        let (near, far) = (props.transform * Point::ZERO, props.transform * far);
        let edges = [
            near.x - self.area.x0,
            near.y - self.area.y0,
            far.x - self.area.x1,
            far.y - self.area.y1,
        ];
        upright && edges.iter().all(|apart| apart.abs() <= EDGE)
    }

    fn keep(&mut self, image: ImageData, alpha: Option<&LumaData>) {
        let side = |pixels: u32| usize::try_from(pixels).unwrap_or(usize::MAX);
        let (width, height) = (side(image.width()), side(image.height()));
        let pixels = match image {
            ImageData::Luma(grey) => grey.data,
            ImageData::Rgb(colours) => {
                colours.data.as_chunks::<3>().0.iter().map(|[r, g, b]| luma(*r, *g, *b)).collect()
            }
        };
        match alpha {
            None => self.image = Some(Grey { pixels, width, height }),
            Some(_) => self.other = true,
        }
    }
}

impl<'a> Device<'a> for Seen {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let plain = props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
        let alone = self.image.is_none() && !self.other;
        match &image {
            Image::Raster(raster) if plain && alone && self.fills_page(&image, &props) => {
                let wanted = Some(self.wanted);
                raster.with_rgba(|image, alpha| self.keep(image, alpha.as_ref()), wanted);
            }
            _ => self.other = true,
        }
    }

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, mode: &DrawMode) {
        // A hidden layer is not seen.
        self.other |= !matches!(mode, DrawMode::Invisible);
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.other = true;
    }

    // One that leaves the whole page open does not come here.
    fn push_clip_path(&mut self, _: &ClipPath) {
        self.other = true;
    }

    // One that changes nothing is around every image.
    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        mode: BlendMode,
    ) {
        self.other |= opacity < 1.0 || mask.is_some() || mode != BlendMode::Normal;
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

fn resized(image: &Grey, width: usize, height: usize) -> Option<Vec<u8>> {
    let mut out = vec![0; width.checked_mul(height)?];
    let source = ImageStore::<u8, 1>::from_slice(&image.pixels, image.width, image.height).ok()?;
    let mut target = ImageStoreMut::<u8, 1>::from_slice(&mut out, width, height).ok()?;
    let sizes = (ImageSize::new(image.width, image.height), ImageSize::new(width, height));
    // Between kernels that blur and such that ring around letters: it loses the fewest words.
    let kernel = ResamplingFunction::MitchellNetravalli;
    let plan = Scaler::new(kernel).plan_planar_resampling(sizes.0, sizes.1);
    plan.ok()?.resample(&source, &mut target).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use guetteur_testkit::pdf::{Codec, Font, PageSpec, PdfBuilder, ScanOptions};

    use super::*;
    use crate::text::HayroEngine;

    fn sheet() -> PageSpec {
        PageSpec::a4().text(70.0, 90.0, Font::Serif, 30.0, "Arrêté du préfet")
    }

    fn sole(pdf: PdfBuilder, width: usize, height: usize) -> Option<Vec<u8>> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("scan.pdf");
        std::fs::write(&file, pdf.build()).expect("written");
        let engine = HayroEngine::open(&file, 1_000).expect("opened");
        sole_image(engine.raw_page(1).expect("a page"), width, height)
    }

    #[test]
    fn a_scan_is_brought_to_size_as_it_is_painted() {
        for codec in [Codec::Jpeg, Codec::Grey, Codec::Bilevel] {
            let scan = ScanOptions { codec, ..ScanOptions::default() };
            let layer = ScanOptions { hidden_bad_ocr: true, ..scan.clone() };
            for scan in [scan, layer] {
                let found = sole(PdfBuilder::new().scanned(sheet(), scan), 595, 842);
                let found = found.expect("an image and nothing else");
                assert_eq!(found.len(), 595 * 842);
                let ink = |rows: std::ops::Range<usize>| {
                    found[rows.start * 595..rows.end * 595].iter().filter(|p| **p < 128).count()
                };
                assert!(ink(65..100) > 500 && ink(400..800) < 100, "the line is at its place");
            }
        }
    }

    #[test]
    fn what_is_more_than_an_image_is_painted() {
        let scan = ScanOptions::default;
        let stamped = PdfBuilder::new().scanned_under(sheet(), scan(), sheet());
        assert_eq!(sole(stamped, 595, 842), None, "words over the scan");
        assert_eq!(sole(PdfBuilder::new().page(sheet()), 595, 842), None, "words alone");
    }
}
