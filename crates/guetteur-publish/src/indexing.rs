//! An act of the database as the search index wants it.

use guetteur_search::{ActDocument, IndexChange, IndexedFlag};
use guetteur_store::{ActRecord, AlertState};

/// What a change of `record` changes in the index; `prefecture_name` is searched with it.
///
/// A withdrawn alert is a document of its own under the negative id: what was announced must still
/// be found by the feeds that told it, and by nothing else.
#[must_use]
pub fn index_changes(record: &ActRecord, prefecture_name: &str) -> Vec<IndexChange> {
    // An act that repeats another counts there.
    let absent = record.removed_at.is_some() || record.repeats.is_some();
    let mut changes = vec![if absent {
        IndexChange::Delete(record.id)
    } else {
        IndexChange::Put(Box::new(document(record, prefecture_name)))
    }];
    if let Some(alert) = &record.alert {
        changes.push(if alert.state == AlertState::Withdrawn {
            let announced = ActRecord {
                id: -record.id,
                act: guetteur_model::Act {
                    title: alert.announcement.title.clone(),
                    text: Vec::new(),
                    ..record.act.clone()
                },
                flags: alert.announcement.flags.clone(),
                ..record.clone()
            };
            let document = ActDocument { withdrawn: true, ..document(&announced, prefecture_name) };
            IndexChange::Put(Box::new(document))
        } else {
            IndexChange::Delete(-record.id)
        });
    }
    changes
}

fn document(record: &ActRecord, prefecture_name: &str) -> ActDocument {
    let (act, facts) = (&record.act, &record.facts);
    let unread = record.alert.as_ref().is_some_and(|alert| alert.state == AlertState::ToConfirm);
    let flags = record.flags.iter().map(|flag| IndexedFlag {
        category: flag.category.clone(),
        level: flag.level,
        to_check: flag.to_check || unread,
    });
    ActDocument {
        act_id: record.id,
        bulletin_id: record.bulletin_id,
        revision: record.revision,
        withdrawn: false,
        title: act.title.clone(),
        body: act.text.iter().map(|page| page.text.as_str()).collect::<Vec<_>>().join("\n"),
        numbers: act.number.iter().chain(&act.own_number).cloned().collect(),
        service: act.service.clone(),
        prefecture: record.source.clone(),
        prefecture_name: prefecture_name.to_owned(),
        communes: facts.communes.clone(),
        flags: flags.collect(),
        kind: act.kind.clone(),
        signed_by: act.signed_by.clone(),
        beneficiary: facts.beneficiary.clone(),
        purposes: facts.purposes.clone(),
        legal_refs: facts.legal_refs.clone(),
        published_on: record.published_on.or(facts.published_on),
        signed_on: act.signed_on,
        valid_from: facts.valid_from.map(|when| when.date()),
        valid_to: facts.valid_to.map(|when| when.date()),
        notice_hours: facts.notice_hours,
        first_seen_at: Some(record.first_seen_at),
    }
}
