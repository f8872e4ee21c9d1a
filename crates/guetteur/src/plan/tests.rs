use std::collections::HashMap;

use chrono::{Datelike, NaiveDate, Weekday};
use guetteur_model::SourceKind;
use guetteur_sources::Registry;

use super::*;
use crate::config::Hours;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("time")
}

fn source(code: &str, host: &str) -> Source {
    Source {
        code: code.into(),
        name: "Hérault".into(),
        region: "Occitanie".into(),
        kind: SourceKind::Departement,
        timezone: chrono_tz::Europe::Paris,
        roots: vec![format!("https://{host}/raa")],
        hint: None,
    }
}

/// As if all had just been walked.
fn fresh(sources: &[Source], now: DateTime<Utc>) -> Vec<SourceState> {
    let state = |source: &Source| SourceState {
        code: source.code.clone(),
        last_ok_at: Some(now),
        ..SourceState::default()
    };
    sources.iter().map(state).collect()
}

fn plan(settings: Watch, sources: Vec<Source>, now: DateTime<Utc>) -> Plan {
    let states = fresh(&sources, now);
    Plan::new(&settings, sources, &states, now)
}

/// Runs the plan from visit to visit until `end`.
fn run(
    plan: &mut Plan,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, Source, Visit)> {
    let mut visits = Vec::new();
    let mut now = start;
    while now < end {
        visits.extend(plan.due(now).into_iter().map(|due| (now, due.source, due.visit)));
        let nap = plan.until_next(now).max(Duration::from_secs(1));
        now += TimeDelta::from_std(nap).expect("nap");
    }
    visits
}

#[test]
fn walks_keep_their_schedule() {
    let settings = Watch {
        schedule: "0 0 8 * * *".parse().expect("cron"),
        full_schedule: "0 0 3 * * Sun".parse().expect("cron"),
        jitter: Duration::ZERO,
        look: Duration::ZERO,
        ..Watch::default()
    };
    let start = at("2026-08-14T05:00:00Z");
    let mut plan = plan(settings, vec![source("34", "a.example")], start);
    let visits = run(&mut plan, start, at("2026-08-17T00:00:00Z"));
    let seen: Vec<_> = visits.iter().map(|(at, _, visit)| (at.to_rfc3339(), *visit)).collect();
    let expected = [
        ("2026-08-14T06:00:00+00:00", Visit::Daily),
        ("2026-08-15T06:00:00+00:00", Visit::Daily),
        ("2026-08-16T01:00:00+00:00", Visit::Full),
        ("2026-08-16T06:00:00+00:00", Visit::Daily),
    ];
    assert_eq!(seen, expected.map(|(at, visit)| (at.to_owned(), visit)));
}

/// A walk that failed is tried again within the hour, then more and more rarely; the schedule's own
/// turns stay.
#[test]
fn a_failed_walk_is_tried_again() {
    let settings = Watch {
        schedule: "0 0 8 * * *".parse().expect("cron"),
        full_schedule: "0 0 3 * * Sun".parse().expect("cron"),
        jitter: Duration::ZERO,
        look: Duration::ZERO,
        ..Watch::default()
    };
    let start = at("2026-08-14T05:00:00Z");
    for visit in [Visit::Daily, Visit::Full] {
        let mut plan = plan(settings.clone(), vec![source("34", "a.example")], start);
        let mut tries = Vec::new();
        let mut now = at("2026-08-14T06:00:01Z");
        plan.due(now);
        for _ in 0..3 {
            plan.walked("34", visit, Went::Failed, now);
            let since = now;
            while plan.due(now).is_empty() {
                now += TimeDelta::minutes(1);
            }
            tries.push((now - since).num_minutes());
        }
        assert!(tries[0] <= 60 && tries[0] < tries[1] && tries[1] < tries[2], "{tries:?}");
        plan.walked("34", visit, Went::Well, now);
        let next = run(&mut plan, now, at("2026-08-15T07:00:00Z"));
        assert_eq!(next.len(), 1, "the schedule's own: {next:?}");
    }
}

