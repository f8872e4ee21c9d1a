//! A message as a letter: subject, words, and the headers by which mail programs unsubscribe.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use guetteur_publish::address::Filters;
use guetteur_publish::last_read::Exactness;
use guetteur_publish::subscribing::{LINK_HOURS, describe, frequency_label};
use guetteur_publish::{Catalogue, PublishedAct, ToldAct, ToldAlarm, french};
use guetteur_store::{
    About, AlarmTold, ClaimedMessage, FORGOTTEN_AFTER, MessageKind, SourceState, Told,
};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use minijinja::Value;
use minijinja::value::{Serde, merge_maps};

use crate::NotifyError;
use crate::sender::message_id;
use crate::still_watching::Watched;
use crate::templates::render;

/// Characters of a subject.
const MOST_SUBJECT: usize = 120;

/// A letter in words, both ways: mail programs show one or the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Subject, without the name of the site.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
    /// The page that shows the subscription and ends it.
    pub stop_url: Option<String>,
}

/// What is known of the sources.
pub(crate) struct Known<'a> {
    pub(crate) sources: &'a [SourceState],
    /// Those that cannot be read; read where a letter tells them.
    pub(crate) blind: &'a BTreeSet<String>,
}

/// Puts a message in words. `acts` and `alarms` are those that it tells.
pub(crate) fn compose(
    catalogue: &Catalogue,
    message: &ClaimedMessage,
    acts: &[(&PublishedAct, Told)],
    alarms: &[ToldAlarm],
    known: &Known<'_>,
) -> Result<Letter, NotifyError> {
    let base_url = &catalogue.site.base_url;
    let told: Vec<ToldAct> =
        acts.iter().map(|(act, what)| ToldAct::new(act, *what, base_url)).collect();
    let subscription = &message.subscription;
    let filters = Filters::parse(&subscription.query);
    let followed = match message.kind {
        MessageKind::Alert | MessageKind::Alarm | MessageKind::StillWatching => {
            describe(catalogue, &filters)
        }
        MessageKind::Confirmation | MessageKind::Reminder | MessageKind::Link => {
            harmless(&describe(catalogue, &filters))
        }
    };
    let stop_url =
        subscription.token.as_ref().map(|token| format!("{base_url}/abonnement/{token}"));
    let (template, subject) = match message.kind {
        MessageKind::Confirmation => ("confirmation", "Confirmer votre abonnement".to_owned()),
        MessageKind::Link => ("link", "Vos abonnements".to_owned()),
        MessageKind::Reminder => ("reminder", "Vous êtes déjà abonné".to_owned()),
        MessageKind::Alert => ("acts", alert_subject(&told, &followed)),
        MessageKind::Alarm => ("alarms", alarm_subject(alarms)),
        MessageKind::StillWatching => {
            ("still-watching", shortened(&format!("rien de nouveau cette semaine, {followed}")))
        }
    };
    let context = Value::from_pairs([
        ("heading", Value::from(heading(&told, &followed))),
        ("subject", Value::from(&*subject)),
        ("site", Value::from(&*catalogue.site.title)),
        ("base_url", Value::from(&**base_url)),
        ("followed", Value::from(followed)),
        ("frequency", Value::from(frequency_label(subscription.frequency))),
        ("list_url", Value::from(filters.address(&format!("{base_url}/recherche")))),
        ("stop_url", Value::from(stop_url.as_deref())),
        ("days", Value::from(FORGOTTEN_AFTER.num_days())),
    ]);
    let watched = match message.kind {
        MessageKind::StillWatching => Watched::of(catalogue, &filters, known.sources, known.blind),
        _ => Watched::default(),
    };
    let confirm = message.payload.confirm.as_ref();
    let confirm_url = confirm.map(|secret| format!("{base_url}/abonnement/confirmer/{secret}"));
    let all_url = confirm.map(|secret| format!("{base_url}/abonnements/{secret}"));
    let own = Value::from_pairs([
        ("confirm_url", Value::from(confirm_url)),
        ("all_url", Value::from(all_url)),
        ("note", Value::from(subscription.note.as_deref())),
        ("hours", Value::from(LINK_HOURS)),
        ("acts", Value::from(Serde(&told))),
        ("alarms", Value::from(Serde(alarms))),
        ("last_read", Value::from(catalogue.last_read(&filters, known.sources, Exactness::Minute))),
        ("watched", Value::from(Serde(&watched))),
        ("operator", Value::from(subscription.about == About::Alarms)),
    ]);
    let context = merge_maps([context, own]);
    let text = render(&format!("{template}.txt"), &context)?;
    let html = render(&format!("{template}.html"), &context)?;
    Ok(Letter { subject, text, html, stop_url })
}

