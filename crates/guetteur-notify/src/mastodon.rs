//! A post of the configured account.

use guetteur_publish::ToldAct;
use guetteur_store::ClaimedMessage;
use reqwest::{Client, StatusCode};

use crate::http::refusal;
use crate::sender::message_id;
use crate::{Mastodon, Outcome};

/// Characters of a post.
const MOST_CHARS: usize = 500;

/// An act in a post. What is too long is cut in the title; the address is never cut.
pub(crate) fn status(act: &ToldAct) -> String {
    let mut head = Vec::new();
    head.extend(act.mark.map(|mark| format!("[{mark}]")));
    head.extend(act.categories.first().cloned());
    head.push(format!("— {}", act.prefecture));
    let mut rest = String::new();
    for line in [act.period.as_ref().map(|period| format!("Effet {period}")), act.notice.clone()] {
        rest.extend(line.map(|line| format!("\n{line}")));
    }
    let rest = format!("{}\n{}", shortened(&rest, 160), act.url);
    let head = shortened(&head.join(" "), 140);
    let left = MOST_CHARS.saturating_sub(head.chars().count() + rest.chars().count() + 1);
    format!("{head}\n{}{rest}", shortened(&act.title, left))
}

/// At most `most` characters, with an ellipsis where some were cut.
fn shortened(text: &str, most: usize) -> String {
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
    let address = format!("{}/api/v1/statuses", account.instance.trim_end_matches('/'));
    let post = serde_json::json!({
        "status": status,
        "visibility": account.visibility,
        "language": "fr",
    });
    let request = client
        .post(address)
        .bearer_auth(&account.token)
        .header("idempotency-key", message_id(message))
        .json(&post);
    match request.send().await {
        Err(error) if error.is_connect() => Outcome::NotSent(error.without_url().to_string()),
        Err(error) => Outcome::Unheard(error.without_url().to_string()),
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
        assert_eq!(status(&act("Arrêté")), expected);
    }

    #[test]
    fn no_post_is_too_long() {
        for length in [10, 250, 300, 1000, 5000] {
            let mut act = act(&"é".repeat(length));
            let post = status(&act);
            assert!(post.chars().count() <= MOST_CHARS, "{length}");
            assert!(post.ends_with("/acte/12"), "{post}");
            act.prefecture = "P".repeat(length);
            act.notice = Some("n".repeat(length));
            assert!(status(&act).chars().count() <= MOST_CHARS, "{length}");
        }
        let full = status(&act(&"é".repeat(5000)));
        assert_eq!(full.chars().count(), MOST_CHARS);
        assert!(full.contains('…'));
    }
}
