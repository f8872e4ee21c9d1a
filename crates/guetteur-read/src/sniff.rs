//! What a file is, by its first and last bytes: before any parser sees it.

/// Where a PDF's header may start: readers accept it within the first kilobyte.
const HEADER_WITHIN: usize = 1024;

/// The media type that the first bytes look like; `None` is a PDF.
pub(crate) fn not_a_pdf(head: &[u8]) -> Option<&'static str> {
    let window = &head[..head.len().min(HEADER_WITHIN)];
    if contains(window, b"%PDF-") {
        return None;
    }
    let lower: Vec<u8> = window.iter().map(u8::to_ascii_lowercase).collect();
    Some(
        if [&b"<!doctype html"[..], b"<html", b"<head", b"<body"]
            .iter()
            .any(|t| contains(&lower, t))
        {
            "text/html"
        } else if head.starts_with(&[0xFF, 0xD8, 0xFF]) {
            "image/jpeg"
        } else if head.starts_with(b"\x89PNG") {
            "image/png"
        } else if head.starts_with(b"II*\0") || head.starts_with(b"MM\0*") {
            "image/tiff"
        } else if head.starts_with(b"PK\x03\x04") {
            "application/zip"
        } else if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            "application/msword"
        } else if head.starts_with(b"{\\rtf") {
            "application/rtf"
        } else if head.starts_with(b"<?xml") {
            "application/xml"
        } else if window.iter().all(|b| *b == 0) {
            "application/x-zeros"
        } else {
            "application/octet-stream"
        },
    )
}

/// True if the last bytes carry the end mark; a download that was cut lacks it.
pub(crate) fn is_complete(tail: &[u8]) -> bool {
    contains(tail, b"%%EOF")
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|w| w == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_a_file_is() {
        let cases: [(&[u8], Option<&str>); 7] = [
            (b"%PDF-1.7\n", None),
            (b"\r\n\r\nHTTP garbage %PDF-1.4", None),
            (b"\n<!DOCTYPE HTML><title>404</title>", Some("text/html")),
            (b"\xFF\xD8\xFF\xE0JFIF", Some("image/jpeg")),
            (b"PK\x03\x04", Some("application/zip")),
            (&[0; 2048], Some("application/x-zeros")),
            (b"bonjour", Some("application/octet-stream")),
        ];
        for (head, expected) in cases {
            assert_eq!(not_a_pdf(head), expected, "{:?}", &head[..head.len().min(20)]);
        }
    }

    #[test]
    fn the_end_mark_may_be_followed_by_rubbish() {
        assert!(is_complete(b"startxref\n12\n%%EOF\n\0\0\0"));
        assert!(!is_complete(b"endobj 12 0 obj << /Len"));
    }
}
