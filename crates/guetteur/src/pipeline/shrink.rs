//! Zero is suspicious, and so is much less than before: a list that lost most of what it showed is
//! broken until someone knows better. Pure: rows and a walk in, a failure out.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use guetteur_model::{Failure, FailureKind};
use guetteur_sources::{Discovery, list_of};
use guetteur_store::{BulletinRow, SourceFailure};

/// Fewer bulletins may well have gone for good reasons.
const FEWEST: usize = 4;
/// What was not seen for so long is no longer expected: its own rows say when it was last seen.
const EXPECTED_FOR: TimeDelta = TimeDelta::days(30);

/// What a walk no longer finds of what the last one found; `None`: nothing of note.
///
/// Lists are compared one by one where the walk read all their pages. A full walk is also compared
/// as a whole with what was seen since the last one, at `last_full_at`: bulletins with pages of
/// their own are in no list.
pub(super) fn shrunken(
    known: &[BulletinRow],
    discovery: &Discovery,
    last_full_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<SourceFailure> {
    let found: HashSet<&str> = discovery.bulletins.iter().map(|b| b.url.as_str()).collect();
    let expected =
        |row: &&BulletinRow| row.withdrawn_at.is_none() && now - row.last_seen_at < EXPECTED_FOR;
    let whole: HashSet<&str> = discovery.whole_lists.iter().map(String::as_str).collect();
    let mut lists: BTreeMap<String, Vec<&BulletinRow>> = BTreeMap::new();
    for row in known.iter().filter(expected) {
        let list = list_of(&row.via);
        if whole.contains(list.as_str()) {
            lists.entry(list).or_default().push(row);
        }
    }
    for (list, rows) in &mut lists {
        if is_rolling(list) {
            let month = |day: NaiveDate| (day.year(), day.month());
            let this_month = month(now.date_naive());
            rows.retain(|row| row.published_on.is_none_or(|day| month(day) >= this_month));
        }
        // What had left the list before is not missed again.
        let newest = rows.iter().map(|row| row.last_seen_at).max();
        let held = || rows.iter().filter(|row| Some(row.last_seen_at) == newest);
        let left = held().filter(|row| found.contains(row.url.as_str())).count();
        if is_much_less(held().count(), left) {
            let url = Some(list.clone());
            return Some(SourceFailure { url, ..less(left, held().count()) });
        }
    }
    let last_full_at = last_full_at?;
    let held = || known.iter().filter(expected).filter(|row| row.last_seen_at >= last_full_at);
    let left = held().filter(|row| found.contains(row.url.as_str())).count();
    let held = held().count();
    is_much_less(held, left).then(|| less(left, held))
}

/// Whether a list is of the month or year under way, by its address: at the turn what it held goes
/// elsewhere.
fn is_rolling(list: &str) -> bool {
    let list = list.to_ascii_lowercase();
    ["en-cours", "encours", "courant", "dernier", "recent", "actuel"]
        .iter()
        .any(|word| list.contains(word))
}

fn is_much_less(held: usize, left: usize) -> bool {
    held >= FEWEST && left * 2 < held
}

fn less(left: usize, held: usize) -> SourceFailure {
    Failure::new(FailureKind::Shrunk, format!("{left}/{held}")).into()
}

#[cfg(test)]
mod tests {
    use guetteur_model::{BulletinLink, Stage};

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("time")
    }

    fn row(n: usize, via: &str, last_seen_at: &str) -> BulletinRow {
        BulletinRow {
            id: guetteur_model::BulletinId(n as i64),
            source: "34".to_owned(),
            url: format!("https://a.fr/{n}.pdf"),
            title: format!("RAA n°{n}"),
            number: None,
            series: None,
            published_on: None,
            via: via.to_owned(),
            first_seen_at: at("2026-08-01T08:00:00Z"),
            last_seen_at: at(last_seen_at),
            withdrawn_at: None,
            stage: Stage::Found,
            stage_at: at("2026-08-01T08:00:00Z"),
            attempts: 0,
            next_attempt_at: None,
            failure: None,
            failed_at: None,
            document: None,
            page_count: None,
            duplicate_of: None,
            outside_pages: Vec::new(),
            rules_version: None,
            withheld: false,
            awaits_ocr: false,
        }
    }

    fn walk(found: std::ops::Range<usize>, whole: &[&str]) -> Discovery {
        let link = |n| BulletinLink {
            url: format!("https://a.fr/{n}.pdf"),
            title: String::new(),
            published_on: None,
            number: None,
            series: None,
            via: "/2026".to_owned(),
        };
        Discovery {
            bulletins: found.map(link).collect(),
            whole_lists: whole.iter().map(|list| (*list).to_owned()).collect(),
            ..Discovery::default()
        }
    }

    #[test]
    fn much_less_than_before_is_said() {
        let yesterday = "2026-08-14T08:00:00Z";
        let now = at("2026-08-15T08:00:00Z");
        let listed: Vec<_> = (0..20).map(|n| row(n, "/2026/(offset)/10", yesterday)).collect();
        let cases = [
            (walk(0..20, &["/2026"]), None),
            (walk(0..12, &["/2026"]), None),
            (walk(0..3, &["/2026"]), Some("3/20")),
            (walk(0..0, &["/2026"]), Some("0/20")),
            // Only the first page was read: nothing is known of the others.
            (walk(0..3, &[]), None),
        ];
        for (discovery, expected) in cases {
            let said = shrunken(&listed, &discovery, None, now);
            let expected = expected.map(|detail| SourceFailure {
                failure: Failure::new(FailureKind::Shrunk, detail),
                url: Some("/2026".to_owned()),
                pages: 0,
            });
            assert_eq!(said, expected, "{}", discovery.bulletins.len());
        }
        let turned: Vec<_> = (0..20)
            .map(|n| BulletinRow {
                published_on: Some("2026-07-20".parse().expect("day")),
                ..row(n, "/RAA/Mois-en-cours", "2026-07-31T22:00:00Z")
            })
            .collect();
        let first = at("2026-08-01T08:00:00Z");
        let said = shrunken(&turned, &walk(0..0, &["/RAA/Mois-en-cours"]), None, first);
        assert_eq!(said, None, "the month under way begins anew");
        let rolled_off: Vec<_> = (0..20)
            .map(|n| row(n, "/2026", if n < 4 { yesterday } else { "2026-08-10T08:00:00Z" }))
            .collect();
        assert_eq!(shrunken(&rolled_off, &walk(0..4, &["/2026"]), None, now), None, "left before");
        let long_ago = shrunken(&listed, &walk(0..0, &["/2026"]), None, at("2026-10-15T08:00:00Z"));
        assert_eq!(long_ago, None, "no longer expected");
        let own_pages: Vec<_> = (0..20).map(|n| row(n, &format!("/raa-{n}"), yesterday)).collect();
        let full = shrunken(&own_pages, &walk(0..3, &[]), Some(at(yesterday)), now);
        assert_eq!(full, Some(less(3, 20)), "the site as a whole");
    }
}
