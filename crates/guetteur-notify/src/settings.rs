//! What the operator chose.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use guetteur_law::Library;
use guetteur_store::{About, Receiver, Subscription};
use lettre::message::Mailbox;

use crate::{NotifyError, signing_key};

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// STARTTLS (port 587), refused when the server has none.
    StartTls,
    /// TLS from the first byte (port 465).
    Implicit,
    /// None (port 25): a server on this machine.
    None,
}

impl Tls {
    /// Reads `starttls`, `implicit`, `none`.
    ///
    /// # Errors
    /// For another word.
    pub fn parse(word: &str) -> Result<Self, NotifyError> {
        match word {
            "starttls" => Ok(Self::StartTls),
            "implicit" => Ok(Self::Implicit),
            "none" => Ok(Self::None),
            _ => Err(NotifyError::Setting {
                key: "mail.tls",
                reason: format!("« {word} » : attendu starttls, implicit ou none"),
            }),
        }
    }

    /// The port that servers use.
    #[must_use]
    pub fn port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Implicit => 465,
            Self::None => 25,
        }
    }
}

/// The mail server, and in whose name it sends.
#[derive(Clone)]
pub struct Mail {
    /// Host name.
    pub server: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub tls: Tls,
    /// User and password, where the server asks for them.
    pub credentials: Option<(String, String)>,
    /// Sender.
    pub from: Mailbox,
    /// The mailbox that is told of all that is wrong.
    pub operator: Option<String>,
    /// Connections at a time, at least one.
    pub connections: usize,
    /// Letters a minute to the addresses of one provider; 0: no limit.
    pub per_provider: u32,
    /// PEM file of the authority that signed the server's certificate, where it is no public one.
    pub authority: Option<PathBuf>,
}

/// An address that takes JSON.
#[derive(Clone)]
pub struct Webhook {
    /// What it is called; its mark is kept under this name.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What its messages are signed with ([`crate::signing_key`]).
    pub key: Vec<u8>,
    /// The list it follows, as a query string.
    pub query: String,
    /// What it is told.
    pub about: About,
}

/// An account that posts.
#[derive(Clone)]
pub struct Mastodon {
    /// What it is called; its mark is kept under this name.
    pub name: String,
    /// Address of the server, without a slash at its end.
    pub instance: String,
    /// Access token with the right `write:statuses`.
    pub token: String,
    /// The list it follows, as a query string.
    pub query: String,
    /// `public`, `unlisted`, `private`, `direct`.
    pub visibility: String,
}

/// All ways.
#[derive(Clone, Default)]
pub struct Settings {
    /// By mail, where a server is set.
    pub mail: Option<Mail>,
    /// Webhooks.
    pub webhooks: Vec<Webhook>,
    /// The names of the keys with which programs may make subscriptions.
    pub api_keys: Vec<String>,
    /// The hub (WebSub) that is told which feeds changed, where one is set.
    pub hub: Option<String>,
    /// Accounts, each with a list of its own.
    pub mastodon: Vec<Mastodon>,
    /// Webhooks and Mastodon may be at addresses of this machine or of private networks.
    pub private_addresses: bool,
    /// A source that was not read for so long is blind: its subscribers are told.
    pub blind_after: TimeDelta,
    /// Codes of the sources that are watched; empty: all.
    pub watched: Vec<String>,
    /// The texts of law: how long authorisations last.
    pub law: Arc<Library>,
}

/// Reads an address with or without a name (`Guetteur <alertes@guetteur.example>`).
///
/// # Errors
/// When it is none.
pub fn mailbox(key: &'static str, text: &str) -> Result<Mailbox, NotifyError> {
    text.parse().map_err(|error| NotifyError::Setting {
        key,
        reason: format!(
            "« {text} » n'est pas une adresse ({error}) : Guetteur <alertes@exemple.fr>"
        ),
    })
}

impl Settings {
    /// Receivers of the settings on a channel.
    pub(crate) fn receivers(&self, channel: guetteur_store::Channel) -> Vec<Receiver> {
        use guetteur_store::Channel;
        let receiver = |target: &str, query: &str, about| {
            let (target, query) = (target.to_owned(), query.to_owned());
            Receiver { target, query, about }
        };
        match channel {
            Channel::Mail => {
                let operator = self.mail.iter().filter_map(|mail| mail.operator.as_deref());
                // No list of a reader is called so: lists are query strings.
                operator.map(|address| receiver(address, "alarms", About::Alarms)).collect()
            }
            Channel::Webhook => {
                let webhooks = self.webhooks.iter();
                webhooks.map(|set| receiver(&set.name, &set.query, set.about)).collect()
            }
            Channel::Mastodon => {
                let accounts = self.mastodon.iter();
                accounts.map(|set| receiver(&set.name, &set.query, About::Acts)).collect()
            }
        }
    }

    /// The receiver of a webhook's messages: one of the settings, or one that a program named with a key
    /// that is still set.
    pub(crate) fn webhook_of(&self, subscription: &Subscription) -> Option<Webhook> {
        let Some(key) = &subscription.api_key else {
            return self.webhooks.iter().find(|set| set.name == subscription.target).cloned();
        };
        let signed = subscription.secret.as_deref().and_then(|secret| signing_key(secret).ok());
        Some(Webhook {
            name: subscription.target.clone(),
            url: subscription.target.clone(),
            key: signed.filter(|_| self.api_keys.contains(key))?,
            query: subscription.query.clone(),
            about: subscription.about,
        })
    }

    /// The ways that are set.
    #[must_use]
    pub fn channels(&self) -> Vec<guetteur_store::Channel> {
        use guetteur_store::Channel;
        let mut channels = Vec::new();
        channels.extend(self.mail.as_ref().map(|_| Channel::Mail));
        let named = !self.webhooks.is_empty() || !self.api_keys.is_empty();
        let posts = named || self.hub.is_some();
        channels.extend(posts.then_some(Channel::Webhook));
        channels.extend((!self.mastodon.is_empty()).then_some(Channel::Mastodon));
        channels
    }
}
