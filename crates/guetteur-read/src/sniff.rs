//! What a file is, by its first and last bytes: before any parser sees it.

/// Where a PDF's header may start: readers accept it within the first kilobyte.
const HEADER_WITHIN: usize = 1024;

/// What the first bytes look like; `None` is a PDF.
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
            "une page HTML"
        } else if head.starts_with(&[0xFF, 0xD8, 0xFF]) {
            "une image JPEG"
        } else if head.starts_with(b"\x89PNG") {
            "une image PNG"
        } else if head.starts_with(b"II*\0") || head.starts_with(b"MM\0*") {
            "une image TIFF"
        } else if head.starts_with(b"PK\x03\x04") {
            "une archive ZIP (ou un fichier OpenDocument ou Word)"
        } else if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            "un fichier Microsoft Office ancien"
        } else if head.starts_with(b"{\\rtf") {
            "un fichier RTF"
        } else if head.starts_with(b"<?xml") {
            "un fichier XML"
        } else if window.iter().all(|b| *b == 0) {
            "une suite d'octets nuls"
        } else {
            "un fichier d'un autre type"
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
            (b"\n<!DOCTYPE HTML><title>404</title>", Some("une page HTML")),
            (b"\xFF\xD8\xFF\xE0JFIF", Some("une image JPEG")),
            (b"PK\x03\x04", Some("une archive ZIP (ou un fichier OpenDocument ou Word)")),
            (&[0; 2048], Some("une suite d'octets nuls")),
            (b"bonjour", Some("un fichier d'un autre type")),
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
