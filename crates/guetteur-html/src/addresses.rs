//! The addresses of a page, as the WHATWG URL standard reads them: against the first `<base>`, paths
//! in UTF-8, queries in the page's own encoding (`?f=août` on an ISO-8859-1 page asks `ao%FBt`).

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use url::Url;

/// Resolves what a page's attributes say.
#[derive(Debug, Clone)]
pub struct Addresses {
    page: Url,
    base: Option<Url>,
    encoding: &'static Encoding,
}

impl Addresses {
    /// The addresses of the page at `page`, written in `encoding`.
    #[must_use]
    pub fn of(page: Url, encoding: &'static Encoding) -> Self {
        Self { page, base: None, encoding: encoding.output_encoding() }
    }

    /// The page's own address.
    #[must_use]
    pub fn page(&self) -> &Url {
        &self.page
    }

    /// A `<base href>` was met: the first counts, later ones change nothing.
    pub fn note_base(&mut self, href: &str) {
        if self.base.is_none() {
            self.base = self.join(href);
        }
    }

    /// The absolute address of `href`; `None` when it is none.
    #[must_use]
    pub fn join(&self, href: &str) -> Option<Url> {
        let encode = encoder(|query| Cow::Owned(self.query(query)));
        let base = self.base.as_ref().unwrap_or(&self.page);
        let options = Url::options().base_url(Some(base));
        if self.encoding == UTF_8 {
            options.parse(href).ok()
        } else {
            options.encoding_override(Some(&encode)).parse(href).ok()
        }
    }

    /// The address that a form of these fields asks for by GET.
    #[must_use]
    pub fn with_fields(&self, action: &str, fields: &[(String, String)]) -> Option<Url> {
        let mut url = self.join(action)?;
        url.set_query(Some(&self.form(fields)));
        Some(url)
    }

    /// A form of these fields as it is sent (`application/x-www-form-urlencoded`), in the page's own
    /// encoding as browsers do: `mois=ao%FBt` from an ISO-8859-1 page.
    #[must_use]
    pub fn form(&self, fields: &[(String, String)]) -> String {
        let encode = encoder(|text| self.encoding.encode(text).0);
        url::form_urlencoded::Serializer::new(String::new())
            .encoding_override(Some(&encode))
            .extend_pairs(fields)
            .finish()
    }

    /// A query's bytes. What the encoding lacks becomes a numeric reference, percent-encoded.
    fn query(&self, text: &str) -> Vec<u8> {
        let (bytes, _, lacks) = self.encoding.encode(text);
        if !lacks {
            return bytes.into_owned();
        }
        let mut all = Vec::with_capacity(text.len());
        let mut buffer = [0; 4];
        for c in text.chars() {
            let (bytes, _, lacks) = self.encoding.encode(c.encode_utf8(&mut buffer));
            if lacks {
                all.extend_from_slice(format!("%26%23{}%3B", u32::from(c)).as_bytes());
            } else {
                all.extend_from_slice(&bytes);
            }
        }
        all
    }
}

/// Tells the compiler for which lifetimes a closure is.
fn encoder<F: for<'a> Fn(&'a str) -> Cow<'a, [u8]>>(encode: F) -> F {
    encode
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(label: &str) -> Addresses {
        let encoding = Encoding::for_label(label.as_bytes()).expect("label");
        Addresses::of(Url::parse("https://a.fr/d/p?q").expect("url"), encoding)
    }

    #[test]
    fn queries_are_in_the_page_s_encoding() {
        let cases = [
            ("utf-8", "x.php?f=RAA_août.pdf", "https://a.fr/d/x.php?f=RAA_ao%C3%BBt.pdf"),
            ("iso-8859-1", "x.php?f=RAA_août.pdf", "https://a.fr/d/x.php?f=RAA_ao%FBt.pdf"),
            ("iso-8859-1", "/é/x?f=é#é", "https://a.fr/%C3%A9/x?f=%E9#%C3%A9"),
            ("iso-8859-1", "?f=1 €", "https://a.fr/d/p?f=1%20%80"),
            ("iso-8859-15", "?f=1 €", "https://a.fr/d/p?f=1%20%A4"),
            ("iso-8859-1", "?f=→", "https://a.fr/d/p?f=%26%238594%3B"),
            ("iso-8859-1", "?f=ao%FBt", "https://a.fr/d/p?f=ao%FBt"),
            ("utf-16le", "?f=é", "https://a.fr/d/p?f=%C3%A9"),
        ];
        for (label, href, expected) in cases {
            let url = addresses(label).join(href).map(String::from);
            assert_eq!(url.as_deref(), Some(expected), "{label} {href}");
        }
        let field = |value: &str| [("mois".to_owned(), value.to_owned())];
        let latin = addresses("iso-8859-1");
        assert_eq!(latin.form(&field("août & 1")), "mois=ao%FBt+%26+1");
        assert_eq!(addresses("utf-8").form(&field("août")), "mois=ao%C3%BBt");
        let url = latin.with_fields("/voir?x=1", &field("août 2026"));
        assert_eq!(url.map(String::from).as_deref(), Some("https://a.fr/voir?mois=ao%FBt+2026"));
    }

    #[test]
    fn the_first_base_counts() {
        let mut addresses = addresses("utf-8");
        addresses.note_base("http://[");
        addresses.note_base("/un/");
        addresses.note_base("/deux/");
        assert_eq!(addresses.join("x").map(String::from).as_deref(), Some("https://a.fr/un/x"));
        assert_eq!(addresses.page().as_str(), "https://a.fr/d/p?q");
    }
}
