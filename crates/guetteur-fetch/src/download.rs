//! PDFs: from a site into the archive, with the checks that tell a PDF from an error page.

use std::collections::VecDeque;

use guetteur_archive::{Archive, Incoming, Kept};
use guetteur_model::Sha256;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use url::Url;

use crate::body::Body;
use crate::challenge::recognise_aside;
use crate::client::{Answer, Ask, header, validators};
use crate::{Client, Conditional, FetchError, Validators};

/// Readers accept a PDF whose header stands within its first kilobyte.
const HEAD: usize = 1024;
/// A page in the place of a PDF is read so far.
const PAGE: usize = 64 << 10;
/// `%%EOF` must stand within the last two.
const TAIL: usize = 2048;

/// The media type of a page.
const HTML: &str = "text/html";
/// Pages that may send on to the PDF, one to the next.
const MOST_FORWARDS: u32 = 2;

/// What came for a PDF.
enum Taken {
    Pdf(Download),
    /// A page that does nothing but send on to this address, or show it.
    Forward(Url),
}

/// A PDF that is now in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Its name there.
    pub sha256: Sha256,
    /// Size in bytes.
    pub size: u64,
    /// Whether the archive did not hold it before.
    pub new: bool,
    /// Its address after redirects.
    pub url: Url,
    /// HTTP status.
    pub status: u16,
    /// For the next conditional request.
    pub validators: Validators,
    /// The end of a PDF is missing: it may have been cut before it reached the site.
    pub partial: bool,
}

impl Client {
    /// Fetches a PDF into `archive`; with `known`, only if it changed.
    ///
    /// # Errors
    /// When it could not be had, when what came is no PDF, when the archive refuses it.
    pub async fn download(
        &self,
        url: &Url,
        known: Option<&Validators>,
        archive: &Archive,
    ) -> Result<Conditional<Download>, FetchError> {
        let download = self.download_behind(url, known, archive).await;
        self.note(url, &download);
        download
    }

    /// The PDF at an address, or behind the page that stands there and sends on to it.
    async fn download_behind(
        &self,
        url: &Url,
        known: Option<&Validators>,
        archive: &Archive,
    ) -> Result<Conditional<Download>, FetchError> {
        let (mut at, mut validators) = (url.clone(), known);
        for _ in 0..=MOST_FORWARDS {
            let ask = Ask { method: Method::GET, url: &at, form: None, validators };
            match self.download_by_request(&ask, archive).await? {
                Conditional::NotModified => return Ok(Conditional::NotModified),
                Conditional::Got(Taken::Pdf(download)) => return Ok(Conditional::Got(download)),
                Conditional::Got(Taken::Forward(target)) => (at, validators) = (target, None),
            }
        }
        Err(FetchError::NotPdf { media_type: HTML })
    }

