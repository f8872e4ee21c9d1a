//! Quick looks: between two passes, the page where the next bulletin will show is asked for again,
//! on condition that it changed.

use anyhow::Result;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use guetteur_fetch::{Conditional, HtmlPage, Validators};
use guetteur_model::{BulletinLink, Sha256, Source};
use guetteur_sources::glance;
use guetteur_store::{ListRole, Look, NewestList, PassKind, PassOutcome};
use url::Url;

use super::discover::{closed, discover_source, known_ground, success};
use super::events::{Event, Events};
use crate::app::App;

/// A new month or year shows on the page of periods: that is looked at so often at least.
const PERIODS_EVERY: TimeDelta = TimeDelta::hours(1);
/// At the start of a month, every other look.
const NEW_MONTH_EVERY: TimeDelta = TimeDelta::minutes(20);
/// Days of a month on which its page may be new.
const NEW_MONTH_DAYS: u32 = 3;

/// Looks once at a page of `source` where the next bulletin may show.
///
/// # Errors
/// As [`look`].
pub async fn look_at(app: &App, source: &Source, events: &Events) -> Result<()> {
    if closed(app, source).is_some() {
        return Ok(());
    }
    let lists = app.store.newest_lists(Some(&source.code)).await?;
    let now = app.clock.now();
    let today = now.with_timezone(&source.timezone).date_naive();
    match choose(&lists, now, today) {
        Some(list) => look(app, source, list, events).await,
        // No pass has found where the source lists.
        None => Ok(()),
    }
}

fn choose(lists: &[NewestList], now: DateTime<Utc>, today: NaiveDate) -> Option<&NewestList> {
    let of = |role| lists.iter().find(|list| list.role == role);
    let (list, periods) = (of(ListRole::List), of(ListRole::Periods));
    let every = if today.day() <= NEW_MONTH_DAYS { NEW_MONTH_EVERY } else { PERIODS_EVERY };
    let due = |page: &&NewestList| page.looked_at.is_none_or(|at| now - at >= every);
    let elsewhere = |page: &&NewestList| list.is_none_or(|list| list.url != page.url);
    periods.filter(elsewhere).filter(due).or(list)
}

/// Looks at `list` once; new bulletins go on the line. A page that lists anew what the walk must
/// read (a bulletin's own page, a new month) has the site walked at once, down to known ground.
///
/// # Errors
/// When the database fails: a page that cannot be had is noted.
async fn look(app: &App, source: &Source, list: &NewestList, events: &Events) -> Result<()> {
    let url = Url::parse(&list.url)?;
    let known = stored(list);
    let condition = is_conditional(list, app.clock.now()).then_some(&known);
    let look = match app.client.get_page(&url, condition).await {
        Ok(Conditional::NotModified) => Look::NotModified,
        Ok(Conditional::Got(page)) => return read(app, source, list, page, events).await,
        Err(error) => {
            let failure = error.failure();
            tracing::warn!(source = source.code, url = list.url, %failure, "look failed");
            Look::Failed(failure)
        }
    };
    app.store.note_look(list, &look, app.clock.now()).await?;
    Ok(())
}

/// Some servers answer 304 for ever: the first look of each four hours sends no condition.
fn is_conditional(list: &NewestList, now: DateTime<Utc>) -> bool {
    let turn = |at: DateTime<Utc>| at.timestamp().div_euclid(4 * 3600);
    list.looked_at.is_some_and(|at| turn(at) == turn(now))
}

fn stored(list: &NewestList) -> Validators {
    Validators { etag: list.etag.clone(), last_modified: list.last_modified.clone() }
}

/// What may be sent as a condition next time: nothing, once the list has lied.
fn trusted(list: &NewestList, lied: bool, sent: Validators) -> Validators {
    if lied || list.distrusted_at.is_some() { Validators::default() } else { sent }
}

/// Whether the list changed and said that it had not.
fn lied(list: &NewestList, listed: Sha256, sent: &Validators) -> bool {
    let changed = list.listed.is_some_and(|before| before != listed);
    changed && *sent == stored(list) && *sent != Validators::default()
}

