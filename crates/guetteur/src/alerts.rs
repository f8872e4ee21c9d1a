//! Alerts: the settings as `guetteur-notify` takes them, and its loop beside the site.

use std::future::Future;
use std::sync::Arc;

use anyhow::Result;
use chrono::TimeDelta;
use guetteur_law::Library;
use guetteur_notify::{
    Mail, Mastodon, Notifier, Settings, Webhook, is_of_hub, mailbox, signing_key,
};
use guetteur_publish::Catalogue;
use guetteur_publish::address::Filters;
use guetteur_store::About;

use crate::app;
use crate::config::{self, Config, Fault, Secret};

/// Characters of the shortest key of a program.
const LEAST_KEY_CHARS: usize = 16;

/// The ways that the settings name.
///
/// # Errors
/// Names the setting that cannot be used, and what to write instead.
pub fn settings(config: &Config) -> Result<Settings, Fault> {
    Ok(Settings {
        mail: mail(config)?,
        webhooks: webhooks(config)?,
        api_keys: api_keys(&config.api_key)?,
        hub: hub(config)?,
        mastodon: accounts(config)?,
        private_addresses: config.fetch.private_addresses,
        blind_after: TimeDelta::from_std(config.watch.blind_after).unwrap_or(TimeDelta::MAX),
        watched: config.sources.only.clone(),
        law: Arc::default(),
    })
}

fn mail(config: &Config) -> Result<Option<Mail>, Fault> {
    let set = &config.mail;
    let Some(server) = set.server.clone() else { return Ok(None) };
    if config.site.base_url.is_none() {
        let why = "vide : les liens des e-mails ne mèneraient nulle part";
        return Err(Fault::new("site.base_url", why));
    }
    let from = mailbox("mail.from", &set.from).map_err(|_| {
        let from = &set.from;
        Fault::new("mail.from", format!("« {from} » : attendu Guetteur <alertes@exemple.fr>"))
    })?;
    let operator = set.operator.as_ref().map(|address| {
        let read = mailbox("mail.operator", address).map(|mailbox| mailbox.email.to_string());
        read.map_err(|_| {
            Fault::new("mail.operator", format!("« {address} » : attendu vous@exemple.fr"))
        })
    });
    let password = || set.password.as_ref().map(Secret::expose).unwrap_or_default().to_owned();
    Ok(Some(Mail {
        server,
        port: if set.port == 0 { set.tls.port() } else { set.port },
        tls: set.tls,
        credentials: set.user.clone().map(|user| (user, password())),
        from,
        operator: operator.transpose()?,
        connections: set.connections,
        per_provider: set.per_provider,
        authority: set.authority.clone(),
    }))
}

/// Without a public address a hub would be told of feeds that it cannot ask for.
fn hub(config: &Config) -> Result<Option<String>, Fault> {
    let hub = config.site.websub_hub.as_ref().map(ToString::to_string);
    if hub.is_some() && config.site.base_url.is_none() {
        let why = "vide : site.websub_hub ne saurait où lire les flux";
        return Err(Fault::new("site.base_url", why));
    }
    Ok(hub)
}

/// Refuses a list that would hold something else than the operator thinks: a word that is misread is a filter
/// less.
fn check_list(key: &str, query: &str, config: &Config) -> Result<(), Fault> {
    let list = Filters::to_keep(query);
    let mut wrong: Vec<String> = list.misread.into_iter().chain(list.guessed).collect();
    if !list.prefectures.is_empty() {
        let known = app::registry(config).and_then(|all| app::select(&all, &list.prefectures));
        wrong.extend(known.err().map(|error| error.to_string()));
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(Fault::new(
            key,
            format!(
                "« {query} » : {} ; attendu ce qui suit « ? » dans l'adresse d'une liste du site",
                wrong.join(" ; ")
            ),
        )),
    }
}

fn webhooks(config: &Config) -> Result<Vec<Webhook>, Fault> {
    let mut webhooks: Vec<Webhook> = Vec::new();
    for webhook in &config.webhook {
        let config::Webhook { name, url, secret, query, about } = webhook.clone();
        let wrong = |key: &str, why: &str| Fault::new(key, format!("« {name} » : {why}"));
        if name.is_empty() || webhooks.iter().any(|other| other.name == name) {
            return Err(wrong("webhook.name", "chaque webhook a un nom à lui"));
        }
        if is_of_hub(&name) {
            return Err(wrong("webhook.name", "ces noms sont ceux des listes de site.websub_hub"));
        }
        let url = url.ok_or_else(|| wrong("webhook.url", "il manque l'adresse des envois"))?;
        let secret = secret.ok_or_else(|| {
            wrong("webhook.secret", "il manque de quoi signer les envois : whsec_ et ce que donne « openssl rand -base64 32 »")
        })?;
        let key = signing_key(secret.expose()).map_err(|why| {
            let write = "écrire whsec_ et ce que donne « openssl rand -base64 32 »";
            let why =
                format!("les bibliothèques ne sauraient pas vérifier ce secret : {why} ; {write}");
            wrong("webhook.secret", &why)
        })?;
        if about == About::Acts {
            check_list("webhook.query", &query, config)?;
        }
        webhooks.push(Webhook { name, url: url.to_string(), key, query, about });
    }
    Ok(webhooks)
}

/// The names of the keys of programs, each with a key that cannot be guessed.
fn api_keys(set: &[config::ApiKey]) -> Result<Vec<String>, Fault> {
    let mut names: Vec<String> = Vec::new();
    for config::ApiKey { name, key, .. } in set {
        let wrong = |setting: &str, why: &str| Fault::new(setting, format!("« {name} » : {why}"));
        if name.is_empty() || names.contains(name) {
            return Err(wrong("api_key.name", "chaque clé a un nom à elle"));
        }
        let long = |key: &Secret| key.expose().chars().count() >= LEAST_KEY_CHARS;
        if !key.as_ref().is_some_and(long) {
            let why = "au moins 16 caractères (par exemple ce que donne « openssl rand -hex 16 »)";
            return Err(wrong("api_key.key", why));
        }
        names.push(name.clone());
    }
    Ok(names)
}

