//! Files made to cost more than they should, and 2,000 damaged ones: each gets its status in
//! words, none takes longer than its limit and two seconds.

use fastrand::Rng;
use std::io::Write;
use std::time::{Duration, Instant};

use guetteur_model::Method;
use guetteur_read::{Limits, OcrMode, ReadError, ReadOptions, Reader};
use guetteur_testkit::pdf::{Font, PageSpec, PdfBuilder};
use lopdf::{Dictionary, Document, Stream, dictionary};

use crate::support::{Reading, act, options, try_read};

const GRACE: Duration = Duration::from_secs(2);
/// For one call: what a page and a file may take here.
const LIMIT: Duration = Duration::from_secs(4);
/// The same for a file that takes a second to open on a machine without other work.
const LONG: Duration = Duration::from_secs(15);

fn limits(limit: Duration) -> Limits {
    Limits {
        open: limit,
        text_page: limit,
        ocr_page: limit,
        document: limit,
        memory_bytes: 600 << 20,
        ..Limits::default()
    }
}

/// The outcome, within the time that the limits allow.
async fn within_limits(name: &str, bytes: &[u8]) -> Result<Reading, ReadError> {
    within(LIMIT, name, bytes).await
}

async fn within(limit: Duration, name: &str, bytes: &[u8]) -> Result<Reading, ReadError> {
    let start = Instant::now();
    let result = try_read(bytes, ReadOptions { limits: limits(limit), ..options() }).await;
    assert!(start.elapsed() < limit + GRACE, "{name}: {:?}", start.elapsed());
    if let Ok(reading) = &result {
        for page in reading.pages.iter().filter(|page| page.method == Method::Failed) {
            assert!(page.note.is_some(), "{name}: page {} fails without a word", page.number);
        }
    }
    result
}

/// One page that paints one image without telling its true size.
fn image(dict: Dictionary, data: Vec<u8>) -> Vec<u8> {
    let blank = PdfBuilder::new().page(PageSpec::a4()).build();
    let mut document = Document::load_mem(&blank).expect("loads");
    let number = document.get_pages()[&1];
    let image = document.add_object(Stream::new(dict, data));
    let paint = b"595 0 0 842 0 0 cm /Im Do".to_vec();
    let content = document.add_object(Stream::new(Dictionary::new(), paint));
    let page = document.get_dictionary_mut(number).expect("a page");
    page.set("Contents", content);
    page.set("Resources", dictionary! { "XObject" => dictionary! { "Im" => image } });
    saved(document)
}

fn saved(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("saves");
    bytes
}

fn sized(side: i64, bits: i64, space: &str) -> Dictionary {
    dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => side, "Height" => side,
        "ColorSpace" => space, "BitsPerComponent" => bits,
    }
}

#[tokio::test]
async fn images_that_claim_to_be_huge_cost_their_page_at_most() {
    let raw = image(sized(2_000_000_000, 8, "DeviceRGB"), vec![0; 100]);
    let wide = image(sized(60_000, 1, "DeviceGray"), vec![0; 100]);
    let mut zeros = Stream::new(sized(30_000, 8, "DeviceGray"), vec![0; 300 << 20]);
    zeros.compress().expect("compresses");
    let inflating = image(zeros.dict, zeros.content);
    // A JPEG's header alone: 65,500 pixels a side, then nothing.
    let header = b"\xFF\xD8\xFF\xC0\x00\x0B\x08\xFF\xDC\xFF\xDC\x01\x01\x11\x00".to_vec();
    let mut dict = sized(65_500, 8, "DeviceGray");
    dict.set("Filter", "DCTDecode");
    let jpeg = image(dict, header);
    for (name, bytes) in [("raw", raw), ("wide", wide), ("inflating", inflating), ("jpeg", jpeg)] {
        let reading = within_limits(name, &bytes).await.expect("its pages are told");
        assert_eq!(reading.pages.len(), 1, "{name}");
    }
}

#[tokio::test]
async fn sheets_of_any_size_are_scaled_to_the_limit() {
    let letters = |size: f32| {
        let page = PageSpec { width: size, height: size, ..PageSpec::a4() };
        page.rule(guetteur_testkit::pdf::Rule {
            x: size / 9.0,
            y: size / 9.0,
            width: size / 2.0,
            height: size / 50.0,
        })
    };
    for size in [0.01, 14_400.0, 3.0e8] {
        let bytes = PdfBuilder::new().page(letters(size)).build();
        let start = Instant::now();
        let options = ReadOptions { limits: limits(LIMIT), ocr: OcrMode::Always, ..options() };
        let pages = try_read(&bytes, options).await.map(|reading| reading.pages.len());
        assert!(pages.as_ref().map_or_else(ReadError::is_permanent, |n| *n == 1), "{size}");
        assert!(start.elapsed() < LIMIT + GRACE, "{size}: {:?}", start.elapsed());
    }
}

/// Catalog, page tree and pages written out by hand, with a table that parsers must rebuild.
fn many_pages(count: u32) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n".to_vec();
    write!(out, "2 0 obj<</Type/Pages/Count {count}/MediaBox[0 0 595 842]/Kids[").expect("memory");
    for i in 0..count {
        write!(out, "{} 0 R ", i + 3).expect("memory");
    }
    out.extend_from_slice(b"]>>endobj\n");
    for i in 0..count {
        writeln!(out, "{} 0 obj<</Type/Page/Parent 2 0 R>>endobj", i + 3).expect("memory");
    }
    write!(out, "trailer<</Root 1 0 R/Size {}>>\n%%EOF\n", count + 3).expect("memory");
    out
}