#[test]
fn a_walk_that_a_machine_died_at_is_made_when_its_claim_ends() {
    // A Saturday, and the Sunday after it.
    let turns = [(Visit::Daily, "2026-08-15T06:00:00Z"), (Visit::Full, "2026-08-16T06:00:00Z")];
    for (visit, now) in turns {
        let settings = Watch { look: Duration::ZERO, ..Watch::default() };
        let mut plan = plan(settings, vec![source("34", "a.example")], at("2026-08-14T05:00:00Z"));
        let now = at(now);
        plan.due(now);
        plan.walked("34", visit, Went::Held(now + TimeDelta::seconds(40)), now);
        assert!(plan.due(now + TimeDelta::seconds(39)).is_empty());
        let due = plan.due(now + TimeDelta::seconds(40)).remove(0);
        assert_eq!(due.visit, visit);
        // Held on to, it is asked for as long as it lasts, and made by whoever has it.
        plan.walked("34", visit, Went::Held(now), now + TimeDelta::seconds(40));
        assert!(plan.due(now + TimeDelta::seconds(40)).is_empty(), "not without a pause");
        let later = now + TimeDelta::seconds(41);
        assert_eq!(plan.due(later).len(), 1);
        plan.walked("34", visit, Went::Well, later);
        assert!(plan.due(later + TimeDelta::minutes(1)).is_empty());
    }
}

#[test]
fn looks_keep_to_the_day_and_spare_shared_hosts() {
    let settings = Watch { look_hours: Hours(8..20), ..Watch::default() };
    let start = at("2026-08-14T22:00:00Z");
    let codes = ["75", "prefidf", "prefpaca"].map(|code| source(code, "shared.example"));
    let mut plan = plan(settings, codes.to_vec(), start);
    let visits = run(&mut plan, start, start + TimeDelta::days(1));
    let looks: Vec<_> = visits.iter().filter(|(_, _, visit)| *visit == Visit::Look).collect();
    assert!(looks.len() > 60, "one host, every ten minutes: {}", looks.len());
    for pair in looks.windows(2) {
        assert!(pair[1].0 - pair[0].0 >= HOST_PAUSE, "{pair:?}");
    }
    for (at, source, _) in &looks {
        assert!((8..20).contains(&at.with_timezone(&source.timezone).hour()), "{at}");
    }
    let of = |code: &str| looks.iter().filter(|(_, source, _)| source.code == code).count();
    assert!(codes.iter().all(|source| of(&source.code) > 15), "none is starved");
}

#[test]
fn a_source_without_success_for_a_day_is_overdue() {
    let now = at("2026-08-14T07:00:00Z");
    let state =
        |last: Option<&str>| SourceState { last_ok_at: last.map(at), ..SourceState::default() };
    assert!(overdue(None, now));
    assert!(overdue(Some(&state(None)), now));
    assert!(overdue(Some(&state(Some("2026-08-13T06:59:00Z"))), now));
    assert!(!overdue(Some(&state(Some("2026-08-13T07:01:00Z"))), now));
}

