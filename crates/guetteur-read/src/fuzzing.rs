//! Doors for `fuzz/`: our own code on bytes from anywhere, in this process.

use hayro_interpret::InterpreterCache;
use hayro_syntax::Pdf;

use crate::judge::{PageStats, judge};
use crate::options::OcrMode;

/// Reads a page with this content, uncompressed, in a font without any tables.
pub fn content_stream(content: &[u8]) {
    const BEFORE: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
        2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
        /Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n";
    let mut file = BEFORE.to_vec();
    file.extend_from_slice(format!("4 0 obj<</Length {}>>stream\n", content.len()).as_bytes());
    file.extend_from_slice(content);
    file.extend_from_slice(b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF");
    let Ok(pdf) = Pdf::new(file) else { return };
    let Some(page) = pdf.pages().first() else { return };
    let text = crate::text::interpret(page, &InterpreterCache::new(), 10_000);
    assert!(text.lines.iter().all(|line| !line.words.is_empty()));
    let words = crate::boxes::of_page(&text);
    assert!(words.iter().flat_map(|word| word.bounds).all(f32::is_finite));
    let _ = judge(&PageStats::of(&text), OcrMode::Auto, false);
}

/// Parses tesseract's output.
pub fn tesseract_tsv(tsv: &str) {
    crate::ocr::fuzz_tsv(tsv);
}

/// Looks for rows of letters; the first byte is the width.
pub fn picture(pixels: &[u8]) {
    crate::ocr::fuzz_picture(pixels);
}