#[tokio::test]
async fn a_hundred_thousand_pages_are_read_up_to_the_limit() {
    let reading = within(LONG, "pages", &many_pages(100_000)).await.expect("it opens");
    assert!(reading.report.partial, "{:?}", reading.report);
    assert!(reading.pages.len() <= 5_000, "{}", reading.pages.len());
    assert!(!reading.report.notes.is_empty());
}

#[tokio::test]
async fn structures_without_an_end_end() {
    let nested = |open: &str, close: &str| {
        let depth = 100_000;
        format!(
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/X {}{}>>endobj\n\
             2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n\
             3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
            open.repeat(depth),
            close.repeat(depth)
        )
    };
    let tree = |kids: &str| {
        format!(
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
             2 0 obj<</Type/Pages/Count 9/Parent 2 0 R/Kids[{kids}]>>endobj\n\
             4 0 obj<</Type/Pages/Count 9/Parent 2 0 R/Kids[2 0 R 4 0 R 4 0 R]>>endobj\n\
             trailer<</Root 1 0 R>>\n%%EOF"
        )
    };
    let prev = "%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Prev 9>>\n\
                startxref\n9\n%%EOF";
    let cases = [
        ("arrays", nested("[", "]")),
        ("dictionaries", nested("<</A ", ">>")),
        ("a tree of itself", tree("2 0 R 2 0 R")),
        ("two trees of each other", tree("4 0 R 4 0 R 4 0 R")),
        ("tables that follow themselves", prev.to_owned()),
    ];
    for (name, file) in cases {
        if let Err(error) = within_limits(name, file.as_bytes()).await {
            assert!(error.is_permanent(), "{name}: {error}");
        }
    }
}

#[tokio::test]
async fn a_gigabyte_of_zeros_is_refused_at_once() {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    let read = async |file: &tempfile::NamedTempFile| {
        let start = Instant::now();
        let error = Reader::new(options()).read(file.path(), |_| {}).await.expect_err("refused");
        assert!(start.elapsed() < GRACE, "{:?}", start.elapsed());
        error
    };
    // Nothing is written: the file has a hole of this size.
    file.as_file().set_len(1 << 30).expect("a length");
    let error = read(&file).await;
    assert!(error.to_string().contains("x-zeros"), "{error}");
    file.write_all(b"%PDF-1.7\n").expect("written");
    let error = read(&file).await;
    assert!(matches!(error, ReadError::TooBig { .. }), "{error}");
}

#[tokio::test]
async fn zeros_behind_a_header_end_within_the_limits() {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(100 << 20, 0);
    let error = within(LONG, "zeros", &bytes).await.err().expect("nothing to read");
    assert!(error.is_permanent(), "{error}");
}

#[tokio::test]
#[ignore = "takes minutes: make damaged"]
async fn two_thousand_damaged_files_harm_nobody() {
    let scan = guetteur_testkit::pdf::ScanOptions { dpi: 60, ..Default::default() };
    let line = PageSpec::a4().text(60.0, 90.0, Font::Serif, 14.0, "Arrêté du préfet");
    let originals = [
        PdfBuilder::new().pages(act(8)).build(),
        PdfBuilder::new().scanned(line.clone(), scan).page(line).build(),
    ];
    let mut rng = Rng::with_seed(2_026);
    let (mut pages, mut failed, mut refused, mut slowest) = (0, 0, 0, Duration::ZERO);
    for case in 0..2_000 {
        let bytes = damage(&mut rng, &originals[case % originals.len()]);
        let ocr = if case % 10 == 0 { OcrMode::Auto } else { OcrMode::Never };
        let limits = Limits { document: Duration::from_secs(20), ..limits(LIMIT) };
        let start = Instant::now();
        match try_read(&bytes, ReadOptions { limits, ocr, ..options() }).await {
            Ok(reading) => {
                assert_eq!(reading.pages.len(), reading.report.pages.min(limits.pages) as usize);
                let bad = reading.pages.iter().filter(|p| p.method == Method::Failed);
                failed += bad.inspect(|p| assert!(p.note.is_some(), "case {case}")).count();
                pages += reading.pages.len();
            }
            Err(error) => {
                assert!(error.is_permanent(), "case {case}: {error}");
                refused += 1;
            }
        }
        slowest = slowest.max(start.elapsed());
        assert!(start.elapsed() < limits.document + GRACE, "case {case}: {:?}", start.elapsed());
    }
    eprintln!(
        "2000 files: {refused} refused in words, {pages} pages, {failed} of them failed, \
               slowest {slowest:?}"
    );
}

/// Damage without order, the same for a seed.
fn damage(rng: &mut Rng, original: &[u8]) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=rng.usize(..40) {
        let at = rng.usize(..bytes.len());
        match rng.usize(..6) {
            0 | 1 => bytes[at] = rng.u8(..),
            2 => bytes[at] ^= 1 << rng.usize(..8),
            3 => {
                let end = (at + rng.usize(..200)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => {
                let end = (at + rng.usize(..200)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                let to = rng.usize(..bytes.len());
                bytes.splice(to..to, copy);
            }
            // Numbers are lengths, places and sizes.
            _ => {
                if let Some(n) = bytes[at..].iter().position(u8::is_ascii_digit) {
                    bytes[at + n] = b'0' + rng.u8(..10);
                }
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    if rng.usize(..5) == 0 {
        let keep = rng.usize(..bytes.len());
        bytes.truncate(keep);
    }
    bytes
}
