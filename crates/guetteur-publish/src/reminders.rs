//! Days to remember as a calendar (RFC 5545): one event of a day each, with an alarm in its morning.

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use guetteur_law::Library;
use guetteur_model::{ActId, Category, Level};

use crate::address::Filters;
use crate::feeds::ical::Lines;
use crate::french;
use crate::published::PublishedAct;
use crate::site::Site;
use crate::standing::authorised;

/// After so many months the silence of an administration is a refusal (CRPA, art. R. 311-12 and
/// R. 311-13).
const MONTHS_OF_SILENCE: u32 = 1;
/// The CADA is asked within so many months of it (CRPA, art. R. 343-1).
const MONTHS_FOR_CADA: u32 = 2;
/// Days before the last one for the CADA on which it is recalled.
const CADA_DAYS: u64 = 7;
/// The text that says how long an authorisation of vidéoprotection lasts at most.
const VIDEOPROTECTION: &str = "csi-l252-4";

/// A day to remember.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// What tells it from others; it does not change.
    pub key: String,
    /// When.
    pub day: NaiveDate,
    /// How many days before it the alarm rings.
    pub days_ahead: u64,
    /// What, in a line.
    pub summary: String,
    /// What to do.
    pub about: String,
    /// Where, an address from `/`.
    pub path: String,
}

/// Two days for who asked `prefecture` for documents on `asked_on`: when its silence is a refusal,
/// and the last to ask the CADA. `path` leads to the letter to the CADA.
#[must_use]
pub fn of_request(prefecture: &str, insee: &str, asked_on: NaiveDate, path: &str) -> Vec<Reminder> {
    // The second time runs from the end of the first, which a short month may have cut.
    let silence = asked_on.checked_add_months(Months::new(MONTHS_OF_SILENCE));
    let last = silence.and_then(|day| day.checked_add_months(Months::new(MONTHS_FOR_CADA)));
    let asked = french::day(asked_on);
    let refusal = silence.map(|day| Reminder {
        key: format!("demande-{insee}-{asked_on}-silence"),
        day,
        days_ahead: 0,
        summary: format!("{prefecture} : sans réponse, c’est un refus"),
        about: format!(
            "Demande de documents du {asked}. Un mois de silence vaut refus : la CADA peut être \
             saisie."
        ),
        path: path.to_owned(),
    });
    let last = last.map(|day| Reminder {
        key: format!("demande-{insee}-{asked_on}-cada"),
        day,
        days_ahead: CADA_DAYS,
        summary: format!("{prefecture} : dernier jour pour saisir la CADA"),
        about: format!("Demande de documents du {asked}, restée sans réponse."),
        path: path.to_owned(),
    });
    refusal.into_iter().chain(last).collect()
}

/// How many days before its end an authorisation of vidéoprotection is told to whoever asked for it.
pub const ENDING_DAYS: u64 = 120;
/// A bulletin may come out so many days after the signature of its acts.
const PUBLISHED_WITHIN: u64 = 92;

/// The authorisations of vidéoprotection of `list` that can end within [`ENDING_DAYS`]: those published
/// as long ago as the law lets them last. `None` where no longest duration is known.
#[must_use]
pub fn ending_soon(list: &Filters, law: &Library, today: NaiveDate) -> Option<Filters> {
    let longest = Months::new(law.text(VIDEOPROTECTION).and_then(|text| text.limits.months)?);
    let from = today.checked_sub_months(longest)?;
    let to = from.checked_add_days(Days::new(ENDING_DAYS + PUBLISHED_WITHIN))?;
    let category = Category::new("videoprotection").ok()?;
    Some(list.with(|f| {
        f.categories = vec![category];
        f.levels = vec![Level::Authorises];
        f.years.clear();
        f.moments.clear();
        (f.from, f.to) = (Some(from), Some(to));
    }))
}

/// Of `acts` those whose authorisation of vidéoprotection ends within [`ENDING_DAYS`].
#[must_use]
pub fn ending(acts: &[PublishedAct], law: &Library, today: NaiveDate) -> Vec<ActId> {
    let until = today.checked_add_days(Days::new(ENDING_DAYS)).unwrap_or(today);
    let soon = of_renewals(acts, law, today).into_iter().filter(|one| one.day <= until);
    let paths: Vec<String> = soon.map(|reminder| reminder.path).collect();
    acts.iter().filter(|act| paths.contains(&act.path())).map(|act| act.id).collect()
}

/// When the authorisations of vidéoprotection among `acts` end, the first first: on the day that the
/// act says, else as long after its signature as the law lets it last, which is five years. Those over, or ended by another act
/// or a court, are left out.
#[must_use]
pub fn of_renewals(acts: &[PublishedAct], law: &Library, today: NaiveDate) -> Vec<Reminder> {
    let longest = law.text(VIDEOPROTECTION).and_then(|text| text.limits.months);
    let reminder = |act: &PublishedAct| {
        let is_it = |category: &Category| category.as_str() == "videoprotection";
        if act.is_ended() || !authorised(act).any(is_it) {
            return None;
        }
        let said = act.facts.valid_to.map(|to| to.date());
        let from = act.signed_on.or(act.facts.signed_on).or(act.published_on());
        let latest = from.and_then(|day| day.checked_add_months(Months::new(longest?)));
        let day = said.or(latest).filter(|day| *day >= today)?;
        let why = match said {
            Some(_) => "L’acte le dit.".to_owned(),
            None => format!(
                "La durée la plus longue que permette la loi, comptée du {} ; l’acte ne donne pas de fin qui ait été lue.",
                from.map(french::day).unwrap_or_default()
            ),
        };
        Some(Reminder {
            key: format!("renouvellement-{}", act.id),
            day,
            days_ahead: ENDING_DAYS,
            summary: format!("Fin d’une autorisation de vidéoprotection : {}", act.title),
            about: format!(
                "{why} Un renouvellement se demande avant : c’est le moment de demander ce que ces \
                 caméras ont apporté, et qu’il n’y en ait pas de plus."
            ),
            path: act.path(),
        })
    };
    let mut reminders: Vec<Reminder> = acts.iter().filter_map(reminder).collect();
    reminders.sort_by(|a, b| (a.day, &a.key).cmp(&(b.day, &b.key)));
    reminders
}

