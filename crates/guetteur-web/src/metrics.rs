//! What is measured, served apart from the site.

use std::future::Future;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use crate::connections::{self, ConnectionLimits};

/// Whoever asks for measures asks from a few places, every quarter of a minute.
const CONNECTIONS: usize = 64;

/// Serves `text` as `/metrics` on `listener` until `shutdown`; an error is a 503 with its words.
pub async fn serve_metrics<Measured: Future<Output = Result<String, String>> + Send>(
    listener: TcpListener,
    text: impl Fn() -> Measured + Clone + Send + Sync + 'static,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let answer = move || {
        let text = text.clone();
        async move { page(text().await) }
    };
    let router = Router::new().route("/metrics", get(answer));
    let limits = ConnectionLimits::within(CONNECTIONS * 4, false);
    connections::serve(listener, router, limits, shutdown).await;
}

fn page(measured: Result<String, String>) -> Response {
    match measured {
        Ok(text) => {
            ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
        }
        Err(error) => {
            tracing::warn!(error, "measuring failed");
            (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response()
        }
    }
}