/// When one prefecture publishes: working days from 8 to 19, most before noon and at the end of
/// the afternoon, now and then on a Saturday. Numbers of its own, always the same.
fn publications(code: &str, timezone: Tz, from: NaiveDate, days: u64) -> Vec<DateTime<Utc>> {
    let seed = code.bytes().fold(17_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut draw = move |below: u64| rng.u64(..below);
    let busy = 1 + draw(3);
    let mut times = Vec::new();
    for day in from.iter_days().take(days as usize) {
        let count = match day.weekday() {
            Weekday::Sun => 0,
            Weekday::Sat => u64::from(draw(6) == 0),
            _ => draw(busy + 2),
        };
        for _ in 0..count {
            let hour =
                [8, 9, 10, 10, 11, 11, 12, 14, 15, 16, 16, 17, 17, 18, 18, 19][draw(16) as usize];
            let time = NaiveTime::from_hms_opt(hour, draw(60) as u32, draw(60) as u32);
            let local = day.and_time(time.expect("time")).and_local_timezone(timezone);
            times.push(local.earliest().expect("daytime").to_utc());
        }
    }
    times
}

/// Seconds from the look that finds a bulletin to its first alert: the pause before the PDF is
/// fetched, the PDF, its own text. Generous: the e2e test of first alerts measures less.
const TO_THE_ALERT: i64 = 60;

/// A week of all sources: how long after publication the first alert stands, and how often each
/// host is asked.
#[test]
fn a_week_of_france() {
    let sources: Vec<Source> = Registry::builtin().expect("registry").iter().cloned().collect();
    let start = at("2026-03-02T00:00:00Z");
    let end = start + TimeDelta::days(7);
    let mut plan = plan(Watch::default(), sources.clone(), start);
    let past = NaiveDate::from_ymd_opt(2026, 1, 1).expect("day");
    plan.learn(|source| {
        Habits::of(publications(&source.code, source.timezone, past, 60), source.timezone)
    });
    let visits = run(&mut plan, start, end);

    let mut delays = Vec::new();
    for source in &sources {
        let walks = visits.iter().filter(|(_, of, _)| of.code == source.code);
        let seen: Vec<DateTime<Utc>> = walks.map(|(at, _, _)| *at).collect();
        for published in publications(&source.code, source.timezone, start.date_naive(), 6) {
            let found = seen.iter().find(|at| **at >= published).expect("seen in the week");
            delays.push((*found - published).num_seconds() + TO_THE_ALERT);
        }
    }
    delays.sort_unstable();
    let minutes = |share: usize| delays[delays.len() * share / 100] as f64 / 60.0;
    let (median, p95) = (minutes(50), minutes(95));

    let mut looks: HashMap<&str, Vec<DateTime<Utc>>> = HashMap::new();
    for (at, source, visit) in &visits {
        if *visit == Visit::Look {
            let host = source.roots[0].split('/').nth(2).expect("host");
            looks.entry(host).or_default().push(*at);
        }
    }
    let busiest = looks.values().map(Vec::len).max().expect("looks");
    let mean = looks.values().map(Vec::len).sum::<usize>() as f64 / looks.len() as f64 / 7.0;
    eprintln!(
        "{} bulletins of {} sources in a week: first alert after {median:.1} min (median), \
         {p95:.1} min (p95); looks a host and day: {mean:.0} (mean), {} (most)",
        delays.len(),
        sources.len(),
        busiest.div_ceil(7)
    );
    assert!(median < 15.0 && p95 < 30.0, "median {median}, p95 {p95}");
    for (host, times) in &looks {
        let near = times.windows(2).find(|pair| pair[1] - pair[0] < TimeDelta::minutes(10));
        assert_eq!(near, None, "{host} is asked twice in ten minutes");
    }
}

#[test]
fn what_another_machine_did_at_the_same_turn_need_not_be_done() {
    let start = at("2026-08-14T00:00:00Z");
    let mut plan = plan(Watch::default(), vec![source("34", "a.fr")], start);
    let mut now = start;
    let mut looked = 0;
    while now < start + TimeDelta::days(1) {
        for due in plan.due(now) {
            let slack = now - due.not_since;
            match due.visit {
                // Another machine's look is within our own pause, its last one is not.
                Visit::Look => {
                    looked += 1;
                    assert!((14..=29).contains(&slack.num_minutes()), "{slack}");
                }
                Visit::Daily | Visit::Full => assert!(slack < TimeDelta::hours(1), "{slack}"),
            }
        }
        now += TimeDelta::minutes(1);
    }
    assert!(looked > 20);
}
