//! A content stream, from operators to lines in reading order and the judgement on them.
#![no_main]

libfuzzer_sys::fuzz_target!(|content: &[u8]| guetteur_read::fuzzing::content_stream(content));
