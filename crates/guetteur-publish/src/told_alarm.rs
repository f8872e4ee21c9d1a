//! An alarm as messages tell it: mail, webhooks, feeds.

use chrono::{DateTime, Utc};
use guetteur_store::{Alarm, AlarmKind, AlarmTold, BulletinRow, SourceState};
use serde::Serialize;

use crate::published::Publisher;
use crate::site::Site;
use crate::{failure_words, french};

/// Bulletins that a message names; of further ones it says how many.
const NAMED: usize = 10;

/// What a message says of an alarm, in French, with absolute addresses.
#[derive(Debug, Clone, Serialize)]
pub struct ToldAlarm {
    /// What is or was wrong.
    pub kind: AlarmKind,
    /// Whether it began or is over.
    pub told: AlarmTold,
    /// The source that it is about; none where it is about the archive.
    pub source: Option<AlarmSource>,
    /// Since when, UTC.
    pub since: DateTime<Utc>,
    /// Until when, UTC.
    pub over_at: Option<DateTime<Utc>>,
    /// In a few words.
    pub title: String,
    /// In a sentence or two.
    pub text: String,
    /// Why, where that is known.
    pub reason: Option<String>,
    /// The page about it.
    pub url: String,
}

/// The source that an alarm is about.
#[derive(Debug, Clone, Serialize)]
pub struct AlarmSource {
    /// Code of the registry.
    pub code: String,
    /// Name.
    pub name: String,
}

impl AlarmSource {
    fn of(publisher: &Publisher) -> Self {
        Self { code: publisher.code.clone(), name: publisher.name.clone() }
    }
}

impl ToldAlarm {
    /// Of PDFs of the archive that are damaged, or sound again.
    pub(crate) fn of_archive(alarms: &[&Alarm], told: AlarmTold, site: &Site) -> Self {
        let count = french::count(alarms.len() as u64, "PDF", "PDF");
        let names = alarms.iter().take(NAMED).map(|alarm| alarm.subject.clone());
        let names = names.collect::<Vec<_>>().join(", ");
        let (title, text) = match told {
            AlarmTold::Raised => (
                format!("Archive : {count} à réparer (altérés ou manquants)"),
                format!(
                    "{names}. Ils sont redemandés aux sites ; ce qui n’y est plus est à rendre \
                     depuis une sauvegarde (guetteur verify en donne la liste)."
                ),
            ),
            AlarmTold::Over => {
                (format!("Archive : {count} de nouveau intacts"), format!("{names}."))
            }
        };
        let over = alarms.iter().filter_map(|alarm| alarm.over_at).max();
        Self {
            kind: AlarmKind::Damaged,
            told,
            source: None,
            since: alarms.iter().map(|alarm| alarm.since).min().unwrap_or_default(),
            over_at: over,
            title,
            text,
            reason: None,
            url: site.absolute("/couverture"),
        }
    }

    /// Of an alarm about a source; `state` is what is known of it now.
    pub(crate) fn of_source(
        alarm: &Alarm,
        told: AlarmTold,
        publisher: &Publisher,
        state: Option<&SourceState>,
        now: DateTime<Utc>,
        site: &Site,
    ) -> Self {
        let failure =
            state.and_then(|state| state.failure(now)).filter(|_| told == AlarmTold::Raised);
        let (title, text) = words(alarm, told, publisher);
        Self {
            kind: alarm.kind,
            told,
            since: alarm.since,
            over_at: alarm.over_at,
            title,
            text,
            reason: failure.map(failure_words::of_source),
            url: site.absolute(&format!("/prefecture/{}", publisher.code)),
            source: Some(AlarmSource::of(publisher)),
        }
    }

    /// Of bulletins of one source that were given up, or got on after all.
    pub(crate) fn of_bulletins(
        rows: &[BulletinRow],
        told: AlarmTold,
        publisher: &Publisher,
        now: DateTime<Utc>,
        site: &Site,
    ) -> Self {
        let name = &publisher.name;
        let count = french::count(rows.len() as u64, "recueil", "recueils");
        let (many, over) = (rows.len() > 1, told == AlarmTold::Over);
        let what = match (over, many) {
            (false, false) => "abandonné",
            (false, true) => "abandonnés",
            (true, false) => "repris avec succès",
            (true, true) => "repris avec succès",
        };
        let one = |row: &BulletinRow| match &row.failure {
            Some(failure) if !over => format!("{} ({})", row.url, failure_words::sentence(failure)),
            _ => row.url.clone(),
        };
        let mut named: Vec<String> = rows.iter().take(NAMED).map(one).collect();
        if rows.len() > NAMED {
            named.push(format!("et {} autres", rows.len() - NAMED));
        }
        let advice = match over {
            true => "",
            false => {
                " Ils seront retentés plus tard ; guetteur retry les retente tout de suite, \
                 guetteur coverage en dit plus."
            }
        };
        let since = rows.iter().filter_map(|row| row.failed_at).min().unwrap_or(now);
        Self {
            kind: AlarmKind::GivenUp,
            told,
            since,
            over_at: over.then_some(now),
            title: format!("{name} : {count} {what}"),
            text: format!("{}.{advice}", named.join(" ; ")),
            reason: None,
            url: site.absolute("/couverture"),
            source: Some(AlarmSource::of(publisher)),
        }
    }
}

/// Title and text. They depend on the alarm alone, so that what was told once stays as it was.
pub(crate) fn words(alarm: &Alarm, told: AlarmTold, publisher: &Publisher) -> (String, String) {
    let name = &publisher.name;
    let at = |at| french::instant_in(at, publisher.zone);
    let since = at(alarm.since);
    let long = french::duration(alarm.raised_at - alarm.since);
    let end = at(alarm.over_at.unwrap_or(alarm.raised_at));
    match (alarm.kind, told) {
        (AlarmKind::Blind, AlarmTold::Raised) => (
            format!("{name} : pas lue depuis {long}"),
            format!(
                "Depuis {long} (le {since}), le site de cette préfecture n’a pas pu être lu : \
                 l’absence d’alerte ne prouve rien."
            ),
        ),
        (AlarmKind::Blind, AlarmTold::Over) => (
            format!("{name} : de nouveau lue"),
            format!(
                "Le site de cette préfecture est de nouveau lu (le {end}). Il ne l’était plus depuis \
                 le {since} : ce qui a paru entre-temps est lu à présent, et annoncé comme \
                 d’ordinaire."
            ),
        ),
        (AlarmKind::Failing, AlarmTold::Raised) => (
            format!("{name} : la lecture échoue"),
            format!("Les passages échouent depuis le {since}."),
        ),
        (AlarmKind::Failing, AlarmTold::Over) => (
            format!("{name} : la lecture n’échoue plus"),
            format!("Les passages échouaient depuis le {since} ; c’est fini (le {end})."),
        ),
        (AlarmKind::Silent, AlarmTold::Raised) => (
            format!("{name} : silencieuse"),
            format!(
                "Le site est lu, mais rien n’y paraît depuis le {since}, bien plus longtemps que \
                 d’ordinaire : a-t-il changé d’adresse ?"
            ),
        ),
        (AlarmKind::Silent, AlarmTold::Over) => (
            format!("{name} : publie de nouveau"),
            format!("Rien n’y paraissait depuis le {since} ; c’est fini (le {end})."),
        ),
        // These are told together: see `of_bulletins` and `of_archive`.
        (AlarmKind::GivenUp | AlarmKind::Damaged, _) => (name.clone(), since),
    }
}