/// The mail that carries a letter.
pub(crate) fn mail(
    catalogue: &Catalogue,
    from: &Mailbox,
    message: &ClaimedMessage,
    letter: Letter,
    now: DateTime<Utc>,
) -> Result<Message, NotifyError> {
    let Letter { subject, text, html, stop_url } = letter;
    let subscription = &message.subscription;
    let host = catalogue.site.host();
    let recipient = Mailbox::new(None, address(&subscription.target)?);
    let mut letter = Message::builder()
        .message_id(Some(format!("<{}@{host}>", message_id(message))))
        .date(std::time::SystemTime::from(now))
        .from(from.clone())
        .to(recipient)
        .subject(format!("{} : {subject}", catalogue.site.title))
        .multipart(MultiPart::alternative_plain_html(text, html))
        .map_err(|error| NotifyError::Letter(error.to_string()))?;
    let mut add = |name: HeaderName, value: String| {
        letter.headers_mut().insert_raw(HeaderValue::new(name, value));
    };
    // No answer by a machine to a machine (RFC 3834).
    add(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    let is_list = matches!(
        message.kind,
        MessageKind::Alert | MessageKind::Alarm | MessageKind::StillWatching
    );
    if let (true, Some(stop_url)) = (is_list, stop_url) {
        // One click in the mail program (RFC 8058).
        add(HeaderName::new_from_ascii_str("List-Unsubscribe"), format!("<{stop_url}>"));
        let one_click = "List-Unsubscribe=One-Click".to_owned();
        add(HeaderName::new_from_ascii_str("List-Unsubscribe-Post"), one_click);
        let list = format!("<abonnement-{}.{host}>", subscription.id);
        add(HeaderName::new_from_ascii_str("List-Id"), list);
    }
    Ok(letter)
}

fn address(target: &str) -> Result<lettre::Address, NotifyError> {
    target.parse().map_err(|error| NotifyError::Letter(format!("{target}: {error}")))
}

/// Whoever typed the address chose the words too, and the letter comes from us: no more of them than
/// a list needs, and none that a mail program makes a link of.
fn harmless(words: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || " «»\"'’,-()".contains(c);
    let words: String = words.chars().map(|c| if kept(c) { c } else { ' ' }).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(MOST_SUBJECT).collect()
}

fn heading(acts: &[ToldAct], followed: &str) -> String {
    match acts {
        [_] => format!("Un acte : {followed}"),
        _ => format!("{} actes : {followed}", acts.len()),
    }
}

/// One act is told in the subject itself.
fn alert_subject(acts: &[ToldAct], followed: &str) -> String {
    let subject = match acts {
        [act] => {
            let mark = act.mark.map(|mark| format!("[{mark}] ")).unwrap_or_default();
            let category = act.categories.first().map(|c| format!("{c}, ")).unwrap_or_default();
            format!("{mark}{category}{} – {}", act.prefecture, act.title)
        }
        _ => heading(acts, followed),
    };
    shortened(&subject)
}

/// One alarm is told in the subject itself.
fn alarm_subject(alarms: &[ToldAlarm]) -> String {
    let count = |told| alarms.iter().filter(|alarm| alarm.told == told).count() as u64;
    let (raised, over) = (count(AlarmTold::Raised), count(AlarmTold::Over));
    let of = |count, words: [&str; 2]| french::count(count, words[0], words[1]);
    match (alarms, raised, over) {
        ([alarm], ..) => shortened(&alarm.title),
        (_, _, 0) => of(raised, ["panne", "pannes"]),
        (_, 0, _) => of(over, ["panne terminée", "pannes terminées"]),
        _ => {
            let over = of(over, ["terminée", "terminées"]);
            format!("{}, {over}", of(raised, ["panne", "pannes"]))
        }
    }
}

fn shortened(subject: &str) -> String {
    let subject: String = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    match subject.chars().count() > MOST_SUBJECT {
        true => format!("{}…", subject.chars().take(MOST_SUBJECT - 1).collect::<String>()),
        false => subject,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_stranger_carry_no_link() {
        let cases = [
            (
                "Drones et hélicoptères, Préfecture de l’Hérault",
                "Drones et hélicoptères, Préfecture de l’Hérault",
            ),
            ("« gagnez sur https://mal.example/x?y=1 »", "« gagnez sur https mal example x y 1 »"),
            ("écrivez à a@b.example\r\nBcc: c", "écrivez à a b example Bcc c"),
        ];
        for (words, expected) in cases {
            assert_eq!(harmless(words), expected);
        }
        assert_eq!(harmless(&"a".repeat(5000)).len(), MOST_SUBJECT);
    }
}
