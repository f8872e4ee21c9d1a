//! What is wrong for long enough to be told: noticed here, told to those whom it concerns.
//!
//! A source that cannot be read is told to the subscribers of every list that it belongs to, and what
//! fails at all to the operator. Each alarm is told once, and once that it is over.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use guetteur_model::AlarmId;
use guetteur_publish::Catalogue;
use guetteur_publish::address::Filters;
use guetteur_store::coverage::FAILING_AFTER;
use guetteur_store::{
    About, Alarm, AlarmKind, AlarmTold, Channel, SourceState, SourceStatus, Wrong,
};

use crate::{NotifyError, Settings};

/// Passes fail for so long before the operator is told: a site that is down for a night's hours is
/// none of his business.
const OPERATOR_AFTER: TimeDelta = TimeDelta::hours(6);
/// Letters that tell subscribers of sources going dark are so far apart, and so are those that tell of
/// their return: what befalls many sources at once is told in one or two.
const BETWEEN_LETTERS: TimeDelta = TimeDelta::hours(1);
/// So are posts of an account that follows places. One that follows all of France would tell little
/// else where sites of a kind fail: it posts once a day at most.
const BETWEEN_POSTS: TimeDelta = TimeDelta::hours(1);
const BETWEEN_NATIONAL_POSTS: TimeDelta = TimeDelta::days(1);
/// What ended longer ago is told to nobody any more.
const NEWS_FOR: TimeDelta = TimeDelta::days(7);

/// Raises and ends alarms by what is known now.
pub(crate) async fn note(catalogue: &Catalogue, settings: &Settings) -> Result<(), NotifyError> {
    let (store, now) = (&catalogue.store, catalogue.now());
    let states = store.source_health().await?;
    let watched = |state: &&SourceState| {
        let named = settings.watched.is_empty() || settings.watched.contains(&state.code);
        named && catalogue.source(&state.code).is_some()
    };
    let mut wrong: Vec<Wrong> = states
        .iter()
        .filter(watched)
        .flat_map(|state| of_source(state, settings.blind_after, now))
        .collect();
    let given_up = store.given_up().await?.into_iter();
    wrong.extend(given_up.map(|(bulletin, since)| Wrong {
        kind: AlarmKind::GivenUp,
        subject: bulletin.to_string(),
        since,
    }));
    let damaged = store.damaged_documents().await?.into_iter();
    wrong.extend(damaged.map(|document| Wrong {
        kind: AlarmKind::Damaged,
        subject: document.sha256.to_string(),
        since: document.found_at,
    }));
    let (raised, over) = store.set_alarms(AlarmKind::ALL, &wrong, now).await?;
    if raised + over > 0 {
        tracing::info!(raised, over, "alarms");
    }
    Ok(())
}

/// What is wrong with a source.
fn of_source(state: &SourceState, blind_after: TimeDelta, now: DateTime<Utc>) -> Vec<Wrong> {
    let wrong = |kind, since| Wrong { kind, subject: state.code.clone(), since };
    let mut all = Vec::new();
    if state.failure(now).is_some() {
        // A pass that failed, or looks that did since.
        let failed = [state.failed_since, state.failing_since].into_iter().flatten().min();
        let failed = failed.or(state.last_error_at).unwrap_or(now);
        let read = state.last_ok_at.unwrap_or(failed);
        // After a pause of ours, one failure alone does not make a source blind.
        if now - read >= blind_after && now - failed >= FAILING_AFTER.min(blind_after) {
            all.push(wrong(AlarmKind::Blind, read));
        }
        if now - failed >= OPERATOR_AFTER.min(blind_after) {
            all.push(wrong(AlarmKind::Failing, failed));
        }
    } else if SourceStatus::of(Some(state), now) == SourceStatus::Silent {
        let newest = state.last_published_on.map(|day| day.and_time(NaiveTime::MIN).and_utc());
        all.push(wrong(AlarmKind::Silent, newest.unwrap_or(now)));
    }
    all
}

