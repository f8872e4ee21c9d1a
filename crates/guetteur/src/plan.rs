//! What each source is due for, and when. Nothing is asked here, and the time is passed in.

use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use cron::Schedule;
use guetteur_model::Source;
use guetteur_store::SourceState;
pub use guetteur_store::VisitKind as Visit;
use url::Url;

use crate::config::Watch;
use crate::habits::Habits;
use crate::schedule::{jitter, next_due};

/// Two looks at one host are so far apart, even where several sources share it.
const HOST_PAUSE: TimeDelta = TimeDelta::minutes(10);

/// A walk that failed is tried again after so long, later ones after twice as long each, until the
/// schedule's own turn comes.
const AGAIN: TimeDelta = TimeDelta::minutes(20);

/// A walk that another machine is at is not asked for sooner than after so long.
const HELD_PAUSE: TimeDelta = TimeDelta::seconds(1);

/// Machines that share a database are due for a walk at about the same time: what one of them did so
/// shortly before need not be done again.
const TOGETHER: TimeDelta = TimeDelta::minutes(30);

/// A source that is due.
#[derive(Debug, Clone)]
pub struct Due {
    /// The source.
    pub source: Source,
    /// What it is due for.
    pub visit: Visit,
    /// Since when another machine has not done as much, or it need not be done.
    pub not_since: DateTime<Utc>,
}

/// How a visit went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Went {
    /// It need not be made again, whoever made it.
    Well,
    /// It was not made, or not to its end.
    Failed,
    /// Another machine is at it; should it die, its claim ends at this time, UTC.
    Held(DateTime<Utc>),
}

/// When each source is due next.
pub struct Plan {
    daily: Schedule,
    full: Schedule,
    jitter_minutes: u64,
    /// `None`: no quick looks.
    looks: Option<Looks>,
    entries: Vec<Entry>,
    /// Last look at each host.
    hosts: HashMap<String, DateTime<Utc>>,
}

struct Looks {
    pause: TimeDelta,
    /// Hours of the day, in the source's time zone.
    hours: Range<u32>,
}

impl Looks {
    fn are_open(&self, at: DateTime<Utc>, timezone: Tz) -> bool {
        self.hours.contains(&at.with_timezone(&timezone).hour())
    }
}

struct Entry {
    source: Source,
    host: String,
    habits: Habits,
    daily_at: DateTime<Utc>,
    full_at: DateTime<Utc>,
    look_at: DateTime<Utc>,
    /// Walks that failed, one after the other.
    failed: u32,
}

impl Plan {
    /// The plan of `sources` from `now` on. A source never looked at, or missed while we were
    /// down, is due at once.
    #[must_use]
    pub fn new(
        settings: &Watch,
        sources: Vec<Source>,
        states: &[SourceState],
        now: DateTime<Utc>,
    ) -> Self {
        let pause = TimeDelta::from_std(settings.look).unwrap_or(TimeDelta::MAX);
        let hours = settings.look_hours.0.clone();
        let mut plan = Self {
            daily: settings.schedule.clone(),
            full: settings.full_schedule.clone(),
            jitter_minutes: settings.jitter.as_secs() / 60,
            looks: (!settings.look.is_zero()).then_some(Looks { pause, hours }),
            entries: Vec::new(),
            hosts: HashMap::new(),
        };
        for source in sources {
            let state = states.iter().find(|state| state.code == source.code);
            let daily = next(&plan.daily, &source, plan.jitter_minutes, now);
            let host = source.roots.first().and_then(|root| Url::parse(root).ok());
            plan.entries.push(Entry {
                host: host.and_then(|url| Some(url.host_str()?.to_owned())).unwrap_or_default(),
                habits: Habits::default(),
                daily_at: if overdue(state, now) { now } else { daily },
                full_at: next(&plan.full, &source, plan.jitter_minutes, now),
                look_at: plan.first_look(&source, now),
                failed: 0,
                source,
            });
        }
        plan
    }

    /// Teaches at which hours sources publish.
    pub fn learn(&mut self, habits: impl Fn(&Source) -> Habits) {
        for entry in &mut self.entries {
            entry.habits = habits(&entry.source);
        }
    }

