//! The reader on PDFs with known text, through a real child process and a real tesseract.

mod batches;
mod bombs;
mod confinement;
mod files;
mod goldens;
mod later;
mod ocr;
mod pictures;
mod support;
mod text;