/// Queues a message for each subscriber who has something to hear; gives how many.
pub(crate) async fn queue(
    catalogue: &Catalogue,
    settings: &Settings,
) -> Result<usize, NotifyError> {
    let (store, now) = (&catalogue.store, catalogue.now());
    let alarms = store.alarms(now - NEWS_FOR).await?;
    if alarms.is_empty() {
        return Ok(0);
    }
    let ids: Vec<AlarmId> = alarms.iter().map(|alarm| alarm.id).collect();
    let known = store.told_alarms(&ids).await?;
    let channels = settings.channels();
    let mut queued = 0;
    for subscription in store.confirmed_subscriptions().await? {
        if !channels.contains(&subscription.channel) {
            continue;
        }
        // Those about alarms follow no list.
        let kept = match subscription.about {
            About::Acts => Filters::kept(&subscription.query),
            About::Alarms => Some(Filters::default()),
        };
        let Some(filters) = kept else { continue };
        let about = subscription.about;
        let concerned = alarms.iter().filter(|alarm| match about {
            About::Acts => catalogue.concerns(alarm, &filters),
            // The operator hears of a blind source as of one that fails, and earlier.
            About::Alarms => alarm.kind != AlarmKind::Blind,
        });
        let known = known.get(&subscription.id);
        let known = |told: &(AlarmId, AlarmTold)| known.is_some_and(|known| known.contains(told));
        let told = concerned.flat_map(|alarm| to_tell(alarm, known)).collect::<Vec<_>>();
        let pause = match (subscription.channel, about) {
            (Channel::Mail, About::Acts) => BETWEEN_LETTERS,
            (Channel::Mastodon, _) if filters.names_a_place() => BETWEEN_POSTS,
            (Channel::Mastodon, _) => BETWEEN_NATIONAL_POSTS,
            _ => TimeDelta::zero(),
        };
        if !told.is_empty() && store.tell_alarms(subscription.id, &told, pause, now).await? {
            queued += 1;
        }
    }
    Ok(queued)
}

/// What is left to tell of an alarm: its begin while it lasts, its end to those who heard of it.
fn to_tell(
    alarm: &Alarm,
    known: impl Fn(&(AlarmId, AlarmTold)) -> bool,
) -> Option<(AlarmId, AlarmTold)> {
    let (raised, over) = ((alarm.id, AlarmTold::Raised), (alarm.id, AlarmTold::Over));
    match (alarm.over_at.is_some(), known(&raised), known(&over)) {
        (false, false, _) => Some(raised),
        (true, true, false) => Some(over),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use guetteur_model::{Failure, FailureKind};
    use guetteur_store::{Rhythm, SourceFailure};

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-08-14T10:00:00Z".parse().expect("time")
    }

    fn ago(hours: i64) -> Option<DateTime<Utc>> {
        Some(now() - TimeDelta::hours(hours))
    }

    /// Read so long ago, failing for so long.
    fn state(ok: Option<i64>, failed: Option<i64>) -> SourceState {
        let failure = Failure::new(FailureKind::SiteDown, "500");
        SourceState {
            code: "34".to_owned(),
            last_ok_at: ok.and_then(ago),
            last_error_at: failed.map(|_| now()),
            failed_since: failed.and_then(ago),
            last_failure: failed.map(|_| SourceFailure::from(failure)),
            last_published_on: Some(now().date_naive()),
            ..SourceState::default()
        }
    }

    fn kinds(state: &SourceState) -> Vec<AlarmKind> {
        let all = of_source(state, TimeDelta::hours(72), now());
        all.into_iter().map(|wrong| wrong.kind).collect()
    }

    #[test]
    fn a_source_is_blind_when_it_was_not_read_for_long_and_fails() {
        use AlarmKind::{Blind, Failing};
        let cases: [(SourceState, &[AlarmKind]); 7] = [
            (state(Some(2), None), &[]),
            (state(Some(30), Some(5)), &[]),
            (state(Some(30), Some(6)), &[Failing]),
            (state(Some(72), Some(48)), &[Blind, Failing]),
            // We slept for a week, and the first pass fails.
            (state(Some(168), Some(0)), &[]),
            (state(None, Some(71)), &[Failing]),
            (state(None, Some(72)), &[Blind, Failing]),
        ];
        for (state, expected) in cases {
            assert_eq!(kinds(&state), expected, "{state:?}");
        }
        // Not looked at is not out of reach: whoever never crawls tells nobody.
        assert_eq!(kinds(&state(Some(168), None)), []);
    }

    #[test]
    fn the_list_alone_may_be_out_of_reach() {
        let failure = SourceFailure::from(Failure::new(FailureKind::Challenge, ""));
        let state = SourceState {
            failing_since: ago(7),
            look_failure: Some(failure),
            ..state(Some(8), None)
        };
        assert_eq!(kinds(&state), [AlarmKind::Failing]);
    }

    #[test]
    fn silence_is_told_to_the_operator() {
        let mut quiet = state(Some(2), None);
        quiet.rhythm = Some(Rhythm { usual_days: 1, longest_days: 3 });
        quiet.last_published_on = Some("2026-07-01".parse().expect("day"));
        assert_eq!(kinds(&quiet), [AlarmKind::Silent]);
    }
}
