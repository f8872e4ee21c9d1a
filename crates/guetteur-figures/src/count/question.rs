//! Four questions to all acts. Each gives a verdict on each act in question, which tables add up and
//! exports list line by line.

use chrono::NaiveDate;
use guetteur_model::Category;

use super::act::Manner;
use super::{CountedAct, Footing, Ledger, Reason, Span};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// How many acts authorise it: one each.
    Authorisations,
    /// How long before its effect each was published.
    Notice,
    /// On which days at least one was in force.
    Days,
    /// Which of them raise a doubt of law.
    Doubts,
}

/// Which acts are in question. Empty lists restrict nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Categories that they authorise.
    pub categories: Vec<Category>,
    /// Codes of the sources that published them.
    pub sources: Vec<String>,
    /// First day: of publication, for [`Question::Days`] of effect.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

/// What becomes of an act in question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// It counts.
    One,
    /// It counts, with these hours of notice: the most that there can have been.
    Notice(f64),
    /// It was held against the law; whether a doubt is left.
    Examined(bool),
    /// It counts on these days of the scope; `None` when it had been repealed before it began.
    Days(Option<Span>),
    /// It is set apart.
    Apart(Reason),
}

impl Scope {
    /// The verdicts on all acts in question, by id.
    pub fn ask<'l>(
        &'l self,
        question: Question,
        ledger: &'l Ledger,
    ) -> impl Iterator<Item = (&'l CountedAct, Verdict)> + 'l {
        ledger.acts().filter_map(move |act| Some((act, self.judge(question, ledger, act)?)))
    }

    /// `None` when the act is not in question.
    fn judge(&self, question: Question, ledger: &Ledger, act: &CountedAct) -> Option<Verdict> {
        if !self.sources.is_empty() && !self.sources.iter().any(|code| **code == *act.source) {
            return None;
        }
        let sure = act.authorises(&self.categories)?;
        let published = act.published_on;
        let in_scope = published.is_none_or(|day| self.contains(day));
        if question == Question::Days {
            return self.judge_days(ledger, act, sure, in_scope);
        }
        if !in_scope {
            return None;
        }
        let verdict = match unfounded(act, sure) {
            Some(reason) => Verdict::Apart(reason),
            None if question == Question::Doubts => self.examine(act),
            None if act.manner == Manner::Modifies => Verdict::Apart(Reason::Modifies),
            None if published.is_none() => Verdict::Apart(Reason::NoPublication),
            None if question == Question::Authorisations => Verdict::One,
            None => notice(act).map_or_else(Verdict::Apart, Verdict::Notice),
        };
        Some(verdict)
    }

    /// Days that contradict each other, or are to check, raise no doubt that counts; that they are
    /// longer than the law allows is a doubt of law itself.
    fn examine(&self, act: &CountedAct) -> Verdict {
        match act.doubt {
            Some(reason @ (Reason::Doubted | Reason::DaysToCheck)) => Verdict::Apart(reason),
            _ => Verdict::Examined(!act.doubts_about(&self.categories).is_empty()),
        }
    }

    /// An act whose days are not known is in question when it was published in the scope.
    fn judge_days(
        &self,
        ledger: &Ledger,
        act: &CountedAct,
        sure: bool,
        in_scope: bool,
    ) -> Option<Verdict> {
        if let Some(reason) = unfounded(act, sure) {
            return in_scope.then_some(Verdict::Apart(reason));
        }
        match ledger.in_force(act.id) {
            Err(reason) => in_scope.then_some(Verdict::Apart(reason)),
            Ok(None) => in_scope.then_some(Verdict::Days(None)),
            Ok(Some((from, to))) => {
                let from = self.from.map_or(from, |first| first.max(from));
                let to = self.to.map_or(to, |last| last.min(to));
                (from <= to).then_some(Verdict::Days(Some((from, to))))
            }
        }
    }

    fn contains(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

fn unfounded(act: &CountedAct, sure: bool) -> Option<Reason> {
    match act.footing {
        Footing::FirstAlert => Some(Reason::Unread),
        Footing::Withdrawn => Some(Reason::Withdrawn),
        Footing::Read if !sure => Some(Reason::ToCheck),
        Footing::Read => None,
    }
}

fn notice(act: &CountedAct) -> Result<f64, Reason> {
    match (act.doubt, act.notice_hours) {
        (Some(reason), _) => Err(reason),
        (None, Some(hours)) => Ok(hours),
        (None, None) if act.valid_from.is_some() => Err(Reason::StartsWithSignature),
        (None, None) => Err(Reason::NoStart),
    }
}

/// How many acts were published how long before their effect. The classes hold each other: what was
/// published less than 24 hours before is less than 48 hours before too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notices {
    /// Acts whose notice is known.
    pub known: u64,
    /// Less than 72 hours before, or after.
    pub under_72: u64,
    /// Less than 48 hours before, or after.
    pub under_48: u64,
    /// Less than 24 hours before, or after.
    pub under_24: u64,
    /// After effect had begun.
    pub after: u64,
}

impl Notices {
    /// Counts one more act.
    pub fn add(&mut self, hours: f64) {
        self.known += 1;
        self.under_72 += u64::from(hours < 72.0);
        self.under_48 += u64::from(hours < 48.0);
        self.under_24 += u64::from(hours < 24.0);
        self.after += u64::from(hours < 0.0);
    }
}

/// How many acts were in force on each day of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    first: NaiveDate,
    /// For each day how many more are in force than the day before.
    steps: Vec<i64>,
}

impl Calendar {
    /// Days from `first` to `last`, at most 200 years.
    #[must_use]
    pub fn new(first: NaiveDate, last: NaiveDate) -> Self {
        let days = (last - first).num_days().clamp(-1, 73_000) + 1;
        Self { first, steps: vec![0; usize::try_from(days).unwrap_or(0)] }
    }

    /// Counts one more act on these days; those outside the period are left out.
    pub fn add(&mut self, (from, to): Span) {
        let at = |day: NaiveDate| (day - self.first).num_days();
        let (from, end) = (at(from).max(0), at(to) + 1);
        let index = |place: i64| usize::try_from(place).ok().filter(|i| *i < self.steps.len());
        let (Some(start), true) = (index(from), from < end) else { return };
        let stop = index(end);
        self.steps[start] += 1;
        if let Some(stop) = stop {
            self.steps[stop] -= 1;
        }
    }

    /// Acts in force on each day, in order.
    #[must_use]
    pub fn counts(&self) -> Vec<u64> {
        let mut in_force = 0;
        let sum = |step: &i64| {
            in_force += step;
            u64::try_from(in_force).unwrap_or(0)
        };
        self.steps.iter().map(sum).collect()
    }

    /// Days with at least one act in force.
    #[must_use]
    pub fn covered(&self) -> u64 {
        self.counts().iter().filter(|count| **count > 0).count() as u64
    }
}
