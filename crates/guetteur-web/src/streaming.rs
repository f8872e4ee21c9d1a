//! Answers of any size, sent as they are made: the reader's pace is the writer's.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tokio_stream::wrappers::ReceiverStream;

use guetteur_publish::export::ExportError;

/// Where the pieces of an answer go. It holds few: a slow reader makes the writer wait.
pub(crate) type Sender = tokio::sync::mpsc::Sender<Result<Vec<u8>, std::io::Error>>;

/// Bytes of a piece.
const PIECE: usize = 64 * 1024;

/// An answer to be saved as `name`, made by `write` while it is sent.
pub(crate) fn streamed<F>(
    name: &str,
    media_type: &'static str,
    write: impl FnOnce(Sender) -> F,
) -> Response
where
    F: Future<Output = Result<(), ExportError>> + Send + 'static,
{
    let (sender, receiver) = tokio::sync::mpsc::channel(4);
    let writing = write(sender.clone());
    tokio::spawn(async move {
        if let Err(error) = writing.await {
            tracing::warn!(%error, "an export stopped before its end");
            let _ = sender.send(Err(std::io::Error::other(error))).await;
        }
    });
    let body = Body::from_stream(ReceiverStream::new(receiver));
    let mut response = ([(CONTENT_TYPE, media_type)], body).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}

/// Sends what is written in pieces. It blocks: for `spawn_blocking`.
pub(crate) struct ChannelWriter {
    sender: Sender,
    buffer: Vec<u8>,
}

impl ChannelWriter {
    /// A writer that sends `buffer` first.
    pub(crate) fn new(sender: Sender, buffer: Vec<u8>) -> Self {
        Self { sender, buffer }
    }
}

impl std::io::Write for ChannelWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let piece = std::mem::take(&mut self.buffer);
        self.sender
            .blocking_send(Ok(piece))
            .map_err(|_| std::io::Error::new(std::io::ErrorKind::BrokenPipe, "the reader left"))
    }
}
