//! A test message by each way, past the outbox: it proves the settings, and is not told twice.

use guetteur_model::Sha256;
use guetteur_publish::Catalogue;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use reqwest::Client;
use serde_json::json;

use crate::smtp::{Delivery, Postman};
use crate::{Mail, NotifyError, Outcome, Settings, mailbox, mastodon, webhook};

/// What it says.
fn words(catalogue: &Catalogue) -> String {
    let site = &catalogue.site;
    format!(
        "Message d’essai de {} ({}), envoyé par « guetteur notify --test ». S’il est arrivé, les \
         alertes arriveront.",
        site.title, site.base_url
    )
}

/// Sends it by all ways that are set. Posts are seen by the account alone.
pub(crate) async fn send(
    catalogue: &Catalogue,
    settings: &Settings,
    client: &Client,
    to: Option<&str>,
) -> Result<Vec<(String, Outcome)>, NotifyError> {
    let now = catalogue.now();
    let id = Sha256::of(format!("essai {}", now.to_rfc3339()).as_bytes()).to_string();
    let mut tried = Vec::new();
    if let Some(mail) = &settings.mail {
        let to = match to {
            Some(address) => mailbox("--to", address)?,
            None => mail.from.clone(),
        };
        let way = format!("mail {}", to.email);
        tried.push((way, letter(catalogue, mail, to, &id).await?));
    }
    for receiver in &settings.webhooks {
        let body = json!({
            "type": "test",
            "id": id[..32],
            "created_at": now,
            "query": receiver.query,
            "acts": [],
            "note": words(catalogue),
        });
        let sent = webhook::post_as(client, receiver, &id[..32], body.to_string(), now).await;
        tried.push((format!("webhook {}", receiver.name), sent));
    }
    for account in &settings.mastodon {
        let key = format!("{}-{}", &id[..16], account.name);
        let sent = mastodon::post_as(client, account, &key, &words(catalogue), "direct").await;
        tried.push((format!("mastodon {}", account.name), sent));
    }
    Ok(tried)
}

async fn letter(
    catalogue: &Catalogue,
    mail: &Mail,
    to: Mailbox,
    id: &str,
) -> Result<Outcome, NotifyError> {
    let (text, host) = (words(catalogue), catalogue.site.host());
    let html = format!("<!doctype html><html lang=\"fr\"><p>{text}</p></html>");
    let mut letter = Message::builder()
        .message_id(Some(format!("<{}@{host}>", &id[..32])))
        .date(std::time::SystemTime::from(catalogue.now()))
        .from(mail.from.clone())
        .to(to)
        .subject(format!("{} : message d’essai", catalogue.site.title))
        .multipart(MultiPart::alternative_plain_html(text, html))
        .map_err(|error| NotifyError::Letter(error.to_string()))?;
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    letter.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
    let mut postman = Postman::new(mail.clone(), &host);
    let delivery = postman.send(&letter, async || true).await;
    postman.close().await;
    Ok(match delivery {
        Ok(Delivery::Sent) => Outcome::Sent,
        Ok(Delivery::Unheard(error)) => Outcome::Unheard(error),
        Ok(Delivery::Refused(error) | Delivery::Bounced(error)) => Outcome::Refused(error),
        Ok(Delivery::NotSent(error) | Delivery::TooMany(error)) | Err(error) => {
            Outcome::NotSent(error)
        }
    })
}
