//! PDF to pages of text, by embedded text or OCR, in a confined child process
