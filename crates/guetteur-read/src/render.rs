//! A page as a picture: grey for OCR, in colour for eyes.

use std::path::Path;
use std::process::{Command, Stdio};

use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use hayro_interpret::InterpreterSettings;
use hayro_syntax::page::Page;
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter};

use crate::native;
use crate::sole_image::sole_image;

/// Dots per inch for OCR: 300 gains 0.3 points of the words and costs half the speed.
pub(crate) const DPI: f32 = 200.0;
const POINTS_PER_INCH: f32 = 72.0;
/// How pages are painted for OCR. A scan coarser than the picture is blown up smoothly: the steps of
/// repeated pixels make other letters. Letters are not bent to the pixels as eyes like them.
const FOR_OCR: RenderSettings = RenderSettings {
    force_image_interpolation: true,
    hinting: false,
    glyph_caching: true,
    aliasing_threshold: None,
};

/// A grey picture, one byte a pixel, rows from the top.
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) grey: Vec<u8>,
    /// Pixels a point.
    pub(crate) scale: f32,
}

impl Picture {
    /// Renders a page at `dpi`, or less if a side would be longer than `side_px`.
    pub(crate) fn of(page: &Page<'_>, dpi: f32, side_px: u32) -> Self {
        let scale = native::scale(page, scale(page, dpi, side_px), side_px);
        let (width, height) = pixels(page, scale);
        if let Some(grey) = sole_image(page, width, height) {
            return Self { width, height, grey, scale };
        }
        let pixmap = paint(page, scale, &FOR_OCR);
        let (pixels, _) = pixmap.data_as_u8_slice().as_chunks::<4>();
        let grey = pixels.iter().map(|[r, g, b, _]| luma(*r, *g, *b));
        Self {
            width: usize::from(pixmap.width()),
            height: usize::from(pixmap.height()),
            grey: grey.collect(),
            scale,
        }
    }

    /// The part within these bounds (left, top, right, bottom, in points), and where it begins, in
    /// pixels.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "pixels of a page"
    )]
    pub(crate) fn part(&self, bounds: [f32; 4]) -> (Self, [f32; 2]) {
        let pixel = |side: f32, most: usize| ((side * self.scale).max(0.0) as usize).min(most);
        let [x0, y0, x1, y1] = bounds;
        let columns = pixel(x0, self.width)..pixel(x1, self.width);
        let rows = pixel(y0, self.height)..pixel(y1, self.height);
        let row = |y| &self.grey[y * self.width + columns.start..y * self.width + columns.end];
        let grey = rows.clone().flat_map(|y| row(y).iter().copied()).collect();
        let corner = [columns.start as f32, rows.start as f32];
        let (width, height) = (columns.len(), rows.len());
        (Self { width, height, grey, scale: self.scale }, corner)
    }

    /// As PNG: a quarter of the bytes, which tesseract reads one by one from a pipe.
    pub(crate) fn png(&self) -> Result<Vec<u8>, EncodingError> {
        let side = |pixels: usize| u32::try_from(pixels).unwrap_or(u32::MAX);
        encode(side(self.width), side(self.height), ColorType::Grayscale, &self.grey)
    }

    /// Renders a page by poppler's `pdftoppm`, for files that hayro does not open.
    pub(crate) fn by_poppler(file: &Path, number: u32, dpi: f32) -> Result<Self, String> {
        let number = number.to_string();
        let output = Command::new("pdftoppm")
            .args(["-gray", "-r", &dpi.to_string(), "-f", &number, "-l", &number])
            .arg(file)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .map_err(|e| format!("rendu impossible : pdftoppm : {e}"))?;
        Self::from_pgm(&output.stdout, dpi / POINTS_PER_INCH)
            .ok_or_else(|| "rendu impossible par pdftoppm".to_owned())
    }

    fn from_pgm(bytes: &[u8], scale: f32) -> Option<Self> {
        // « P5 width height 255 », separated by single blanks, as pdftoppm writes it.
        let mut parts = bytes.splitn(5, |b| b.is_ascii_whitespace());
        let magic = parts.next()?;
        let mut number = || std::str::from_utf8(parts.next()?).ok()?.parse::<usize>().ok();
        let (width, height, depth) = (number()?, number()?, number()?);
        let grey = parts.next()?.to_vec();
        let fits = width.checked_mul(height) == Some(grey.len());
        (magic == b"P5" && depth == 255 && fits).then_some(Self { width, height, grey, scale })
    }

    /// Dots per inch, for the size of letters: what sheets are made for, where a page says another
    /// size than its picture can have.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "100 to 300")]
    pub(crate) fn dpi(&self) -> u32 {
        (self.scale * POINTS_PER_INCH).round().clamp(100.0, 300.0) as u32
    }
}

