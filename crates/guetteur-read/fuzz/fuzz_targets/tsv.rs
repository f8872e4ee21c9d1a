//! What tesseract might write.
#![no_main]

libfuzzer_sys::fuzz_target!(|tsv: &str| guetteur_read::fuzzing::tesseract_tsv(tsv));
