//! A post of an account of the settings, within the limits of its instance.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_publish::ToldAct;
use guetteur_store::ClaimedMessage;
use reqwest::{Client, StatusCode};
use serde::Deserialize;

use crate::http::{refusal, unheard};
use crate::sender::message_id;
use crate::{Mastodon, Outcome};

/// How long a post may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PostLimit {
    /// Characters.
    pub(crate) characters: usize,
    /// What an address counts, however short it is.
    pub(crate) per_url: usize,
}

impl PostLimit {
    /// Characters left beside an address in a line of its own.
    pub(crate) fn beside(self, url: &str) -> usize {
        self.characters.saturating_sub(url.chars().count().max(self.per_url) + 1)
    }
}

impl Default for PostLimit {
    /// Mastodon as it is installed.
    fn default() -> Self {
        Self { characters: 500, per_url: 23 }
    }
}

/// An instance is asked again after so long.
const ASKED_EVERY: TimeDelta = TimeDelta::days(1);

/// What instances say of themselves.
#[derive(Default)]
pub(crate) struct PostLimits(Mutex<HashMap<String, (DateTime<Utc>, PostLimit)>>);

/// `GET /api/v2/instance`: as far as it matters here.
#[derive(Deserialize)]
struct Instance {
    configuration: Configuration,
}

#[derive(Deserialize)]
struct Configuration {
    statuses: Statuses,
}

#[derive(Deserialize)]
struct Statuses {
    max_characters: usize,
    #[serde(default)]
    characters_reserved_per_url: Option<usize>,
}

impl PostLimits {
    /// The limit of an account's instance. One that does not say has the usual one.
    pub(crate) async fn of(
        &self,
        client: &Client,
        account: &Mastodon,
        now: DateTime<Utc>,
    ) -> PostLimit {
        if let Some((_, limit)) = self.known(account).filter(|(at, _)| now - *at < ASKED_EVERY) {
            return limit;
        }
        let limit = asked(client, account).await.unwrap_or_default();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(account.instance.clone(), (now, limit));
        limit
    }

    fn known(&self, account: &Mastodon) -> Option<(DateTime<Utc>, PostLimit)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&account.instance).copied()
    }
}

async fn asked(client: &Client, account: &Mastodon) -> Option<PostLimit> {
    let address = format!("{}/api/v2/instance", account.instance);
    let answer = client.get(address).send().await.ok()?.error_for_status().ok()?;
    let Instance { configuration: Configuration { statuses } } = answer.json().await.ok()?;
    let usual = PostLimit::default();
    Some(PostLimit {
        characters: statuses.max_characters.max(SHORTEST),
        per_url: statuses.characters_reserved_per_url.unwrap_or(usual.per_url),
    })
}

/// Shorter posts than this say nothing; an instance that wants them is not understood.
const SHORTEST: usize = 140;

/// An act in a post. What is too long is cut in the title; the address is never cut.
pub(crate) fn status(act: &ToldAct, limit: PostLimit) -> String {
    let mut head = Vec::new();
    head.extend(act.mark.map(|mark| format!("[{mark}]")));
    head.extend(act.categories.first().cloned());
    head.push(format!("— {}", act.prefecture));
    let mut rest = String::new();
    for line in [act.period.as_ref().map(|period| format!("Effet {period}")), act.notice.clone()] {
        rest.extend(line.map(|line| format!("\n{line}")));
    }
    // The head ends with a line break too.
    let room = limit.beside(&act.url).saturating_sub(1);
    let head = shortened(&head.join(" "), 140.min(room / 3));
    let rest = shortened(&rest, 160.min(room / 3));
    let left = room.saturating_sub(head.chars().count() + rest.chars().count());
    format!("{head}\n{}{rest}\n{}", shortened(&act.title, left), act.url)
}

/// At most `most` characters, with an ellipsis where some were cut.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Posts a message.
pub(crate) async fn post(
    client: &Client,
    account: &Mastodon,
    message: &ClaimedMessage,
    status: &str,
) -> Outcome {
    post_as(client, account, &message_id(message), status, &account.visibility).await
}

/// Posts with a visibility and under a key of its own.
pub(crate) async fn post_as(
    client: &Client,
    account: &Mastodon,
    key: &str,
    status: &str,
    visibility: &str,
) -> Outcome {
    let address = format!("{}/api/v1/statuses", account.instance);
    let post = serde_json::json!({
        "status": status,
        "visibility": visibility,
        "language": "fr",
    });
    let request =
        client.post(address).bearer_auth(&account.token).header("idempotency-key", key).json(&post);
    match request.send().await {
        Err(error) if error.is_connect() => Outcome::NotSent(unheard(&error)),
        Err(error) => Outcome::Unheard(unheard(&error)),
        Ok(response) if response.status().is_success() => Outcome::Sent,
        Ok(response) => match refusal(response).await {
            (StatusCode::UNPROCESSABLE_ENTITY, said) => Outcome::Refused(said),
            // A gateway may have lost the answer of a server that posted.
            (status, said) if status.is_server_error() => Outcome::Unheard(said),
            (_, said) => Outcome::NotSent(said),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(title: &str) -> ToldAct {
        let mut act = ToldAct::default();
        act.mark = Some("À confirmer");
        title.clone_into(&mut act.title);
        act.prefecture = "Préfecture de l'Hérault".to_owned();
        act.categories = vec!["Drones et hélicoptères : autorise".to_owned()];
        act.period = Some("du samedi 22 février 2025 à 12 h au lundi 24 février 2025".to_owned());
        act.url = "https://guetteur.example/acte/12".to_owned();
        act
    }

    #[test]
    fn a_post_says_what_where_when_and_ends_with_the_address() {
        let expected = "[À confirmer] Drones et hélicoptères : autorise — Préfecture de l'Hérault\n\
                        Arrêté\nEffet du samedi 22 février 2025 à 12 h au lundi 24 février 2025\n\
                        https://guetteur.example/acte/12";
        assert_eq!(status(&act("Arrêté"), PostLimit::default()), expected);
    }

    #[test]
    fn no_post_is_too_long() {
        let limits = [(140, 23), (300, 23), (500, 23), (500, 60), (5000, 23)];
        for (characters, per_url) in limits {
            let limit = PostLimit { characters, per_url };
            let counted = |post: &str, act: &ToldAct| {
                post.chars().count() - act.url.chars().count()
                    + act.url.chars().count().max(per_url)
            };
            for length in [10, 250, 300, 1000, 5000] {
                let mut act = act(&"é".repeat(length));
                let post = status(&act, limit);
                assert!(counted(&post, &act) <= characters, "{length} of {characters}");
                assert!(post.ends_with("/acte/12"), "{post}");
                act.prefecture = "P".repeat(length);
                act.notice = Some("n".repeat(length));
                "https://g.fr/acte/12".clone_into(&mut act.url);
                assert!(counted(&status(&act, limit), &act) <= characters, "{length}");
            }
            let full = status(&act(&"é".repeat(6000)), limit);
            assert!(full.contains('…') && counted(&full, &act("")) == characters);
        }
    }
}
