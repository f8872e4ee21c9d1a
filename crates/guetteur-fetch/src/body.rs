//! The bytes of an answer, with the one content coding that the HTTP library does not undo.

use std::io::Write;

use flate2::write::MultiGzDecoder;
use guetteur_model::FailureKind;
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;

use crate::FetchError;

/// Compressed bytes undone at a time: what comes out of them fits in memory, whatever they are.
const STEP: usize = 4 << 10;

/// A body that comes in.
pub(crate) struct Body {
    response: Response,
    /// `x-gzip` is gzip (RFC 9110, 8.4.1.3); the library knows the other name alone.
    inflate: Option<MultiGzDecoder<Vec<u8>>>,
    /// Compressed bytes that came and are still to be undone.
    rest: Vec<u8>,
}

impl Body {
    pub(crate) fn of(response: Response) -> Self {
        let coding = response.headers().get(CONTENT_ENCODING).map(|value| value.as_bytes());
        let is_gzip = coding.is_some_and(|coding| {
            let coding = coding.trim_ascii();
            // The library undoes « gzip » in lower case, and takes the header away.
            coding.eq_ignore_ascii_case(b"x-gzip") || coding.eq_ignore_ascii_case(b"gzip")
        });
        let inflate = is_gzip.then(|| MultiGzDecoder::new(Vec::new()));
        Self { response, inflate, rest: Vec::new() }
    }

    pub(crate) fn response(&self) -> &Response {
        &self.response
    }

    /// The next bytes; `None` at the end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Vec<u8>>, FetchError> {
        loop {
            if self.rest.is_empty() {
                let chunk = self.response.chunk().await;
                match chunk.map_err(|error| FetchError::from_reqwest(&error))? {
                    Some(chunk) if self.inflate.is_none() => return Ok(Some(chunk.to_vec())),
                    Some(chunk) => self.rest = chunk.to_vec(),
                    None => return self.finish(),
                }
            }
            let Some(inflate) = &mut self.inflate else { continue };
            let step: Vec<u8> = self.rest.drain(..self.rest.len().min(STEP)).collect();
            inflate.write_all(&step).map_err(|error| broken(&error))?;
            let out = std::mem::take(inflate.get_mut());
            if !out.is_empty() {
                return Ok(Some(out));
            }
        }
    }

    fn finish(&mut self) -> Result<Option<Vec<u8>>, FetchError> {
        let Some(inflate) = self.inflate.take() else { return Ok(None) };
        let out = inflate.finish().map_err(|error| broken(&error))?;
        Ok((!out.is_empty()).then_some(out))
    }

    /// The first bytes of a body, at least so many where there are.
    pub(crate) async fn first(mut self, enough: usize) -> Result<Vec<u8>, FetchError> {
        let mut first = Vec::new();
        while first.len() < enough
            && let Some(chunk) = self.chunk().await?
        {
            first.extend_from_slice(&chunk);
        }
        Ok(first)
    }
}

fn broken(error: &std::io::Error) -> FetchError {
    FetchError::Network { kind: FailureKind::CutShort, why: error.to_string() }
}

/// Reads a body of at most `limit` bytes, counted after decompression.
pub(crate) async fn read_body(response: Response, limit: u64) -> Result<Vec<u8>, FetchError> {
    let mut incoming = Body::of(response);
    let mut body = Vec::new();
    while let Some(chunk) = incoming.chunk().await? {
        if (body.len() + chunk.len()) as u64 > limit {
            return Err(FetchError::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
