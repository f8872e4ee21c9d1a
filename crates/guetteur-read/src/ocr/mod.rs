//! Optical character recognition: rendering, tesseract, and what is made of its words.

mod batch;
mod margins;
mod marks;
mod merge;
mod paper;
mod recognise;
mod sheet;
mod tesseract;
mod text_like;
mod tiff;
mod tsv;
mod turn;

pub(crate) use recognise::{Recogniser, choose_languages};
pub(crate) use tesseract::{installed_languages, version};

/// For `fuzz/`.
#[cfg(feature = "fuzzing")]
pub(crate) fn fuzz_tsv(tsv: &str) {
    let lines = tsv::parse(tsv);
    let words = lines.iter().flatten().count();
    let lines = margins::joined(lines);
    assert!(lines.iter().all(|line| !line.is_empty()));
    assert_eq!(lines.iter().flatten().count(), words);
}

/// For `fuzz/`: the first byte is the width.
#[cfg(feature = "fuzzing")]
pub(crate) fn fuzz_picture(pixels: &[u8]) {
    let Some((width, grey)) = pixels.split_first().filter(|(width, _)| **width > 0) else { return };
    let width = usize::from(*width);
    let height = grey.len() / width;
    let grey = grey[..width * height].to_vec();
    let picture = crate::render::Picture { width, height, grey, scale: 1.0 };
    let kept = text_like::TextLike::of(&picture).keep_rows(&picture);
    assert_eq!(kept.grey.len(), picture.grey.len());
}
