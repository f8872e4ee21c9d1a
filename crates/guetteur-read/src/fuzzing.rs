//! Doors for `fuzz/`: our own code on bytes from anywhere, in this process.

use crate::judge::{PageStats, judge};
use crate::options::OcrMode;
use crate::text::both_ways;

/// Reads a page with this content, the short way too if it is plain.
pub fn content_stream(content: &[u8]) {
    for (short, general) in both_ways::read(both_ways::file(content)) {
        for text in short.iter().chain([&general]) {
            assert!(text.lines.iter().all(|line| !line.words.is_empty()));
            let words = crate::boxes::of_page(text);
            assert!(words.iter().flat_map(|word| word.bounds).all(f32::is_finite));
            let _ = judge(&PageStats::of(text), OcrMode::Auto, false);
        }
    }
}

/// Parses tesseract's output.
pub fn tesseract_tsv(tsv: &str) {
    crate::ocr::fuzz_tsv(tsv);
}

/// Looks for rows of letters; the first byte is the width.
pub fn picture(pixels: &[u8]) {
    crate::ocr::fuzz_picture(pixels);
}