/// The account of `[mastodon]`, called by its instance, and those of `[[mastodon_account]]`.
fn accounts(config: &Config) -> Result<Vec<Mastodon>, Fault> {
    let mut accounts = Vec::new();
    let account = |name: &str, instance: &url::Url, token: &Secret, query: &str, visibility| {
        let visibility: config::Visibility = visibility;
        Mastodon {
            name: name.to_owned(),
            instance: instance.as_str().trim_end_matches('/').to_owned(),
            token: token.expose().to_owned(),
            query: query.to_owned(),
            visibility: visibility.word().to_owned(),
        }
    };
    let set = &config.mastodon;
    if let Some(instance) = &set.instance {
        let token = set.token.as_ref().ok_or_else(|| {
            Fault::new("mastodon.token", "vide : un jeton d'accès avec le droit write:statuses")
        })?;
        let name = instance.as_str().trim_end_matches('/');
        check_list("mastodon.query", &set.query, config)?;
        accounts.push(account(name, instance, token, &set.query, set.visibility));
    }
    for set in &config.mastodon_account {
        let wrong = |key: &str, why: &str| Fault::new(key, format!("« {} » : {why}", set.name));
        if set.name.is_empty() || accounts.iter().any(|other| other.name == set.name) {
            return Err(wrong("mastodon_account.name", "chaque compte a un nom à lui"));
        }
        let instance = set
            .instance
            .as_ref()
            .ok_or_else(|| wrong("mastodon_account.instance", "il manque l'adresse du serveur"))?;
        let token = set.token.as_ref().ok_or_else(|| {
            wrong(
                "mastodon_account.token",
                "il manque un jeton d'accès avec le droit write:statuses",
            )
        })?;
        check_list("mastodon_account.query", &set.query, config)?;
        accounts.push(account(&set.name, instance, token, &set.query, set.visibility));
    }
    Ok(accounts)
}

/// Looks for what is to be told and sends it until `stop`, as `worker`. Without any way set, what is
/// wrong is still noted, for feeds.
pub(crate) async fn run(
    catalogue: Catalogue,
    law: Arc<Library>,
    config: &Config,
    worker: String,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let settings = Settings { law, ..settings(config)? };
    Notifier::new(catalogue, settings, worker).await?.run(stop).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(toml: &str) -> Result<Settings, String> {
        let config = toml::from_str(toml).map_err(|error| error.to_string())?;
        settings(&config).map_err(|fault| fault.to_string())
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
        const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let unsigned = "[[webhook]]\nname = 'a'\nurl = 'https://a.example'\n";
        let webhook = format!("{unsigned}secret = '{KEY}'\n");
        let account = "[[mastodon_account]]\nname = 'gard'\ninstance = 'https://m.example'\n";
        assert_eq!(told(&webhook).expect("valid").webhooks[0].key.len(), 24);
        let cases = [
            ("[mail]\nserver = 'smtp.example'\n".to_owned(), "site.base_url"),
            (MAIL.to_owned(), "mail.from"),
            (format!("{MAIL}from = 'personne'\n"), "mail.from"),
            ("[site]\nwebsub_hub = 'https://hub.example'\n".to_owned(), "site.base_url"),
            ("[mail]\ntls = 'ssl'\n".to_owned(), "starttls"),
            ("[[api_key]]\nname = 'a'\nkey = 'court'\n".to_owned(), "api_key.key"),
            ("[[api_key]]\nkey = 'une clé assez longue'\n".to_owned(), "api_key.name"),
            ("[[api_key]]\nname = 'a'\nmail = 'oui'\n".to_owned(), "consent"),
            (format!("{webhook}{webhook}"), "webhook.name"),
            (webhook.replace("'a'", "'websub /recherche'"), "webhook.name"),
            (format!("{webhook}query = 'categories=drone'\n"), "webhook.query"),
            (format!("{webhook}query = 'epci=1&categorie=drone'\n"), "webhook.query"),
            (format!("{webhook}query = 'prefecture=999'\n"), "webhook.query"),
            (format!("{account}token = 'x'\nquery = 'niveau=fort'\n"), "mastodon_account.query"),
            (format!("{unsigned}secret = 'un secret'\n"), "commencer par whsec_"),
            (format!("{unsigned}secret = 'whsec_un secret'\n"), "openssl rand -base64 32"),
            (account.to_owned(), "mastodon_account.token"),
            (format!("{account}token = 'x'\n{account}token = 'y'\n"), "mastodon_account.name"),
            ("[[mastodon_account]]\nname = 'a'\n".to_owned(), "mastodon_account.instance"),
            ("[[webhook]]\nname = 'a'\nsecret = 'x'\n".to_owned(), "url"),
            ("[[webhook]]\nname = 'a'\nurl = 'https://a.example'\n".to_owned(), "secret"),
            ("[mastodon]\ninstance = 'mamot.fr'\n".to_owned(), "https://"),
            ("[mastodon]\ninstance = 'https://m.example'\n".to_owned(), "mastodon.token"),
            (
                "[mastodon]\ninstance = 'https://m.example'\ntoken = 'x'\nvisibility = 'all'\n"
                    .to_owned(),
                "unlisted",
            ),
        ];
        for (toml, named) in cases {
            let error = told(&toml).err().unwrap_or_default();
            assert!(error.contains(named), "{toml}: {error}");
        }
    }
}