/// Pixels a point at `dpi`, or less if a side would be longer than `side_px`.
#[expect(clippy::cast_precision_loss, reason = "a few thousand pixels")]
fn scale(page: &Page<'_>, dpi: f32, side_px: u32) -> f32 {
    let (width, height) = page.render_dimensions();
    let largest = side_px.min(16_000) as f32 / width.max(height);
    (dpi / POINTS_PER_INCH).min(largest)
}

/// A page's sides in whole pixels, as they are painted.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 16,000")]
fn pixels(page: &Page<'_>, scale: f32) -> (usize, usize) {
    let (width, height) = page.render_dimensions();
    ((width * scale) as usize, (height * scale) as usize)
}

fn paint(page: &Page<'_>, scale: f32, how: &RenderSettings) -> Pixmap {
    hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        how,
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    )
}

/// A page in colour as PNG; grey where it has no colours, which is a third of the size.
pub(crate) fn png(page: &Page<'_>, dpi: f32, side_px: u32) -> Result<Vec<u8>, EncodingError> {
    let pixmap = paint(page, scale(page, dpi, side_px), &RenderSettings::default());
    let (width, height) = (pixmap.width().into(), pixmap.height().into());
    let pixels = || pixmap.data_as_u8_slice().chunks_exact(4);
    if pixels().all(|p| p[0] == p[1] && p[1] == p[2]) {
        let grey: Vec<u8> = pixels().map(|p| p[0]).collect();
        encode(width, height, ColorType::Grayscale, &grey)
    } else {
        let colours: Vec<u8> = pixels().flat_map(|p| [p[0], p[1], p[2]]).collect();
        encode(width, height, ColorType::Rgb, &colours)
    }
}

fn encode(
    width: u32,
    height: u32,
    colours: ColorType,
    pixels: &[u8],
) -> Result<Vec<u8>, EncodingError> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, width, height);
    encoder.set_color(colours);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    // The best one for each row saves a tenth of the bytes and costs twice the time.
    encoder.set_filter(Filter::Up);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(out)
}

/// Rec. 601 weights in 1/256.
pub(crate) fn luma(r: u8, g: u8, b: u8) -> u8 {
    let sum = 77 * u32::from(r) + 150 * u32::from(g) + 29 * u32::from(b);
    // The weights make 256 together: eight bits remain.
    (sum >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::HayroEngine;

    #[test]
    fn a_pgm_is_read_and_a_broken_one_refused() {
        let picture = Picture::from_pgm(b"P5\n2 3\n255\n\x00\x0A\x0D\x20\xC8\xFF", 1.0);
        let picture = picture.expect("a picture");
        assert_eq!((picture.width, picture.height), (2, 3));
        assert_eq!(picture.grey, [0, 10, 13, 32, 200, 255]);
        assert!(Picture::from_pgm(b"P5\n2 3\n255\nshort", 1.0).is_none());
    }

    #[test]
    fn a_coarse_scan_is_blown_up_smoothly_for_ocr() {
        use guetteur_testkit::pdf::{Codec, Font, PageSpec, PdfBuilder, ScanOptions};
        let page = PageSpec::a4().text(70.0, 90.0, Font::Serif, 60.0, "Arrêté");
        let scan = ScanOptions {
            dpi: 50,
            skew_degrees: 0.0,
            noise: 0,
            specks: 0,
            codec: Codec::Bilevel,
            ..ScanOptions::default()
        };
        let file = written(&PdfBuilder::new().scanned(page, scan).build());
        let engine = HayroEngine::open(file.path(), 1_000).expect("opened");
        let picture = Picture::of(engine.raw_page(1).expect("a page"), DPI, 3_500);
        let between = picture.grey.iter().filter(|p| (64..192).contains(*p)).count();
        assert!(between > 1_000, "{between} grey pixels at the edges of black letters");
    }

    fn written(pdf: &[u8]) -> tempfile::NamedTempFile {
        use std::io::Write;
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(pdf).expect("written");
        file
    }

    #[test]
    fn poppler_renders_what_hayro_does_not_open() {
        use guetteur_testkit::pdf::{Font, PageSpec, PdfBuilder};
        let page = PageSpec::a4().text(70.0, 90.0, Font::Sans, 12.0, "Arrêté du préfet");
        let file = written(&PdfBuilder::new().page(page).build());
        let picture =
            Picture::by_poppler(file.path(), 1, DPI).expect("poppler-utils are installed");
        assert_eq!((picture.width, picture.height), (1653, 2339));
        assert!(picture.grey.iter().any(|tone| *tone < 128));
        assert!(Picture::by_poppler(file.path(), 2, DPI).is_err());
    }
}
