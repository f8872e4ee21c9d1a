//! An act of the database as the search index wants it.

use chrono::NaiveDate;
use guetteur_model::{Flag, Source};
use guetteur_search::{ActDocument, IndexChange, IndexedFlag, Subject};
use guetteur_store::{ActRecord, Alert, AlertState, standing_outcome};

/// What the index holds of `record` from now on; name and région of its source are searched with it, where
/// the registry has them.
///
/// What was told by a first alert that the act does not bear out, or did not once, or of a former
/// version of its PDF, must still be found by the feeds that told it, and by nothing else: it has a row
/// of its own, first seen when that was last said. The act itself counts as first seen when its
/// youngest flag that calls for an alert came, or its PDF last changed it: it is news then.
#[must_use]
pub fn index_change(record: &ActRecord, source: Option<&Source>) -> IndexChange {
    // An act that repeats another counts there.
    let absent = record.removed_at.is_some() || record.repeats.is_some();
    let act = (!absent).then(|| {
        let pages = record.act.text.iter().map(|page| page.text.as_str());
        let body = pages.collect::<Vec<_>>().join("\n");
        let unread =
            record.alert.as_ref().is_some_and(|alert| alert.state == AlertState::ToConfirm);
        let own = row(record, source, &record.act.title, &record.flags, unread);
        let loud = record.flags.iter().zip(&record.flagged_at);
        let loud = loud.filter(|(flag, _)| flag.level.alerts()).map(|(_, at)| *at);
        let changed = record.pdf_changes.iter().map(|change| change.at);
        let first_seen_at = loud.chain(changed).chain(own.first_seen_at).max();
        ActDocument { body, first_seen_at, ..own }
    });
    let disowned = |state| matches!(state, AlertState::Withdrawn | AlertState::Corrected);
    let taken_back = |alert: &&Alert| {
        disowned(alert.state) || alert.content.turns.iter().any(|turn| disowned(turn.state))
    };
    let alert = record.alert.as_ref().filter(taken_back).map(|alert| &alert.content);
    let former = (alert.is_some() || !record.pdf_changes.is_empty()).then(|| {
        let title = alert.map_or(&record.act.title, |told| &told.title);
        let flags = alert.map_or(&[][..], |told| &told.flags);
        let mut own = row(record, source, title, flags, false);
        let before = record.pdf_changes.iter().flat_map(|change| &change.flags);
        own.flags.extend(before.map(|(category, level)| IndexedFlag {
            category: category.clone(),
            level: *level,
            to_check: false,
        }));
        let turns = alert.iter().flat_map(|told| &told.turns).map(|turn| turn.at);
        let last = turns.chain(record.pdf_changes.iter().map(|change| change.at)).max();
        let first_seen_at = last.or(own.first_seen_at);
        ActDocument { subject: Subject::WithdrawnAlert, first_seen_at, ..own }
    });
    IndexChange { act_id: record.id, rows: act.into_iter().chain(former).collect() }
}

/// First and last day of effect. A court ends it on the day before it decides: an act struck before it
/// began has no days.
fn days_of_effect(record: &ActRecord) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let facts = &record.facts;
    let (from, to) = (facts.valid_from.map(|w| w.date()), facts.valid_to.map(|w| w.date()));
    let Some(struck) = standing_outcome(&record.outcomes) else { return (from, to) };
    let last = struck.decided_on.pred_opt();
    match from {
        Some(from) if last.is_none_or(|last| last < from) => (None, None),
        _ if from.is_none() && to.is_none() => (None, None),
        _ => (from, to.into_iter().chain(last).min()),
    }
}

/// A row without text, of what was said under `title` with `flags`; all to check where `unread`.
fn row(
    record: &ActRecord,
    source: Option<&Source>,
    title: &str,
    flags: &[Flag],
    unread: bool,
) -> ActDocument {
    let (act, facts) = (&record.act, &record.facts);
    let flags = flags.iter().map(|flag| IndexedFlag {
        category: flag.category.clone(),
        level: flag.level,
        to_check: flag.to_check || unread,
    });
    let (valid_from, valid_to) = days_of_effect(record);
    ActDocument {
        subject: Subject::Act,
        bulletin_id: record.bulletin_id,
        title: title.to_owned(),
        body: String::new(),
        numbers: act.number.iter().chain(&act.own_number).cloned().collect(),
        service: act.service.clone(),
        prefecture: record.source.clone(),
        prefecture_name: source.map_or(&record.source, |source| &source.name).clone(),
        region: source.map(|source| source.region.clone()).unwrap_or_default(),
        communes: facts.communes.clone(),
        flags: flags.collect(),
        kind: act.kind.clone(),
        signed_by: act.signed_by.clone(),
        beneficiary: facts.beneficiary.clone(),
        purposes: facts.purposes.clone(),
        doubts: facts.legal_doubts.iter().map(|doubt| doubt.kind).collect(),
        legal_refs: facts.legal_refs.clone(),
        published_on: record.published_on.or(facts.published_on),
        signed_on: act.signed_on,
        valid_from,
        valid_to,
        notice_hours: facts.notice_hours,
        cameras: facts.cameras,
        aircraft: facts.aircraft,
        first_seen_at: Some(record.first_seen_at),
    }
}
