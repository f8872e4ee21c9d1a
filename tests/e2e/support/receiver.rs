//! A receiver of webhooks and posts that answers as the test says, and keeps what it was sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

#[derive(Default)]
struct Book {
    received: Vec<Received>,
    answers: VecDeque<Reply>,
}

/// A status, and when to come back.
struct Reply {
    status: u16,
    retry_after: Option<&'static str>,
}

/// What it says of itself as an instance of Mastodon: posts are shorter than elsewhere.
pub(crate) const MOST_CHARACTERS: usize = 200;

/// A running receiver.
#[derive(Clone)]
pub(crate) struct Receiver {
    book: Arc<Mutex<Book>>,
    pub(crate) address: String,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let book = Arc::new(Mutex::new(Book::default()));
        let router = Router::new().fallback(take).with_state(Arc::clone(&book));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
        let address = format!("http://{}", listener.local_addr().expect("address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { book, address }
    }

    /// The next answers; after them, 200.
    pub(crate) fn answer(&self, statuses: &[u16]) {
        let replies = statuses.iter().map(|status| Reply { status: *status, retry_after: None });
        self.book.lock().expect("book").answers.extend(replies);
    }

    /// The next answer says when to come back.
    pub(crate) fn answer_later(&self, status: u16, retry_after: &'static str) {
        let reply = Reply { status, retry_after: Some(retry_after) };
        self.book.lock().expect("book").answers.push_back(reply);
    }

    /// Whether nothing came since [`Self::take`].
    pub(crate) fn is_idle(&self) -> bool {
        self.book.lock().expect("book").received.is_empty()
    }

    /// What came since this was last asked.
    pub(crate) fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.book.lock().expect("book").received)
    }
}

async fn take(
    State(book): State<Arc<Mutex<Book>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, String) {
    if uri.path() == "/api/v2/instance" {
        let limit = serde_json::json!({ "max_characters": MOST_CHARACTERS });
        let instance = serde_json::json!({ "configuration": { "statuses": limit } });
        return (StatusCode::OK, HeaderMap::new(), instance.to_string());
    }
    let mut book = book.lock().expect("book");
    let body = String::from_utf8(body.to_vec()).expect("text");
    book.received.push(Received { path: uri.path().to_owned(), headers, body });
    let reply = book.answers.pop_front().unwrap_or(Reply { status: 200, retry_after: None });
    let later = reply.retry_after.map(|value| (RETRY_AFTER, HeaderValue::from_static(value)));
    let status = StatusCode::from_u16(reply.status).expect("status");
    (status, later.into_iter().collect(), String::new())
}