    async fn download_by_request(
        &self,
        ask: &Ask<'_>,
        archive: &Archive,
    ) -> Result<Conditional<Taken>, FetchError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let answer = self.send(ask).await?;
            if answer.response.status().as_u16() == 304 {
                return Ok(Conditional::NotModified);
            }
            match self.take(answer, archive).await {
                Ok(taken) => return Ok(Conditional::Got(taken)),
                Err(error) if self.pause_before_retry(attempt, &error).await => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn take(&self, answer: Answer, archive: &Archive) -> Result<Taken, FetchError> {
        let mut incoming = archive.incoming()?;
        let Answer { response, url, mut turn } = answer;
        let content_type = header(response.headers(), &CONTENT_TYPE).unwrap_or_default();
        let mut body = Body::of(response);
        let ends = self.pour(&mut body, &mut incoming).await;
        self.rest(&mut turn);
        let ends = ends?;
        if let Some(media_type) = not_a_pdf(&ends.head) {
            return instead(url, ends.head, content_type, media_type).await;
        }
        let Kept { sha256, size, new } = incoming.keep().await?;
        Ok(Taken::Pdf(Download {
            sha256,
            size,
            new,
            status: body.response().status().as_u16(),
            validators: validators(body.response().headers()),
            url,
            partial: !contains(&ends.tail.into_iter().collect::<Vec<_>>(), b"%%EOF"),
        }))
    }

    async fn pour(&self, body: &mut Body, incoming: &mut Incoming<'_>) -> Result<Ends, FetchError> {
        let limit = self.config.max_pdf_bytes;
        let mut ends = Ends::default();
        while let Some(chunk) = body.chunk().await? {
            incoming.write(&chunk)?;
            if incoming.size() > limit {
                return Err(FetchError::TooLarge { limit });
            }
            ends.see(&chunk);
            if ends.head.len() == HEAD && not_a_pdf(&ends.head).is_some() {
                // As much of a page as tells whether it is a challenge, or sends on.
                ends.head.extend_from_slice(&chunk[chunk.len().min(HEAD)..]);
                while ends.head.len() < PAGE
                    && let Ok(Some(chunk)) = body.chunk().await
                {
                    ends.head.extend_from_slice(&chunk);
                }
                return Ok(ends);
            }
        }
        Ok(ends)
    }
}

/// What came in the place of a PDF: a page that sends on to it, or none.
async fn instead(
    url: Url,
    body: Vec<u8>,
    content_type: String,
    media_type: &'static str,
) -> Result<Taken, FetchError> {
    let (text, encoding) = guetteur_html::decode(&body, &content_type);
    if let Some(by) = recognise_aside(text.clone()).await {
        return Err(FetchError::Challenge { by });
    }
    if media_type == HTML {
        let page = url.clone();
        let behind = move || guetteur_html::document_behind(&text, page, encoding);
        let target = tokio::task::spawn_blocking(behind).await.ok().flatten();
        if let Some(target) = target.filter(|target| *target != url) {
            return Ok(Taken::Forward(target));
        }
    }
    Err(FetchError::NotPdf { media_type })
}

/// The first and the last bytes of what went by.
#[derive(Default)]
struct Ends {
    head: Vec<u8>,
    tail: VecDeque<u8>,
}

impl Ends {
    fn see(&mut self, chunk: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend_from_slice(&chunk[..chunk.len().min(room)]);
        self.tail.extend(&chunk[chunk.len().saturating_sub(TAIL)..]);
        let surplus = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..surplus);
    }
}

/// The media type of the bytes, when they are no PDF.
fn not_a_pdf(head: &[u8]) -> Option<&'static str> {
    if contains(head, b"%PDF-") {
        return None;
    }
    let start = head.trim_ascii_start().to_ascii_lowercase();
    Some(if head.is_empty() {
        "inode/x-empty"
    } else if start.starts_with(b"<!doctype html") || contains(&start, b"<html") {
        HTML
    } else if start.starts_with(b"pk") {
        "application/zip"
    } else if start.starts_with(b"\xff\xd8") || start.starts_with(b"\x89png") {
        "image/*"
    } else {
        "application/octet-stream"
    })
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_a_pdf() {
        let cases: [(&[u8], Option<&str>); 6] = [
            (b"%PDF-1.7\n", None),
            (b"\n\n junk %PDF-1.4", None),
            (b"", Some("inode/x-empty")),
            (b"  <!DOCTYPE html><html>", Some("text/html")),
            (b"\xff\xd8\xff\xe0", Some("image/*")),
            (b"bonjour", Some("application/octet-stream")),
        ];
        for (head, expected) in cases {
            assert_eq!(not_a_pdf(head), expected, "{head:?}");
        }
    }

    #[test]
    fn keeps_both_ends() {
        let mut ends = Ends::default();
        let all: Vec<u8> = (0..10_000u32).map(|i| i as u8).collect();
        for chunk in all.chunks(37) {
            ends.see(chunk);
        }
        assert_eq!(ends.head, all[..HEAD]);
        assert_eq!(ends.tail, &all[all.len() - TAIL..]);
    }
}
