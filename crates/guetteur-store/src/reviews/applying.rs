//! Changing what was read of an act by what an operator found, and back.

use chrono::NaiveDate;
use guetteur_model::{
    Answer, Basis, Category, Facts, Flag, Level, Sha256, Span, Subject, Trace, When,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Review;

/// The rule of flags that an operator added.
pub const REVIEW_RULE: &str = "operator/review";

/// What a reading gave of a subject.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Before {
    flags: Vec<Flag>,
    value: Option<Value>,
    evidence: Vec<Span>,
    trace: Option<Trace>,
    notice_hours: Option<f64>,
}

impl Before {
    /// What an operator who accepts it accepts: the level of the strongest flag, the value of the fact;
    /// `None` when there is neither.
    pub(crate) fn says(&self) -> Option<Value> {
        let level = self.flags.iter().map(|flag| flag.level).min();
        level.map(|level| Value::from(level.as_str())).or_else(|| self.value.clone())
    }
}

/// Takes a subject out of what was read.
pub(crate) fn take(subject: &Subject, facts: &mut Facts, flags: &mut Vec<Flag>) -> Before {
    match subject {
        Subject::Flag(category) => {
            let (taken, kept) = flags.drain(..).partition(|flag| flag.category == *category);
            *flags = kept;
            Before { flags: taken, ..Before::default() }
        }
        Subject::Fact(field) => Before {
            value: value(facts, field),
            evidence: facts.evidence.remove(*field).unwrap_or_default(),
            trace: facts.traces.remove(*field),
            notice_hours: facts.notice_hours,
            flags: Vec::new(),
        }
        .without(field, facts),
    }
}

impl Before {
    fn without(self, field: &str, facts: &mut Facts) -> Self {
        set(facts, field, None);
        if field == "valid_from" {
            facts.notice_hours = None;
        }
        self
    }
}

/// Puts back what [`take`] took, in the place of what stands there now.
pub(crate) fn restore(subject: &Subject, before: Before, facts: &mut Facts, flags: &mut Vec<Flag>) {
    take(subject, facts, flags);
    flags.extend(before.flags);
    if let Subject::Fact(field) = subject {
        set(facts, field, before.value);
        if !before.evidence.is_empty() {
            facts.evidence.insert((*field).to_owned(), before.evidence);
        }
        facts.traces.extend(before.trace.map(|trace| ((*field).to_owned(), trace)));
        if *field == "valid_from" {
            facts.notice_hours = before.notice_hours;
        }
    }
}

/// Puts what a review says in the place of what [`take`] took; `false` when its value has another
/// form. `published_on` is the day from which notice counts.
pub(crate) fn apply(
    review: &Review,
    before: &Before,
    published_on: Option<NaiveDate>,
    facts: &mut Facts,
    flags: &mut Vec<Flag>,
) -> bool {
    match (&review.subject, review.answer) {
        (_, Answer::Rejected) => true,
        (Subject::Flag(_), Answer::Accepted) if !before.flags.is_empty() => {
            flags.extend(before.flags.iter().map(|flag| Flag { to_check: false, ..flag.clone() }));
            true
        }
        (Subject::Flag(category), Answer::Accepted | Answer::Corrected) => {
            let level = review.value.as_ref().and_then(Value::as_str);
            let Some(level) = level.and_then(|level| level.parse::<Level>().ok()) else {
                return false;
            };
            flags.push(corrected(category, level, before));
            true
        }
        (Subject::Fact(field), Answer::Accepted) if before.value == review.value => {
            let kept = before.clone();
            restore(&review.subject, kept, facts, flags);
            if let Some(trace) = facts.traces.get_mut(*field) {
                trace.to_check = false;
            }
            true
        }
        // What was accepted stays, though it is read otherwise by now.
        (Subject::Fact(field), Answer::Accepted | Answer::Corrected) => {
            let given = review.value.clone().filter(|value| !value.is_null());
            let put = given.is_some() && set(facts, field, given);
            if *field == "valid_from" {
                facts.notice_hours = notice(facts.valid_from, published_on);
            }
            put
        }
    }
}

/// The strongest of the flags that were read, with the level that it ought to have; where there was
/// none, one of the operator's.
fn corrected(category: &Category, level: Level, before: &Before) -> Flag {
    let read = before.flags.iter().min_by_key(|flag| flag.level).cloned();
    let new = || Flag {
        category: category.clone(),
        level,
        rule: REVIEW_RULE.to_owned(),
        to_check: false,
        basis: Basis::Body,
        evidence: Vec::new(),
    };
    Flag { level, to_check: false, ..read.unwrap_or_else(new) }
}

/// The fact's value as JSON has it.
fn value(facts: &Facts, field: &str) -> Option<Value> {
    let json = serde_json::to_value(facts).ok()?;
    json.get(field).cloned()
}

/// Sets the fact of a field; `false` when the value has another form.
fn set(facts: &mut Facts, field: &str, value: Option<Value>) -> bool {
    let Ok(Value::Object(mut json)) = serde_json::to_value(&*facts) else { return false };
    match value {
        Some(value) => json.insert(field.to_owned(), value),
        None => json.remove(field),
    };
    let Ok(changed) = serde_json::from_value(Value::Object(json)) else { return false };
    *facts = changed;
    true
}

