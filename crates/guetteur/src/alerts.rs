//! Alerts: the settings as `guetteur-notify` takes them, and its loop beside the site.

use std::future::Future;

use anyhow::{Context, Result, bail};
use guetteur_notify::{Mail, Mastodon, Notifier, Settings, Tls, Webhook, mailbox};
use guetteur_publish::Catalogue;

use crate::config::{self, Config};

/// The ways that the settings name.
///
/// # Errors
/// Names the setting that cannot be used, and what to write instead.
pub fn settings(config: &Config) -> Result<Settings> {
    Ok(Settings {
        mail: mail(config)?,
        webhooks: webhooks(&config.webhook)?,
        mastodon: mastodon(&config.mastodon)?,
    })
}

fn mail(config: &Config) -> Result<Option<Mail>> {
    let set = &config.mail;
    if set.digest_hour > 23 {
        bail!("mail.digest_hour = {} : attendu de 0 à 23", set.digest_hour);
    }
    let tls = Tls::parse(&set.tls)?;
    if set.server.is_empty() {
        return Ok(None);
    }
    if config.site.base_url.is_empty() {
        bail!("site.base_url est vide : les liens des e-mails ne mèneraient nulle part");
    }
    Ok(Some(Mail {
        server: set.server.clone(),
        port: if set.port == 0 { tls.port() } else { set.port },
        tls,
        credentials: (!set.user.is_empty()).then(|| (set.user.clone(), set.password.clone())),
        from: mailbox("mail.from", &set.from)?,
        authority: Some(set.authority.clone()).filter(|path| !path.as_os_str().is_empty()),
    }))
}

fn webhooks(set: &[config::Webhook]) -> Result<Vec<Webhook>> {
    let mut webhooks: Vec<Webhook> = Vec::new();
    for webhook in set {
        let config::Webhook { name, url, secret, query } = webhook.clone();
        if name.is_empty() || webhooks.iter().any(|other| other.name == name) {
            bail!("webhook.name = « {name} » : chaque webhook a un nom à lui");
        }
        config::optional_url("webhook.url", &url, config::WEB)?
            .with_context(|| format!("webhook « {name} » : url est vide"))?;
        if secret.is_empty() {
            bail!("webhook « {name} » : secret est vide, les envois ne pourraient être signés");
        }
        webhooks.push(Webhook { name, url, secret, query });
    }
    Ok(webhooks)
}

fn mastodon(set: &config::Mastodon) -> Result<Option<Mastodon>> {
    if config::optional_url("mastodon.instance", &set.instance, config::WEB)?.is_none() {
        return Ok(None);
    }
    if set.token.is_empty() {
        bail!("mastodon.token est vide : un jeton d'accès avec le droit write:statuses");
    }
    if !["public", "unlisted", "private", "direct"].contains(&set.visibility.as_str()) {
        let visibility = &set.visibility;
        bail!(
            "mastodon.visibility = « {visibility} » : attendu public, unlisted, private ou direct"
        );
    }
    Ok(Some(Mastodon {
        instance: set.instance.clone(),
        token: set.token.clone(),
        query: set.query.clone(),
        visibility: set.visibility.clone(),
    }))
}

/// Looks for what is to be told and sends it until `stop`, as `worker`. Without any way set there is
/// nothing to do.
pub(crate) async fn run(
    catalogue: Catalogue,
    config: &Config,
    worker: String,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let settings = settings(config)?;
    if settings.channels().is_empty() {
        return Ok(());
    }
    Notifier::new(catalogue, settings, worker).await?.run(stop).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(toml: &str) -> Result<Settings> {
        settings(&toml::from_str(toml).expect("TOML"))
    }

    const MAIL: &str = "[site]\nbase_url = 'https://g.example'\n[mail]\nserver = 'smtp.example'\n";

    #[test]
    fn nothing_is_sent_until_a_way_is_set() {
        assert!(told("").expect("valid").channels().is_empty());
    }

    #[test]
    fn the_port_follows_the_protection() {
        for (tls, port) in [("starttls", 587), ("implicit", 465), ("none", 25)] {
            let set = format!("{MAIL}from = 'Guetteur <a@g.example>'\ntls = '{tls}'\n");
            assert_eq!(told(&set).expect("valid").mail.expect("mail").port, port);
        }
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let webhook = "[[webhook]]\nname = 'a'\nurl = 'https://a.example'\nsecret = 'x'\n";
        let cases = [
            ("[mail]\nserver = 'smtp.example'\n".to_owned(), "site.base_url"),
            (MAIL.to_owned(), "mail.from"),
            (format!("{MAIL}from = 'personne'\n"), "mail.from"),
            ("[mail]\ntls = 'ssl'\n".to_owned(), "mail.tls"),
            ("[mail]\ndigest_hour = 24\n".to_owned(), "mail.digest_hour"),
            (format!("{webhook}{webhook}"), "webhook.name"),
            ("[[webhook]]\nname = 'a'\nsecret = 'x'\n".to_owned(), "url"),
            ("[[webhook]]\nname = 'a'\nurl = 'https://a.example'\n".to_owned(), "secret"),
            ("[mastodon]\ninstance = 'mamot.fr'\n".to_owned(), "mastodon.instance"),
            ("[mastodon]\ninstance = 'https://m.example'\n".to_owned(), "mastodon.token"),
            (
                "[mastodon]\ninstance = 'https://m.example'\ntoken = 'x'\nvisibility = 'all'\n"
                    .to_owned(),
                "mastodon.visibility",
            ),
        ];
        for (toml, named) in cases {
            let error = told(&toml).err().map(|error| format!("{error:#}")).unwrap_or_default();
            assert!(error.contains(named), "{toml}: {error}");
        }
    }
}
