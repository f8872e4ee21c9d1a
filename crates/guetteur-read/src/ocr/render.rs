//! A page as a grey picture.

use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use hayro_interpret::InterpreterSettings;
use hayro_syntax::page::Page;

/// Dots per inch for OCR: 300 gains 0.3 points of the words and costs half the speed.
const DPI: f32 = 200.0;
const POINTS_PER_INCH: f32 = 72.0;
/// A pixel darker than this is ink.
const INK: u8 = 128;
/// Share of ink under which a page is blank: a speck, a punched hole.
const BLANK: f64 = 0.0004;

/// A grey picture, one byte a pixel, rows from the top.
pub(super) struct Picture {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) grey: Vec<u8>,
    /// Pixels a point.
    pub(super) scale: f32,
}

impl Picture {
    /// Renders a page at 200 dpi, or less if a side would be longer than `side_px`.
    pub(super) fn of(page: &Page<'_>, side_px: u32) -> Self {
        let (width, height) = page.render_dimensions();
        #[expect(clippy::cast_precision_loss, reason = "a few thousand pixels")]
        let largest = side_px.min(16_000) as f32 / width.max(height);
        let scale = (DPI / POINTS_PER_INCH).min(largest);
        let pixmap = hayro::render(
            page,
            &RenderCache::new(),
            &InterpreterSettings::default(),
            &RenderSettings::default(),
            &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
        );
        let grey = pixmap.data_as_u8_slice().chunks_exact(4).map(|p| luma(p[0], p[1], p[2]));
        Self {
            width: usize::from(pixmap.width()),
            height: usize::from(pixmap.height()),
            grey: grey.collect(),
            scale,
        }
    }

    /// True if there is next to no ink.
    #[expect(clippy::cast_precision_loss, reason = "a share of some million pixels")]
    pub(super) fn is_blank(&self) -> bool {
        let ink = self.grey.iter().filter(|p| **p < INK).count();
        (ink as f64) < BLANK * self.grey.len() as f64
    }

    /// Dots per inch, for tesseract.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "70 to 200")]
    pub(super) fn dpi(&self) -> u32 {
        (self.scale * POINTS_PER_INCH).round().max(70.0) as u32
    }

    /// As a binary PGM, which tesseract reads without any decoding.
    pub(super) fn pgm(&self) -> Vec<u8> {
        let mut out = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        out.extend_from_slice(&self.grey);
        out
    }
}

/// Rec. 601 weights in 1/256.
fn luma(r: u8, g: u8, b: u8) -> u8 {
    let sum = 77 * u32::from(r) + 150 * u32::from(g) + 29 * u32::from(b);
    u8::try_from(sum >> 8).unwrap_or(u8::MAX)
}
