//! Pictures of pages, and the words' boxes upon them.

use guetteur_model::Method;
use guetteur_read::{PageWords, ReadError, Reader, WordBox};
use guetteur_testkit::pdf::{PageSpec, PdfBuilder, Rotation, ScanOptions};

use crate::support::{act, on_disk, options, read};

const DPI: u32 = 100;

fn page() -> PageSpec {
    act(3).remove(0)
}

/// A decoded picture: grey, from the upper left corner.
struct Grey {
    width: usize,
    pixels: Vec<u8>,
}

fn decode(png: &[u8]) -> Grey {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("of a size")];
    let info = reader.next_frame(&mut pixels).expect("a picture");
    let samples = info.color_type.samples();
    let pixels = pixels.chunks_exact(samples).map(|p| p[0]).collect();
    Grey { width: info.width as usize, pixels }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels")]
fn is_inside(words: &[WordBox], x: usize, y: usize) -> bool {
    let pixel = |points: f32| (points * DPI as f32 / 72.0).max(0.0) as usize;
    words.iter().any(|word| {
        let [x0, y0, x1, y1] = word.bounds.map(pixel);
        (x0.saturating_sub(2)..=x1 + 2).contains(&x) && (y0.saturating_sub(2)..=y1 + 2).contains(&y)
    })
}

/// Share of the ink that lies in the boxes, and share of the boxes that hold ink.
fn agreement(picture: &Grey, words: &[WordBox]) -> (f64, f64) {
    let dark = picture.pixels.iter().enumerate().filter(|(_, tone)| **tone < 110);
    let dark: Vec<(usize, usize)> =
        dark.map(|(i, _)| (i % picture.width, i / picture.width)).collect();
    let inside = dark.iter().filter(|(x, y)| is_inside(words, *x, *y)).count();
    let inked = words
        .iter()
        .filter(|word| dark.iter().any(|(x, y)| is_inside(std::slice::from_ref(word), *x, *y)))
        .count();
    (inside as f64 / dark.len() as f64, inked as f64 / words.len() as f64)
}

#[tokio::test]
async fn the_boxes_lie_on_the_words_whichever_way_they_were_read() {
    let scan = |quarter_turns, skew| ScanOptions {
        quarter_turns,
        skew_degrees: skew,
        specks: 0,
        ..ScanOptions::default()
    };
    let bytes = PdfBuilder::new()
        .page(page())
        .page(page().rotated(Rotation::Quarter))
        .scanned(page(), scan(0, 0.0))
        .scanned(page(), scan(1, 0.0))
        .build();
    let file = on_disk(&bytes);
    let reader = Reader::new(options());
    for read in read(&bytes, options()).await.pages {
        let (number, method) = (read.number, read.method);
        let png = reader.picture(file.path(), number, DPI).await.expect("drawn");
        let words = reader.words(file.path(), number, method).await.expect("found");
        let picture = decode(&png);
        let width = f64::from(words.size[0]) * f64::from(DPI) / 72.0;
        assert!((picture.width as f64 - width).abs() < 2.0, "page {number}");
        let texts: Vec<&str> = words.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, read.text.split_whitespace().collect::<Vec<_>>(), "page {number}");
        let (inside, inked) = agreement(&picture, &words.words);
        assert!(inside > 0.95 && inked > 0.99, "page {number} ({method}): {inside} {inked}");
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_shown_says_why() {
    let file = on_disk(&PdfBuilder::new().page(page()).build());
    let reader = Reader::new(options());
    let error = reader.picture(file.path(), 2, DPI).await.expect_err("there is one page");
    assert!(matches!(error, ReadError::Page { page: 2, .. }), "{error}");
    assert!(error.to_string().ends_with("cette page n'existe pas"), "{error}");
    let error = reader.words(file.path(), 0, Method::Text).await.expect_err("pages start at 1");
    assert!(matches!(error, ReadError::Page { page: 0, .. }), "{error}");
    let blank = reader.words(file.path(), 1, Method::Empty).await.expect("no words");
    assert_eq!(blank, PageWords { size: [595.0, 842.0], words: Vec::new() });
}
