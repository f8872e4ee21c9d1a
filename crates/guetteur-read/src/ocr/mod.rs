//! Optical character recognition: rendering, tesseract, and what is made of its words.

mod marks;
mod merge;
mod recognise;
mod render;
mod tesseract;
mod text_like;
mod tsv;

pub(crate) use recognise::Recogniser;
pub(crate) use tesseract::{installed_languages, version};
