//! The bytes of a page to text, as browsers decode them (WHATWG HTML, « determining the character
//! encoding »): a byte order mark, then the header, then what the page declares, then a guess.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// Decodes a page. The encoding is also the one in which the page's addresses write their queries.
///
/// Where nothing is declared it is windows-1252, as in browsers set to French, unless the bytes are
/// UTF-8 beyond doubt: valid, with letters outside ASCII.
#[must_use]
pub fn decode(body: &[u8], content_type: &str) -> (String, &'static Encoding) {
    let declared = Encoding::for_bom(body).map(|(encoding, _)| encoding);
    let declared =
        declared.or_else(|| charset_of_header(content_type)).or_else(|| declared_in_page(body));
    let encoding = declared.unwrap_or_else(|| guess(body));
    // `decode` honours a byte order mark before anything else, as browsers do.
    let (text, used, _) = encoding.decode(body);
    (text.into_owned(), used)
}

fn guess(body: &[u8]) -> &'static Encoding {
    if !body.is_ascii() && std::str::from_utf8(body).is_ok() { UTF_8 } else { WINDOWS_1252 }
}

fn charset_of_header(content_type: &str) -> Option<&'static Encoding> {
    Encoding::for_label(charset_in(content_type.as_bytes())?)
}

/// The label after `charset=` in a header's or a `<meta>`'s content.
fn charset_in(text: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        at += find(&text[at..], b"charset")? + b"charset".len();
        let rest = text[at..].trim_ascii_start();
        let Some(rest) = rest.strip_prefix(b"=") else { continue };
        let rest = rest.trim_ascii_start();
        return match rest.first()? {
            quote @ (b'"' | b'\'') => {
                let end = rest[1..].iter().position(|byte| byte == quote)?;
                Some(&rest[1..=end])
            }
            _ => {
                let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b';');
                Some(&rest[..end.unwrap_or(rest.len())])
            }
        };
    }
}

/// What an XML declaration or a `<meta>` says. Browsers look for it in the first kilobyte, and begin
/// anew when it comes later: so it is looked for everywhere.
fn declared_in_page(body: &[u8]) -> Option<&'static Encoding> {
    if let Some(declaration) = body.strip_prefix(b"<?xml") {
        let end = find(declaration, b"?>").unwrap_or(declaration.len());
        let declaration = &declaration[..end];
        if let Some(label) = attribute(declaration, b"encoding") {
            return Encoding::for_label(label).map(readable);
        }
    }
    let mut at = 0;
    while let Some(found) = body[at..].iter().position(|byte| *byte == b'<') {
        at += found + 1;
        let rest = &body[at..];
        if rest.starts_with(b"!--") {
            at += find(&rest[3..], b"-->").map_or(rest.len(), |end| end + 6);
        } else if starts_with(rest, b"meta")
            && rest.get(4).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/')
        {
            let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
            if let Some(encoding) = declared_by(&rest[4..end]) {
                return Some(encoding);
            }
            at += end;
        }
    }
    None
}

/// `charset="…"`, or `http-equiv="Content-Type" content="…; charset=…"`.
fn declared_by(attributes: &[u8]) -> Option<&'static Encoding> {
    let label = attribute(attributes, b"charset").or_else(|| {
        attribute(attributes, b"http-equiv")
            .filter(|value| value.eq_ignore_ascii_case(b"content-type"))
            .and_then(|_| charset_in(attribute(attributes, b"content")?))
    })?;
    Encoding::for_label(label).map(readable)
}

/// What a declaration that could be read as ASCII can mean.
fn readable(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        UTF_8
    } else if encoding == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        encoding
    }
}

/// The value of an attribute of a tag.
fn attribute<'a>(attributes: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    let mut rest = attributes;
    loop {
        let start = rest.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != b'/')?;
        rest = &rest[start..];
        let end = rest[1..]
            .iter()
            .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'/'))
            .map_or(rest.len(), |end| end + 1);
        let (name, after) = rest.split_at(end);
        let trimmed = after.trim_ascii_start();
        let Some(value) = trimmed.strip_prefix(b"=") else {
            rest = after;
            continue;
        };
        let value = value.trim_ascii_start();
        let (value, after) = match value.first()? {
            quote @ (b'"' | b'\'') => {
                let end = value[1..].iter().position(|byte| byte == quote)? + 1;
                (&value[1..end], &value[end + 1..])
            }
            _ => {
                let end = value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len());
                value.split_at(end)
            }
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = after;
    }
}

fn starts_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Place of `word`, whatever its case.
fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_as_browsers_do() {
        let html = "text/html";
        let cases: [(&[u8], &str, &str, &str); 17] = [
            ("août".as_bytes(), "text/html; charset=utf-8", "août", "UTF-8"),
            (b"ao\xfbt", "text/html; charset=ISO-8859-1", "août", "windows-1252"),
            (b"ao\xfbt", "text/html;Charset=\"latin1\"", "août", "windows-1252"),
            // The header wins over the page, a byte order mark over both.
            (b"<meta charset=utf-8>ao\xfbt", "text/html; charset=latin1", "août", "windows-1252"),
            (b"\xef\xbb\xbfao\xc3\xbbt", "text/html; charset=latin1", "août", "UTF-8"),
            (b"\xff\xfea\x00o\x00\xfb\x00t\x00", "text/html; charset=utf-8", "août", "UTF-16LE"),
            (b"<meta charset=\"iso-8859-15\">\xa4", html, "€", "ISO-8859-15"),
            (
                b"<META content='text/html; charset=iso-8859-1' HTTP-EQUIV=content-type>ao\xfbt",
                html,
                "août",
                "windows-1252",
            ),
            // The word alone, without http-equiv, declares nothing.
            (b"<meta name=x content='charset=iso-8859-15'>\xa4", html, "¤", "windows-1252"),
            (b"<!-- <meta charset=koi8-r> --><meta charset=latin1>\xe9", html, "é", "windows-1252"),
            (b"<metadata charset=koi8-r>\xe9", html, "é", "windows-1252"),
            (b"<meta charset=utf-16le>\xc3\xa9", html, "é", "UTF-8"),
            (b"<?xml version='1.0' encoding='ISO-8859-1'?>\xe9", html, "é", "windows-1252"),
            // Nothing declared, or nothing known.
            (b"ao\xfbt \x80", html, "août €", "windows-1252"),
            (b"ao\xfbt", "", "août", "windows-1252"),
            ("août".as_bytes(), "text/html; charset=inconnu", "août", "UTF-8"),
            ("août".as_bytes(), html, "août", "UTF-8"),
        ];
        for (body, content_type, expected, encoding) in cases {
            let (text, used) = decode(body, content_type);
            assert!(text.ends_with(expected), "{text:?} {content_type}");
            assert_eq!(used.name(), encoding, "{text:?} {content_type}");
        }
        let late = [&b" ".repeat(5_000)[..], b"<meta charset=iso-8859-15>\xa4"].concat();
        assert!(decode(&late, html).0.ends_with('€'), "declared after the first kilobyte");
    }

    proptest::proptest! {
        #[test]
        fn decodes_any_bytes(body in proptest::collection::vec(0_u8.., 0..80), tail in "(<meta |charset|=|content|http-equiv|\"|'|;| |>|<!--|-->){0,20}") {
            let body = [&body[..], tail.as_bytes()].concat();
            let _ = decode(&body, &tail);
        }
    }
}
