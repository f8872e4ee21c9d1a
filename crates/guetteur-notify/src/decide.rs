//! Whether a subscriber is told of an act that changed, and what.

use chrono::{DateTime, Days, NaiveDate, Utc};
use guetteur_store::{ActChange, AlertState, Known, Told};

/// An act published longer ago is no news: it can no longer be contested (two months from
/// publication, art. R. 421-1 CJA). A back-fill of old years, or a better rule, must not flood; but
/// what came out under our eyes is news, whatever day its site printed.
const NEWS_DAYS: u64 = 62;

/// The first day whose acts are news today.
pub(crate) fn news_since(today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(Days::new(NEWS_DAYS)).unwrap_or(today)
}

/// An act that may have to be told, with what became of it.
#[derive(Clone, Copy)]
pub(crate) struct Changed<'a> {
    /// The act as it changed.
    pub(crate) change: &'a ActChange,
    /// How another act or a court ends it: [`Told::Repealed`], [`Told::Suspended`] or
    /// [`Told::Annulled`].
    pub(crate) ended: Option<Told>,
}

/// What is told to one who subscribed at `since` and knows `known` already: the first of what is
/// given; all of it is then known.
pub(crate) fn decide(
    act: Changed<'_>,
    matches: bool,
    known: &Known,
    since: DateTime<Utc>,
    news_since: NaiveDate,
) -> Vec<Told> {
    let Changed { change, ended } = act;
    let settled = match change.alert {
        Some(AlertState::Corrected) => Some(Told::Corrected),
        Some(AlertState::Withdrawn) => Some(Told::Withdrawn),
        _ => None,
    };
    // What was never true is not ended either.
    let ended = ended.filter(|_| settled != Some(Told::Withdrawn));
    let changed = change.pdf_changed_at.map(|_| Told::Changed);
    if !known.contains_key(&Told::New) {
        let appeared = change.first_seen_at >= since
            || change.flagged_at.is_some_and(|flagged| flagged >= since);
        if !(matches && appeared && is_news(change, news_since)) {
            return Vec::new();
        }
        let all = std::iter::once(Told::New).chain(settled).chain(ended).chain(changed);
        return all.collect();
    }
    let unknown = |what: &Told| !known.contains_key(what);
    let restored = || {
        let again = matches && !unknown(&Told::Withdrawn) && unknown(&Told::Restored);
        again.then_some(Told::Restored)
    };
    let turned = match settled {
        Some(what) if unknown(&what) => Some(what),
        // It was taken back, and is true after all.
        None | Some(Told::Corrected) => restored(),
        _ => None,
    };
    let told_at = known.get(&Told::Changed).or(known.get(&Told::New)).copied();
    let changed = changed.filter(|_| change.pdf_changed_at > told_at && turned.is_none());
    let fate = match ended {
        Some(ended) => is_news_to(ended, known).then_some(ended),
        None => stands_again(change, known).then_some(Told::Upheld),
    };
    fate.into_iter().chain(turned).chain(changed).collect()
}

/// Whether the end of an act was not told, or is a new one: it stood again in between.
fn is_news_to(ended: Told, known: &Known) -> bool {
    known.get(&ended).is_none_or(|told| known.get(&Told::Upheld).is_some_and(|then| then > told))
}

/// Whether an act that nothing ends was last told to be suspended or annulled.
fn stands_again(change: &ActChange, known: &Known) -> bool {
    let borne_out = !matches!(change.alert, Some(AlertState::ToConfirm | AlertState::Withdrawn));
    let struck = known.get(&Told::Suspended).max(known.get(&Told::Annulled));
    borne_out && struck.is_some() && struck > known.get(&Told::Upheld)
}

/// What is told of an act that did not change itself, and that another act ends, to one who knows it.
pub(crate) fn decide_ended(ended: Told, known: &Known) -> Option<Told> {
    let told = known.contains_key(&Told::New) && is_news_to(ended, known);
    let withdrawn = known.contains_key(&Told::Withdrawn) && !known.contains_key(&Told::Restored);
    (told && !withdrawn).then_some(ended)
}

/// Published lately, or come out under our eyes under a wrong day or none. Without a day it is no news
/// where its signature is old: single acts of former years are put on line too.
pub(crate) fn is_news(change: &ActChange, news_since: NaiveDate) -> bool {
    let came_out = change.appeared_at.is_some_and(|at| at.date_naive() >= news_since);
    match change.published_on {
        Some(day) => day >= news_since || came_out,
        None => came_out && change.signed_on.is_none_or(|day| day >= news_since),
    }
}

#[cfg(test)]
mod tests {
    use AlertState::{Confirmed, Corrected as Mended, ToConfirm, Withdrawn as Gone};
    use Told::{Changed as Replaced, Corrected, New, Repealed, Restored, Suspended, Withdrawn};

    use super::*;

    fn at(hour: u32) -> DateTime<Utc> {
        format!("2026-08-14T{hour:02}:00:00Z").parse().expect("time")
    }

