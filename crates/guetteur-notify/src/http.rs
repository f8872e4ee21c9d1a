//! HTTP to receivers that the operator names.

use std::time::Duration;

use reqwest::{Client, Response, StatusCode};

use crate::NotifyError;

const TIMEOUT: Duration = Duration::from_secs(30);

/// A client for webhooks and Mastodon. Redirects are not followed: what is signed goes where the
/// operator said.
pub(crate) fn client() -> Result<Client, NotifyError> {
    // Only the first call in a process can succeed; a provider is there either way.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(concat!("Guetteur/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIMEOUT)
        .build()
        .map_err(|error| NotifyError::Setting { key: "webhook", reason: error.to_string() })
}

/// The status and the first words of an answer that is no success.
pub(crate) async fn refusal(response: Response) -> (StatusCode, String) {
    let status = response.status();
    // Whatever the other side says, a line of it is enough.
    let said = response.text().await.unwrap_or_default();
    let said: String = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let said: String = said.chars().take(200).collect();
    (status, format!("réponse {status} {said}").trim_end().to_owned())
}
