//! Any picture, through what looks for rows of letters.
#![no_main]

libfuzzer_sys::fuzz_target!(|pixels: &[u8]| guetteur_read::fuzzing::picture(pixels));
