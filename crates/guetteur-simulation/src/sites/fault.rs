//! What goes wrong on real sites, on demand.

use std::time::Duration;

use miniz_oxide::deflate::compress_to_vec;
use url::Url;

use super::set::SiteAnswer;

/// A fault of one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// This status, with an error page.
    Status(u16),
    /// This status with `Retry-After`, in seconds.
    RetryAfter(u16, u32),
    /// Only this many bytes of the body, while the full length is announced.
    CutAfter(usize),
    /// The announced length is wrong by this much; the body is whole.
    WrongLength(i64),
    /// The body comes byte by byte, with this pause between two.
    Drip(Duration),
    /// The address redirects to itself.
    RedirectLoop,
    /// The address redirects here.
    RedirectTo(String),
    /// An HTML page where a PDF should be, with status 200.
    HtmlInstead,
    /// A challenge page with status 200.
    Challenge,
    /// This body, with this content type.
    Body(String, Vec<u8>),
    /// This body, already compressed with gzip.
    Gzipped(Vec<u8>),
}

impl Fault {
    /// A page of so many MiB in a few KiB of gzip.
    #[must_use]
    pub fn gzip_bomb(mib: usize) -> Self {
        let mut bomb = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        bomb.extend(compress_to_vec(&vec![b' '; mib << 20], 9));
        Self::Gzipped(bomb)
    }

    pub(super) fn spoil(&self, url: &Url, answer: impl Fn() -> SiteAnswer) -> SiteAnswer {
        let page = |status: u16, html: &str| SiteAnswer {
            status,
            headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
            body: html.as_bytes().to_vec(),
            claimed_length: None,
            pace: None,
        };
        match self {
            Self::Status(status) => page(*status, "<html><body><h1>Erreur</h1></body></html>"),
            Self::RetryAfter(status, seconds) => {
                let mut spoilt = page(*status, "<html><body>Trop de requêtes</body></html>");
                spoilt.headers.push(("retry-after".to_owned(), seconds.to_string()));
                spoilt
            }
            Self::CutAfter(bytes) => {
                let mut spoilt = answer();
                spoilt.claimed_length = Some(spoilt.body.len());
                spoilt.body.truncate(*bytes);
                spoilt
            }
            Self::WrongLength(by) => {
                let mut spoilt = answer();
                let length =
                    i64::try_from(spoilt.body.len()).unwrap_or(i64::MAX).saturating_add(*by);
                spoilt.claimed_length = usize::try_from(length.max(0)).ok();
                spoilt
            }
            Self::Drip(pace) => SiteAnswer { pace: Some(*pace), ..answer() },
            Self::RedirectLoop => redirect(url.as_str(), page(302, "")),
            Self::RedirectTo(to) => redirect(to, page(302, "")),
            Self::HtmlInstead => page(
                200,
                "<html><head><title>Erreur</title></head><body><h1>Document indisponible</h1></body></html>",
            ),
            Self::Challenge => page(
                200,
                "<html><head><title>Just a moment...</title></head><body>Checking your browser before accessing</body></html>",
            ),
            Self::Body(content_type, body) => SiteAnswer {
                status: 200,
                headers: vec![("content-type".to_owned(), content_type.clone())],
                body: body.clone(),
                claimed_length: None,
                pace: None,
            },
            Self::Gzipped(body) => SiteAnswer {
                status: 200,
                headers: vec![
                    ("content-type".to_owned(), "text/html; charset=utf-8".to_owned()),
                    ("content-encoding".to_owned(), "gzip".to_owned()),
                ],
                body: body.clone(),
                claimed_length: None,
                pace: None,
            },
        }
    }
}

fn redirect(to: &str, mut answer: SiteAnswer) -> SiteAnswer {
    answer.headers.push(("location".to_owned(), to.to_owned()));
    answer
}