/// Hours from 00:00 of the day of publication, on the clock of the act.
fn notice(from: Option<When>, published_on: Option<NaiveDate>) -> Option<f64> {
    let published = published_on?.and_hms_opt(0, 0, 0)?;
    let begins = match from? {
        When::Day(day) => day.and_hms_opt(0, 0, 0)?,
        When::Instant(at) => at.naive_local(),
    };
    Some((begins - published).num_minutes() as f64 / 60.0)
}

/// The fingerprint of what was read, changed by reviews: those of one act, in the order of their ids.
pub(crate) fn fingerprint(read_sha256: &str, reviews: &[Review]) -> String {
    if reviews.is_empty() {
        return read_sha256.to_owned();
    }
    let told = |review: &Review| {
        let value = review.value.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("\n{} {} {value}", review.subject, review.answer.as_str())
    };
    let all: String = reviews.iter().map(told).collect();
    Sha256::of(format!("{read_sha256}{all}").as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use guetteur_model::{ActId, Region, ReviewId};
    use serde_json::json;

    use super::*;

    fn read() -> (Facts, Vec<Flag>) {
        let trace = Trace {
            region: Region::Title,
            article: None,
            cue: None,
            distance: None,
            to_check: true,
        };
        let facts = Facts {
            valid_from: When::parse("2026-03-04"),
            valid_to: When::parse("2026-03-05"),
            aircraft: Some(2),
            notice_hours: Some(24.0),
            traces: BTreeMap::from([("valid_from".to_owned(), trace)]),
            ..Facts::default()
        };
        let flag = |category: &str| Flag {
            category: Category::new(category).expect("category"),
            level: Level::Authorises,
            rule: "a/b".into(),
            to_check: true,
            basis: Basis::Title,
            evidence: Vec::new(),
        };
        (facts, vec![flag("drone"), flag("vsa")])
    }

    fn reviewed(subject: &str, answer: Answer, value: Option<Value>) -> (bool, Facts, Vec<Flag>) {
        let (mut facts, mut flags) = read();
        let review = Review {
            id: ReviewId(1),
            act: ActId(1),
            subject: subject.parse().expect("subject"),
            answer,
            value: value.or_else(|| (answer == Answer::Accepted).then(|| json!("2026-03-04"))),
            reason: String::new(),
            reviewed_at: DateTimeUtc::UNIX_EPOCH,
        };
        let before = take(&review.subject, &mut facts, &mut flags);
        let day = NaiveDate::from_ymd_opt(2026, 3, 3);
        let put = apply(&review, &before, day, &mut facts, &mut flags);
        let (mut back, mut flags_back) = (facts.clone(), flags.clone());
        restore(&review.subject, before, &mut back, &mut flags_back);
        let (facts_read, mut flags_read) = read();
        flags_back.sort_by(|a, b| a.category.cmp(&b.category));
        flags_read.sort_by(|a, b| a.category.cmp(&b.category));
        assert_eq!((back, flags_back), (facts_read, flags_read), "{subject} {answer:?} undone");
        (put, facts, flags)
    }

    type DateTimeUtc = chrono::DateTime<chrono::Utc>;

    #[test]
    fn a_flag_is_accepted_rejected_and_corrected() {
        let (_, _, flags) = reviewed("flag:drone", Answer::Accepted, None);
        assert!(flags.iter().any(|f| f.category.as_str() == "drone" && !f.to_check));
        let (_, _, flags) = reviewed("flag:drone", Answer::Rejected, None);
        assert_eq!(flags.len(), 1, "the other stays");
        let (put, _, flags) = reviewed("flag:lapi", Answer::Corrected, Some(json!("restricts")));
        let added = flags.iter().find(|f| f.category.as_str() == "lapi").expect("added");
        assert!(put && added.level == Level::Restricts && added.rule == REVIEW_RULE);
        assert!(!reviewed("flag:drone", Answer::Corrected, Some(json!("much"))).0);
        assert!(!reviewed("flag:drone", Answer::Corrected, None).0);
    }

    #[test]
    fn a_fact_is_accepted_rejected_and_corrected() {
        let (_, facts, _) = reviewed("valid_from", Answer::Accepted, None);
        assert!(!facts.is_to_check("valid_from") && facts.notice_hours == Some(24.0));
        let (_, facts, _) = reviewed("valid_from", Answer::Accepted, Some(json!("2026-03-03")));
        assert_eq!(facts.valid_from, When::parse("2026-03-03"), "read otherwise since");
        let (_, facts, _) = reviewed("valid_from", Answer::Rejected, None);
        assert_eq!((facts.valid_from, facts.notice_hours), (None, None));
        assert!(facts.traces.is_empty() && facts.valid_to.is_some());
        let given = json!("2026-03-04T12:00:00+01:00");
        let (put, facts, _) = reviewed("valid_from", Answer::Corrected, Some(given));
        assert!(put && facts.notice_hours == Some(36.0), "notice follows: {facts:?}");
        let (put, facts, _) = reviewed("aircraft", Answer::Corrected, Some(json!(1)));
        assert!(put && facts.aircraft == Some(1));
        assert!(!reviewed("aircraft", Answer::Corrected, Some(json!("one"))).0);
    }
}
