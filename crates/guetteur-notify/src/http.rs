//! HTTP to receivers that the operator names.

use std::sync::Arc;
use std::time::Duration;

use guetteur_fetch::Names;
use reqwest::{Client, Response, StatusCode};
use url::Url;

use crate::{NotifyError, Settings};

const TIMEOUT: Duration = Duration::from_secs(30);

/// A client for webhooks and Mastodon. Redirects are not followed: what is signed goes where the
/// operator said, and to public addresses alone, unless the settings open the others.
pub(crate) fn client(settings: &Settings) -> Result<Client, NotifyError> {
    let names = Names::new(settings.private_addresses);
    let webhooks = settings.webhooks.iter().map(|webhook| ("webhook.url", &webhook.url));
    let mastodon = settings.mastodon.iter().map(|account| ("mastodon.instance", &account.instance));
    for (key, address) in webhooks.chain(mastodon) {
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
        let mut cause: &dyn std::error::Error = &error;
        while let Some(next) = cause.source() {
            cause = next;
        }
        assert!(cause.to_string().contains("not public"), "{cause}");
    }
}
