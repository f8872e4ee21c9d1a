//! `[mail]`, `[[webhook]]`, `[mastodon]`, `[[mastodon_account]]`: alerts.

use std::path::PathBuf;

use guetteur_notify::Tls;
use guetteur_store::About;
use guetteur_web::MailRight;
use serde::{Deserialize, Serialize};
use url::Url;

use super::values::{Secret, Visibility, optional, text};

/// Alerts by mail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Mail {
    #[serde(with = "optional")]
    pub server: Option<String>,
    pub port: u16,
    #[serde(with = "text")]
    pub tls: Tls,
    #[serde(with = "optional")]
    pub user: Option<String>,
    #[serde(with = "optional")]
    pub password: Option<Secret>,
    #[serde(with = "optional")]
    pub authority: Option<PathBuf>,
    pub from: String,
    #[serde(with = "optional")]
    pub operator: Option<String>,
    pub digest_hour: u32,
    pub connections: usize,
    pub per_provider: u32,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            server: None,
            port: 0,
            tls: Tls::StartTls,
            user: None,
            password: None,
            authority: None,
            from: String::new(),
            operator: None,
            digest_hour: 7,
            connections: 4,
            per_provider: 100,
        }
    }
}

/// Alerts by webhook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhook {
    /// What it is called; what it was told is noted under this name.
    pub name: String,
    /// Where messages are posted.
    #[serde(with = "optional")]
    pub url: Option<Url>,
    /// What they are signed with.
    #[serde(with = "optional")]
    pub secret: Option<Secret>,
    /// The list it follows: what stands behind `?` in the address of a search.
    pub query: String,
    /// `acts` of that list, or `alarms`: what is wrong, for the operator.
    pub about: About,
}

impl Default for Webhook {
    fn default() -> Self {
        let (name, query) = (String::new(), String::new());
        Self { name, url: None, secret: None, query, about: About::Acts }
    }
}

/// A key with which programs make subscriptions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiKey {
    /// What it is called; the subscriptions made with it are kept under this name.
    pub name: String,
    /// The key itself.
    #[serde(with = "optional")]
    pub key: Option<Secret>,
    /// Whether it may sign people up by mail, and whether they confirm.
    #[serde(with = "text")]
    pub mail: MailRight,
}

impl Default for ApiKey {
    fn default() -> Self {
        Self { name: String::new(), key: None, mail: MailRight::Confirm }
    }
}

/// Alerts on Mastodon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Mastodon {
    #[serde(with = "optional")]
    pub instance: Option<Url>,
    #[serde(with = "optional")]
    pub token: Option<Secret>,
    pub query: String,
    #[serde(with = "text")]
    pub visibility: Visibility,
}

impl Default for Mastodon {
    fn default() -> Self {
        Self { instance: None, token: None, query: String::new(), visibility: Visibility::Unlisted }
    }
}

/// A further account on Mastodon, by theme or place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MastodonAccount {
    /// What it is called; what it was told is noted under this name.
    pub name: String,
    /// Address of its server.
    #[serde(with = "optional")]
    pub instance: Option<Url>,
    /// Its access token.
    #[serde(with = "optional")]
    pub token: Option<Secret>,
    /// The list it posts: what stands behind `?` in the address of a search.
    pub query: String,
    /// Who sees its posts.
    #[serde(with = "text")]
    pub visibility: Visibility,
}

impl Default for MastodonAccount {
    fn default() -> Self {
        let Mastodon { instance, token, query, visibility } = Mastodon::default();
        Self { name: String::new(), instance, token, query, visibility }
    }
}