    /// What is due now; each is planned anew. A walk is a look too.
    pub fn due(&mut self, now: DateTime<Utc>) -> Vec<Due> {
        let mut due = Vec::new();
        // Of those that share a host the one that waits longest is looked at.
        let mut waiting: Vec<usize> = (0..self.entries.len()).collect();
        waiting.sort_by_key(|i| self.entries[*i].look_at);
        for i in waiting {
            let Some(visit) = self.visit(i, now) else { continue };
            let look_at = self.next_look(&self.entries[i], now);
            let pause = self.looks.as_ref().map_or(TimeDelta::zero(), |looks| {
                let entry = &self.entries[i];
                entry.habits.pause(looks.pause, now, entry.source.timezone)
            });
            let (daily, full, jitter) = (&self.daily, &self.full, self.jitter_minutes);
            let entry = &mut self.entries[i];
            let not_since = match visit {
                Visit::Look => now - pause + TimeDelta::minutes(1),
                Visit::Daily => entry.daily_at - TOGETHER,
                Visit::Full => entry.full_at - TOGETHER,
            };
            entry.look_at = look_at;
            if visit != Visit::Look {
                entry.daily_at = next(daily, &entry.source, jitter, now);
            }
            if visit == Visit::Full {
                entry.full_at = next(full, &entry.source, jitter, now);
            }
            self.hosts.insert(entry.host.clone(), now);
            due.push(Due { source: entry.source.clone(), visit, not_since });
        }
        due
    }

    /// How a walk went. One that failed is due again soon, and not at the next night or in a week: a
    /// site that was down for a minute would be blind for as long. One that another machine is at is
    /// asked for when its claim ends, so that a machine that dies is replaced at once.
    pub fn walked(&mut self, code: &str, visit: Visit, went: Went, now: DateTime<Utc>) {
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.source.code == code) else {
            return;
        };
        if visit == Visit::Look {
            return;
        }
        let again = match went {
            Went::Well => {
                entry.failed = 0;
                return;
            }
            Went::Failed => {
                let wait = AGAIN * (1 << entry.failed.min(6)) + jitter(code, 10);
                entry.failed += 1;
                now + wait
            }
            Went::Held(until) => until.max(now + HELD_PAUSE),
        };
        match visit {
            Visit::Full => entry.full_at = entry.full_at.min(again),
            Visit::Daily | Visit::Look => entry.daily_at = entry.daily_at.min(again),
        }
    }

    fn visit(&mut self, i: usize, now: DateTime<Utc>) -> Option<Visit> {
        let entry = &self.entries[i];
        if entry.full_at <= now {
            return Some(Visit::Full);
        }
        if entry.daily_at <= now {
            return Some(Visit::Daily);
        }
        if self.look_at(entry) > now {
            return None;
        }
        let open = self.looks.as_ref().is_some_and(|l| l.are_open(now, entry.source.timezone));
        if !open {
            self.entries[i].look_at = self.first_look(&self.entries[i].source, now);
            return None;
        }
        Some(Visit::Look)
    }

    /// When the source can be looked at: due, and its host left alone for a while.
    fn look_at(&self, entry: &Entry) -> DateTime<Utc> {
        let asked = self.hosts.get(&entry.host);
        asked.map_or(entry.look_at, |asked| entry.look_at.max(*asked + HOST_PAUSE))
    }

    /// How long until something is due.
    #[must_use]
    pub fn until_next(&self, now: DateTime<Utc>) -> Duration {
        let at = |entry: &Entry| entry.daily_at.min(entry.full_at).min(self.look_at(entry));
        let next = self.entries.iter().map(at).min();
        next.and_then(|at| (at - now).to_std().ok()).unwrap_or(Duration::ZERO)
    }

    fn next_look(&self, entry: &Entry, now: DateTime<Utc>) -> DateTime<Utc> {
        let Some(looks) = &self.looks else { return DateTime::<Utc>::MAX_UTC };
        let timezone = entry.source.timezone;
        let at = now + entry.habits.pause(looks.pause, now, timezone);
        if looks.are_open(at, timezone) { at } else { self.first_look(&entry.source, at) }
    }

    /// The first look from `from` on: each source has its own minutes, so that looks spread.
    fn first_look(&self, source: &Source, from: DateTime<Utc>) -> DateTime<Utc> {
        let Some(looks) = &self.looks else { return DateTime::<Utc>::MAX_UTC };
        let spread = jitter(&source.code, looks.pause.num_minutes().unsigned_abs());
        if looks.are_open(from + spread, source.timezone) {
            return from + spread;
        }
        let local = from.with_timezone(&source.timezone);
        let opening = NaiveTime::from_hms_opt(looks.hours.start, 0, 0).unwrap_or_default();
        let day = local.date_naive();
        let day = if local.hour() < looks.hours.start { day } else { day + Days::new(1) };
        let opens = day.and_time(opening).and_local_timezone(source.timezone).earliest();
        opens.map_or(from + looks.pause, |opens| opens.to_utc()) + spread
    }
}

fn next(
    schedule: &Schedule,
    source: &Source,
    jitter_minutes: u64,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    next_due(schedule, source.timezone, &source.code, jitter_minutes, now)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Whether a source has had no success for a day.
fn overdue(state: Option<&SourceState>, now: DateTime<Utc>) -> bool {
    state.and_then(|state| state.last_ok_at).is_none_or(|at| now - at > TimeDelta::days(1))
}

#[cfg(test)]
mod tests;