/// The reminders as a calendar called `title`.
#[must_use]
pub fn to_ical(title: &str, reminders: &[Reminder], site: &Site, now: DateTime<Utc>) -> String {
    let mut out = Lines::default();
    out.add("BEGIN", "VCALENDAR");
    out.add("VERSION", "2.0");
    out.add("PRODID", "-//Guetteur//Guetteur//FR");
    out.add("METHOD", "PUBLISH");
    out.text("NAME", title);
    out.text("X-WR-CALNAME", title);
    for reminder in reminders {
        out.add("BEGIN", "VEVENT");
        out.text("UID", &format!("{}@{}", reminder.key, site.host()));
        out.add("DTSTAMP", &now.format("%Y%m%dT%H%M%SZ").to_string());
        out.add("DTSTART;VALUE=DATE", &reminder.day.format("%Y%m%d").to_string());
        if let Some(after) = reminder.day.checked_add_days(Days::new(1)) {
            out.add("DTEND;VALUE=DATE", &after.format("%Y%m%d").to_string());
        }
        out.text("SUMMARY", &reminder.summary);
        let url = site.absolute(&reminder.path);
        out.text("DESCRIPTION", &format!("{}\n{url}", reminder.about));
        out.add("URL", &url);
        out.add("TRANSP", "TRANSPARENT");
        out.add("BEGIN", "VALARM");
        out.add("ACTION", "DISPLAY");
        out.text("DESCRIPTION", &reminder.summary);
        out.add("TRIGGER", &trigger(reminder.days_ahead));
        out.add("END", "VALARM");
        out.add("END", "VEVENT");
    }
    out.add("END", "VCALENDAR");
    out.into_text()
}

/// At eight in the morning, so many days before the day itself (RFC 5545, 3.8.6.3).
fn trigger(days_ahead: u64) -> String {
    match days_ahead {
        0 => "PT8H".to_owned(),
        days => format!("-P{}DT16H", days - 1),
    }
}

#[cfg(test)]
mod tests {
    use guetteur_model::{Facts, When};

    use super::*;
    use crate::published::sample::act_of;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("day")
    }

    #[test]
    fn a_request_is_refused_after_a_month_and_the_cada_asked_within_two() {
        let path = "/commune/34172/lettre?modele=cada";
        let days: Vec<_> = of_request("Préfecture", "34172", day("2026-08-31"), path)
            .into_iter()
            .map(|reminder| reminder.day)
            .collect();
        assert_eq!(days, [day("2026-09-30"), day("2026-11-30")]);
        for (asked, silence, last) in
            [("2026-01-31", "2026-02-28", "2026-04-28"), ("2026-10-31", "2026-11-30", "2027-01-30")]
        {
            let days = of_request("Préfecture", "34172", day(asked), path);
            assert_eq!((days[0].day, days[1].day), (day(silence), day(last)), "{asked}");
        }
    }

    #[test]
    fn authorisations_end_when_they_say_or_after_five_years() {
        let signed = |on: &str, to: Option<&str>| Facts {
            signed_on: Some(day(on)),
            valid_to: to.and_then(When::parse),
            ..Facts::default()
        };
        let acts = [
            act_of(1, &["videoprotection"], signed("2022-03-01", None)),
            act_of(2, &["videoprotection"], signed("2022-03-01", Some("2026-12-31"))),
            act_of(3, &["videoprotection"], signed("2020-03-01", None)),
            act_of(4, &["drone"], signed("2022-03-01", None)),
            act_of(5, &["videoprotection"], Facts::default()),
        ];
        let reminders = of_renewals(&acts, &Library::built_in(), day("2026-08-14"));
        let told: Vec<_> = reminders.iter().map(|r| (&*r.path, r.day)).collect();
        assert_eq!(told, [("/acte/2", day("2026-12-31")), ("/acte/1", day("2027-03-01"))]);
        let soon = |today| ending(&acts, &Library::built_in(), day(today));
        assert_eq!(soon("2026-08-14"), [], "both end more than four months later");
        assert_eq!(soon("2026-09-02"), [ActId(2)]);
        assert_eq!(soon("2026-11-30"), [ActId(1), ActId(2)]);
        let list = Filters::parse("commune=34172&categorie=drone&annee=2026");
        let asked =
            ending_soon(&list, &Library::built_in(), day("2026-11-30")).expect("a duration");
        assert_eq!(asked.communes, ["34172"]);
        assert!(asked.from <= Some(day("2022-03-01")) && asked.years.is_empty(), "{asked:?}");
        assert_eq!(asked.from, Some(day("2021-11-30")));
        let now = "2026-08-14T10:00:00Z".parse().expect("instant");
        let calendar = to_ical("Renouvellements", &reminders, &Site::default(), now);
        assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 2);
        assert!(calendar.contains("DTSTART;VALUE=DATE:20261231\r\n"), "{calendar}");
        // 120 days before, at eight in the morning.
        assert!(calendar.contains("TRIGGER:-P119DT16H\r\n"), "{calendar}");
    }
}