async fn read(
    app: &App,
    source: &Source,
    list: &NewestList,
    page: HtmlPage,
    events: &Events,
) -> Result<()> {
    let now = app.clock.now();
    let today = now.with_timezone(&source.timezone).date_naive();
    let sent = page.validators.clone();
    let mut seen = glance(source, success(page), today).await?;
    let listed = seen.digest();
    let lied = lied(list, listed, &sent);
    if lied {
        tracing::warn!(
            source = source.code,
            url = list.url,
            "the list changed under the same ETag"
        );
    }
    let Validators { etag, last_modified } = trusted(list, lied, sent);
    app.store.note_look(list, &Look::Got { etag, last_modified, listed, lied }, now).await?;
    if list.listed == Some(listed) {
        return Ok(());
    }
    let known = known_ground(app, source).await?;
    // Where addresses change at every request, the page looks new each time.
    let renamed = known.recognise(&mut seen.bulletins) > 0;
    let new = app.store.record_found(&source.code, &seen.bulletins, now).await?.new;
    let left_out = &seen.left_out;
    app.store.record_left_out(&source.code, left_out, PassKind::Quick, now).await?;
    if new > 0 {
        let found = seen.bulletins.len() as u32;
        let outcome = PassOutcome { requests: 1, found, new, failure: None };
        let pass = app.store.begin_pass(&source.code, PassKind::Quick, now).await?;
        app.store.finish_pass(pass, &outcome, app.clock.now()).await?;
        events.send(Event::Discovered {
            source: source.code.clone(),
            found,
            new,
            requests: 1,
            failure: None,
        });
    }
    // Something else changed, such as a new month; a first look has nothing to compare with.
    let changed = list.listed.is_some() && new == 0 && !renamed;
    // The page alone may not tell the day: the walk knows which year's list it is.
    let undated = |link: &BulletinLink| link.published_on.is_none() && !known.knows(&link.url);
    if changed || seen.has_unread(&known) || seen.bulletins.iter().any(undated) {
        discover_source(app, source, None, false, events).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_etag_hides_nothing() {
        let now: DateTime<Utc> = "2026-08-14T10:00:00Z".parse().expect("time");
        let list = NewestList {
            source: "34".to_owned(),
            role: ListRole::List,
            url: "https://www.herault.gouv.fr/raa".to_owned(),
            etag: Some("\"v1\"".to_owned()),
            last_modified: None,
            listed: None,
            distrusted_at: None,
            failing_since: None,
            looked_at: Some(now - TimeDelta::minutes(15)),
            failure: None,
        };
        let looks = (0..96).map(|quarter| now + TimeDelta::minutes(15 * quarter));
        let mut last = list.clone();
        let free = looks
            .filter(|at| {
                let free = !is_conditional(&last, *at);
                last.looked_at = Some(*at);
                free
            })
            .count();
        assert_eq!(free, 6, "looks without condition in a day");
        let sent = Validators { etag: Some("\"v1\"".to_owned()), last_modified: None };
        let (before, after) = (Sha256::of(b"before"), Sha256::of(b"after"));
        let list = NewestList { listed: Some(before), ..list };
        assert!(lied(&list, after, &sent));
        let honest = Validators { etag: Some("\"v2\"".to_owned()), last_modified: None };
        assert!(!lied(&list, before, &sent) && !lied(&list, after, &honest));
        let silent = NewestList { etag: None, ..list.clone() };
        assert!(!lied(&silent, after, &Validators::default()), "it says nothing");
        assert_eq!(trusted(&silent, false, sent.clone()), sent, "a server may begin to say it");
        assert_eq!(trusted(&list, true, sent.clone()), Validators::default());
        let distrusted = NewestList { distrusted_at: Some(now), ..list };
        assert_eq!(trusted(&distrusted, false, honest), Validators::default(), "never again");
    }

    #[test]
    fn the_page_of_periods_is_looked_at_now_and_then() {
        let now: DateTime<Utc> = "2026-08-14T10:00:00Z".parse().expect("time");
        let page = |role, minutes: Option<i64>| NewestList {
            source: "34".to_owned(),
            role,
            url: format!("https://www.herault.gouv.fr/{role:?}"),
            etag: None,
            last_modified: None,
            listed: None,
            distrusted_at: None,
            failing_since: None,
            looked_at: minutes.map(|minutes| now - TimeDelta::minutes(minutes)),
            failure: None,
        };
        let list = page(ListRole::List, Some(15));
        let role = |lists: &[NewestList], day: &str| {
            choose(lists, now, day.parse().expect("day")).map(|list| list.role)
        };
        let (middle, first) = ("2026-08-14", "2026-09-01");
        for (minutes, day, expected) in [
            (None, middle, ListRole::Periods),
            (Some(30), middle, ListRole::List),
            (Some(61), middle, ListRole::Periods),
            (Some(30), first, ListRole::Periods),
            (Some(15), first, ListRole::List),
        ] {
            let lists = [list.clone(), page(ListRole::Periods, minutes)];
            assert_eq!(role(&lists, day), Some(expected), "{minutes:?} {day}");
        }
        assert_eq!(role(std::slice::from_ref(&list), middle), Some(ListRole::List));
        let same = NewestList { role: ListRole::Periods, ..list.clone() };
        assert_eq!(role(&[list, same], middle), Some(ListRole::List), "one page is both");
        assert_eq!(role(&[], middle), None);
    }
}
