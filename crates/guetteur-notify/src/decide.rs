//! Whether a subscriber is told of an act that changed, and what.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use guetteur_store::{ActChange, AlertState, Told};

/// An act published longer ago is no news: it can no longer be contested (two months from
/// publication, art. R. 421-1 CJA). A back-fill of old years, or a better rule, must not flood; but
/// what came out under our eyes is news, whatever day its site printed.
const NEWS_DAYS: u64 = 62;

/// The first day whose acts are news today.
pub(crate) fn news_since(today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(Days::new(NEWS_DAYS)).unwrap_or(today)
}

/// What is told to one who subscribed at `since` and knows `known` already: the first of what is
/// given; all of it is then known.
pub(crate) fn decide(
    change: &ActChange,
    matches: bool,
    known: &BTreeSet<Told>,
    since: DateTime<Utc>,
    news_since: NaiveDate,
) -> Vec<Told> {
    let settled = match change.alert {
        Some(AlertState::Corrected) => Some(Told::Corrected),
        Some(AlertState::Withdrawn) => Some(Told::Withdrawn),
        _ => None,
    };
    if !known.contains(&Told::New) {
        let appeared = change.first_seen_at >= since
            || change.flagged_at.is_some_and(|flagged| flagged >= since);
        let published = change.published_on.unwrap_or_else(|| change.first_seen_at.date_naive());
        let came_out = change.appeared_at.map(|at| at.date_naive());
        let published = came_out.map_or(published, |day| published.max(day));
        let told = matches && appeared && published >= news_since;
        return if told { std::iter::once(Told::New).chain(settled).collect() } else { Vec::new() };
    }
    match settled {
        Some(what) if !known.contains(&what) => vec![what],
        // It was taken back, and is true after all.
        None | Some(Told::Corrected)
            if matches && known.contains(&Told::Withdrawn) && !known.contains(&Told::Restored) =>
        {
            vec![Told::Restored]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use AlertState::{Confirmed, Corrected as Mended, ToConfirm, Withdrawn as Gone};
    use Told::{Corrected, New, Restored, Withdrawn};

    use super::*;

    fn at(hour: u32) -> DateTime<Utc> {
        format!("2026-08-14T{hour:02}:00:00Z").parse().expect("time")
    }

    fn change(seen: u32, flagged: Option<u32>, alert: Option<AlertState>) -> ActChange {
        ActChange {
            id: guetteur_model::ActId(1),
            revision: 1,
            published_on: Some(at(0).date_naive()),
            first_seen_at: at(seen),
            appeared_at: None,
            flagged_at: flagged.map(at),
            alert,
        }
    }

    fn decided(change: &ActChange, matches: bool, known: &[Told]) -> Vec<Told> {
        let known = known.iter().copied().collect();
        decide(change, matches, &known, at(10), news_since(at(0).date_naive()))
    }

    #[test]
    fn what_came_after_the_subscription_is_told_once() {
        type Case<'a> = (u32, Option<u32>, bool, &'a [Told], &'a [Told]);
        let cases: [Case<'_>; 7] = [
            (11, None, true, &[], &[New]),
            (11, None, false, &[], &[]),
            (11, None, true, &[New], &[]),
            (9, None, true, &[], &[]),
            // Seen before, flagged since: a rule has learnt.
            (9, Some(11), true, &[], &[New]),
            (9, Some(9), true, &[], &[]),
            (10, Some(10), true, &[], &[New]),
        ];
        for (seen, flagged, matches, known, expected) in cases {
            let told = decided(&change(seen, flagged, None), matches, known);
            assert_eq!(told, expected, "{seen} {flagged:?} {matches} {known:?}");
        }
    }

    #[test]
    fn old_acts_are_no_news() {
        let mut old = change(11, Some(11), None);
        old.published_on = Some("2026-06-13".parse().expect("day"));
        assert_eq!(decided(&old, true, &[]), [New]);
        old.published_on = Some("2026-06-12".parse().expect("day"));
        assert_eq!(decided(&old, true, &[]), []);
        old.published_on = None;
        assert_eq!(decided(&old, true, &[]), [New], "seen today");
    }

    #[test]
    fn a_wrong_day_hides_no_news() {
        let mut wrong = change(11, Some(11), None);
        wrong.published_on = Some("2016-08-14".parse().expect("day"));
        wrong.appeared_at = Some(at(11));
        assert_eq!(decided(&wrong, true, &[]), [New]);
        wrong.appeared_at = Some("2026-06-12T09:00:00Z".parse().expect("time"));
        assert_eq!(decided(&wrong, true, &[]), [], "old news");
    }

    #[test]
    fn what_was_told_is_mended_where_it_was_told() {
        let cases: [(AlertState, bool, &[Told], &[Told]); 11] = [
            (ToConfirm, true, &[], &[New]),
            (ToConfirm, true, &[New], &[]),
            (Confirmed, true, &[New], &[]),
            (Mended, true, &[New], &[Corrected]),
            // The correction may be that it no longer belongs to the list.
            (Mended, false, &[New], &[Corrected]),
            (Mended, true, &[New, Corrected], &[]),
            (Mended, true, &[], &[New, Corrected]),
            (Gone, false, &[New], &[Withdrawn]),
            (Gone, false, &[], &[]),
            (Confirmed, true, &[New, Withdrawn], &[Restored]),
            (Confirmed, true, &[New, Withdrawn, Restored], &[]),
        ];
        for (state, matches, known, expected) in cases {
            let told = decided(&change(11, Some(11), Some(state)), matches, known);
            assert_eq!(told, expected, "{state:?} {matches} {known:?}");
        }
    }
}
