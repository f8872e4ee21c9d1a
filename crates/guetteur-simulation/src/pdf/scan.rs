//! Born-digital pages turned into what a scanner delivers.

use super::PdfError;
use super::damage::bad_ocr;
use super::document::PdfBuilder;
use super::page::{PageSpec, Rotation, TextRun};
use super::raster::{Picture, pictures};

/// How a scan's pixels are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Codec {
    /// Grey JPEG (`DCTDecode`), as copiers do.
    #[default]
    Jpeg,
    /// Grey, lossless (`FlateDecode`).
    Grey,
    /// Black and white, lossless: fax-like, small.
    Bilevel,
}

/// What the scanner does to a page.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanOptions {
    /// Dots per inch of the image.
    pub dpi: u16,
    /// Seed of noise and specks.
    pub seed: u64,
    /// Clockwise turn of the sheet on the glass, in degrees.
    pub skew_degrees: f32,
    /// Largest darkening of a pixel by noise, 0 for none.
    pub noise: u8,
    /// Number of black specks.
    pub specks: u32,
    /// Smears each row a little.
    pub blur: bool,
    /// Packing.
    pub codec: Codec,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
    /// Quarter turns clockwise of the sheet on its way through: 1 lies, 2 stands on its head. The
    /// image is turned, without `/Rotate`.
    pub quarter_turns: u8,
    /// Adds an invisible layer of badly recognised text (text render mode 3).
    pub hidden_bad_ocr: bool,
}

impl Default for ScanOptions {
    /// A decent office scan: 150 dpi grey JPEG, slightly skewed, a few specks.
    fn default() -> Self {
        Self {
            dpi: 150,
            seed: 1,
            skew_degrees: 0.3,
            noise: 12,
            specks: 12,
            blur: false,
            codec: Codec::Jpeg,
            quality: 50,
            quarter_turns: 0,
            hidden_bad_ocr: false,
        }
    }
}

impl ScanOptions {
    /// A tired copier: skewed, smeared, noisy, specked.
    #[must_use]
    pub fn poor(seed: u64) -> Self {
        Self {
            seed,
            skew_degrees: -0.9,
            noise: 60,
            specks: 150,
            blur: true,
            quality: 35,
            ..Self::default()
        }
    }

    /// A black-and-white scan.
    #[must_use]
    pub fn fax(seed: u64) -> Self {
        Self { seed, dpi: 200, codec: Codec::Bilevel, specks: 40, ..Self::default() }
    }
}

/// Scans every page of a PDF: the result has images and no text.
///
/// `hidden_bad_ocr` needs the words and is ignored here: use [`PdfBuilder::scanned`] for it.
///
/// # Errors
/// When hayro cannot open `bytes`.
pub fn scan(bytes: &[u8], options: &ScanOptions) -> Result<Vec<u8>, PdfError> {
    let builder = pictures(bytes, options)?.into_iter().fold(
        PdfBuilder::new(),
        |builder, (width, height, picture)| {
            builder.picture(picture, PageSpec { width, height, ..PageSpec::a4() })
        },
    );
    Ok(builder.build())
}

/// The image of `under`, and the page of marks to lay over it.
pub(super) fn scan_page(
    under: PageSpec,
    options: &ScanOptions,
    over: PageSpec,
) -> (Picture, PageSpec) {
    let hidden = options.hidden_bad_ocr.then(|| hidden_layer(&under, options.seed));
    // The scanner sees the page as it shows: upright and without its fonts' encoding.
    let upright = PageSpec { rotation: Rotation::None, garble: None, ..under };
    let bytes = PdfBuilder::new().page(upright).build();
    let (width, height, picture) = pictures(&bytes, options)
        .ok()
        .and_then(|mut pages| pages.pop())
        .expect("a page that this module has just written opens in hayro");
    let mut over = PageSpec { width, height, ..over };
    if let Some(runs) = hidden {
        over.runs.splice(0..0, runs);
    }
    (picture, over)
}

fn hidden_layer(page: &PageSpec, seed: u64) -> Vec<TextRun> {
    let lines = page.runs.iter().filter(|run| !run.hidden).enumerate();
    lines
        .map(|(i, run)| TextRun {
            hidden: true,
            text: bad_ocr(&run.text, seed ^ i as u64),
            ..run.clone()
        })
        .collect()
}
