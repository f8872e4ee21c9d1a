//! HTTP to receivers that the operator names.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_fetch::{FetchError, Names, parse_retry_after};
use guetteur_model::FailureKind;
use guetteur_publish::failure_words;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Response, StatusCode};
use url::Url;

use crate::{NotifyError, Outcome, Settings};

const TIMEOUT: Duration = Duration::from_secs(30);

/// A client for webhooks and Mastodon. Redirects are not followed: what is signed goes where the
/// operator said, and to public addresses alone, unless the settings open the others.
pub(crate) fn client(settings: &Settings) -> Result<Client, NotifyError> {
    let names = Names::new(settings.private_addresses);
    let webhooks = settings.webhooks.iter().map(|webhook| ("webhook.url", &webhook.url));
    let mastodon = settings.mastodon.iter().map(|account| ("mastodon.instance", &account.instance));
    let hub = settings.hub.iter().map(|hub| ("site.websub_hub", hub));
    for (key, address) in webhooks.chain(mastodon).chain(hub) {
        let number = Url::parse(address).is_ok_and(|url| names.check(&url).is_err());
        if number {
            let reason = format!(
                "« {address} » est une adresse privée : fetch.private_addresses = true les permet"
            );
            return Err(NotifyError::Setting { key, reason });
        }
    }
    // Only the first call in a process can succeed; a provider is there either way.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(concat!("Guetteur/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIMEOUT)
        .dns_resolver(Arc::new(names))
        .build()
        .map_err(|error| NotifyError::Setting { key: "webhook", reason: error.to_string() })
}

/// Why no answer was heard, in words for the operator: the library's own name nothing but the step.
pub(crate) fn unheard(error: &reqwest::Error) -> String {
    let failure = FetchError::from_reqwest(error).failure();
    let words = match failure.kind {
        FailureKind::Inward => INSIDE.to_owned(),
        _ => failure_words::sentence(&failure),
    };
    match words.contains(&failure.detail) {
        true => words,
        false => format!("{words} ({})", failure.detail),
    }
}

/// What is told of a receiver at a private address.
pub(crate) const INSIDE: &str = "adresse privée (fetch.private_addresses = true les permet)";

/// Whether an address is written as a number and private, where those are not allowed; names are looked
/// at when they are connected to.
pub(crate) fn is_inside(address: &str, allowed: bool) -> bool {
    let names = Names::new(allowed);
    !Url::parse(address).is_ok_and(|url| names.check(&url).is_ok())
}

/// What an answer that is no success means: the receiver is gone for good (410), wants nothing before some
/// time (`Retry-After`), or did not take it.
pub(crate) async fn not_taken(response: Response, now: DateTime<Utc>) -> Outcome {
    let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let asked = asked.and_then(|value| parse_retry_after(value, now.into()));
    let asked = asked.and_then(|wait| TimeDelta::from_std(wait).ok());
    match (refusal(response).await, asked) {
        // https://www.standardwebhooks.com: to be disabled.
        ((StatusCode::GONE, said), _) => Outcome::Gone(said),
        ((_, said), Some(wait)) => Outcome::Later(said, wait),
        ((_, said), None) => Outcome::NotSent(said),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Webhook;

    fn settings(url: &str, private_addresses: bool) -> Settings {
        let webhook = Webhook {
            name: "veille".to_owned(),
            url: url.to_owned(),
            key: b"secret".to_vec(),
            query: String::new(),
            about: guetteur_store::About::Acts,
        };
        Settings { webhooks: vec![webhook], private_addresses, ..Settings::default() }
    }

    #[tokio::test]
    async fn no_receiver_is_inside_unless_the_settings_say_so() {
        for address in
            ["http://127.0.0.1:9/", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/"]
        {
            let error = client(&settings(address, false)).expect_err(address).to_string();
            assert!(error.contains("fetch.private_addresses"), "{error}");
            client(&settings(address, true)).expect("allowed");
        }
        // A name is looked at when it is connected to.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
        let port = listener.local_addr().expect("address").port();
        let address = format!("http://localhost:{port}/");
        let post = client(&settings(&address, false)).expect("client").post(&address).send();
        let error = post.await.expect_err("inside");
        assert!(unheard(&error).contains("fetch.private_addresses"), "{error}");
    }

    #[tokio::test]
    async fn the_operator_hears_why_there_was_no_answer() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
        let port = listener.local_addr().expect("address").port();
        // Whatever is said to it, a few bytes that are no TLS and no whole answer.
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut heard = [0; 1024];
                let _ = stream.read(&mut heard).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-le").await;
            }
        });
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
        let nobody = closed.local_addr().expect("address").port();
        drop(closed);
        for (address, expected) in [
            (format!("http://127.0.0.1:{nobody}/"), "connexion impossible (Connection refused"),
            (format!("https://127.0.0.1:{port}/"), "connexion chiffrée impossible (received"),
            (format!("http://127.0.0.1:{port}/"), "réponse interrompue avant sa fin ("),
        ] {
            let post = client(&settings(&address, true)).expect("client").post(&address).send();
            let why = unheard(&post.await.expect_err("no answer"));
            assert!(why.starts_with(expected), "{why}");
        }
    }
}