    fn change(seen: u32, flagged: Option<u32>, alert: Option<AlertState>) -> ActChange {
        ActChange {
            id: guetteur_model::ActId(1),
            revision: 1,
            published_on: Some(at(0).date_naive()),
            signed_on: None,
            first_seen_at: at(seen),
            appeared_at: None,
            flagged_at: flagged.map(at),
            alert,
            pdf_changed_at: None,
            valid_from: None,
        }
    }

    /// What was known was told at noon.
    fn knowing(known: &[Told]) -> Known {
        known.iter().map(|what| (*what, at(12))).collect()
    }

    fn decided(change: &ActChange, matches: bool, known: &[Told]) -> Vec<Told> {
        decided_when(Changed { change, ended: None }, matches, known)
    }

    fn decided_when(act: Changed<'_>, matches: bool, known: &[Told]) -> Vec<Told> {
        decide(act, matches, &knowing(known), at(10), news_since(at(0).date_naive()))
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
    }

    #[test]
    fn without_a_day_only_what_came_out_under_our_eyes_is_news() {
        let mut undated = change(11, Some(11), None);
        undated.published_on = None;
        assert_eq!(decided(&undated, true, &[]), [], "the first pass, or a back-fill");
        undated.appeared_at = Some(at(11));
        assert_eq!(decided(&undated, true, &[]), [New]);
        undated.signed_on = Some("2026-08-12".parse().expect("day"));
        assert_eq!(decided(&undated, true, &[]), [New]);
        undated.signed_on = Some("2024-08-12".parse().expect("day"));
        assert_eq!(decided(&undated, true, &[]), [], "signed years ago");
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
    #[test]
    fn the_end_of_an_act_is_told_to_whoever_knows_it() {
        let (read, gone) = (change(11, None, None), change(11, None, Some(Gone)));
        let cases: [(&ActChange, Told, &[Told], &[Told]); 7] = [
            (&read, Repealed, &[], &[New, Repealed]),
            (&read, Repealed, &[New], &[Repealed]),
            (&read, Suspended, &[New], &[Suspended]),
            (&read, Repealed, &[New, Suspended], &[Repealed]),
            (&read, Repealed, &[New, Repealed], &[]),
            (&gone, Repealed, &[New], &[Withdrawn]),
            (&gone, Repealed, &[New, Withdrawn], &[]),
        ];
        for (change, ended, known, expected) in cases {
            let told = decided_when(Changed { change, ended: Some(ended) }, true, known);
            assert_eq!(told, expected, "{ended:?} {known:?}");
        }
        let cases: [(&[Told], Option<Told>); 5] = [
            (&[], None),
            (&[New], Some(Repealed)),
            (&[New, Repealed], None),
            (&[New, Withdrawn], None),
            (&[New, Withdrawn, Restored], Some(Repealed)),
        ];
        for (known, expected) in cases {
            assert_eq!(decide_ended(Repealed, &knowing(known)), expected, "{known:?}");
        }
    }

    #[test]
    fn an_act_that_stands_again_is_told_to_whoever_heard_of_its_end() {
        use Told::{Annulled, Upheld};
        let (read, gone) = (change(11, None, None), change(11, None, Some(Gone)));
        type Case<'a> = (&'a ActChange, Option<Told>, &'a [(Told, u32)], &'a [Told]);
        let cases: [Case<'_>; 9] = [
            (&read, None, &[(New, 12)], &[]),
            (&read, None, &[(New, 12), (Suspended, 13)], &[Upheld]),
            (&read, None, &[(New, 12), (Annulled, 13)], &[Upheld]),
            (&read, None, &[(New, 12), (Repealed, 13)], &[]),
            (&read, None, &[(New, 12), (Suspended, 13), (Upheld, 14)], &[]),
            (&gone, None, &[(New, 12), (Suspended, 13)], &[Withdrawn]),
            (&read, Some(Repealed), &[(New, 12), (Suspended, 13)], &[Repealed]),
            (&read, Some(Suspended), &[(New, 12), (Suspended, 13), (Upheld, 14)], &[Suspended]),
            (&read, Some(Suspended), &[(New, 12), (Suspended, 15), (Upheld, 14)], &[]),
        ];
        for (change, ended, told, expected) in cases {
            let known: Known = told.iter().map(|(what, hour)| (*what, at(*hour))).collect();
            let news = news_since(at(0).date_naive());
            let said = decide(Changed { change, ended }, true, &known, at(10), news);
            assert_eq!(said, expected, "{ended:?} {told:?}");
        }
    }

    #[test]
    fn each_new_version_that_changes_an_act_is_told() {
        let mut act = change(11, None, None);
        act.pdf_changed_at = Some(at(13));
        assert_eq!(decided(&act, true, &[New]), [Replaced]);
        assert_eq!(decided(&act, false, &[New]), [Replaced], "also where it belongs no more");
        assert_eq!(decided(&act, true, &[]), [New, Replaced], "told as it is");
        act.alert = Some(Mended);
        assert_eq!(decided(&act, true, &[New]), [Corrected], "once is enough");
        act.alert = None;
        act.pdf_changed_at = Some(at(11));
        assert_eq!(decided(&act, true, &[New]), [], "it was told as it is");
        act.pdf_changed_at = Some(at(14));
        assert_eq!(decided(&act, true, &[New, Replaced]), [Replaced], "and once more");
    }
}
