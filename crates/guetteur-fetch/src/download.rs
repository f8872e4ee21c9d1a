//! PDFs: from a site into the archive, with the checks that tell a PDF from an error page.

use std::collections::VecDeque;

use guetteur_model::Sha256;
use reqwest::Method;
use url::Url;

use crate::archive::{Incoming, Kept};
use crate::challenge::recognise;
use crate::client::{Answer, Ask, validators};
use crate::{Archive, Client, Conditional, FetchError, Validators};

/// Readers accept a PDF whose header stands within its first kilobyte.
const HEAD: usize = 1024;
/// A page in the place of a PDF is read so far.
const PAGE: usize = 64 << 10;
/// `%%EOF` must stand within the last two.
const TAIL: usize = 2048;

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
        let ask = Ask { method: Method::GET, url, form: None, validators: known };
        let download = self.download_by_request(&ask, archive).await;
        self.note(url, &download);
        download
    }

    async fn download_by_request(
        &self,
        ask: &Ask<'_>,
        archive: &Archive,
    ) -> Result<Conditional<Download>, FetchError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let answer = self.send(ask).await?;
            if answer.response.status().as_u16() == 304 {
                return Ok(Conditional::NotModified);
            }
            match self.take(answer, archive).await {
                Ok(download) => return Ok(Conditional::Got(download)),
                Err(error) if self.pause_before_retry(attempt, &error).await => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn take(&self, mut answer: Answer, archive: &Archive) -> Result<Download, FetchError> {
        let mut incoming = archive.incoming()?;
        let ends = self.pour(&mut answer, &mut incoming).await;
        self.rest(&mut answer.turn);
        let ends = ends?;
        if let Some(media_type) = not_a_pdf(&ends.head) {
            return Err(impostor(&ends.head, media_type));
        }
        let Kept { sha256, size, new } = incoming.keep()?;
        Ok(Download {
            sha256,
            size,
            new,
            status: answer.response.status().as_u16(),
            validators: validators(answer.response.headers()),
            url: answer.url,
            partial: !contains(&ends.tail.into_iter().collect::<Vec<_>>(), b"%%EOF"),
        })
    }

    async fn pour(
        &self,
        answer: &mut Answer,
        incoming: &mut Incoming<'_>,
    ) -> Result<Ends, FetchError> {
        let limit = self.config.max_pdf_bytes;
        let mut ends = Ends::default();
        while let Some(chunk) =
            answer.response.chunk().await.map_err(|error| FetchError::from_reqwest(&error))?
        {
            incoming.write(&chunk)?;
            if incoming.size() > limit {
                return Err(FetchError::TooLarge { limit });
            }
            ends.see(&chunk);
            if ends.head.len() == HEAD
                && let Some(media_type) = not_a_pdf(&ends.head)
            {
                // As much of a page as tells whether it is a challenge.
                while let Ok(Some(chunk)) = answer.response.chunk().await
                    && ends.head.len() < PAGE
                {
                    ends.head.extend_from_slice(&chunk);
                }
                return Err(impostor(&ends.head, media_type));
            }
        }
        Ok(ends)
    }
}

/// What came in the place of a PDF.
fn impostor(body: &[u8], media_type: &'static str) -> FetchError {
    match recognise(&String::from_utf8_lossy(body)) {
        Some(by) => FetchError::Challenge { by },
        None => FetchError::NotPdf { media_type },
    }
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
        "text/html"
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
