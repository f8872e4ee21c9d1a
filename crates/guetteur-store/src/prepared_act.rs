//! An act made ready to be written: without NUL, with its key, its segments and its fingerprint.

use std::borrow::Cow;

use chrono::NaiveDate;
use guetteur_model::{Act, Facts, Flag, Sha256};

use crate::act_identity::keys;
use crate::clean::clean_json;
use crate::rows::Segment;
use crate::{ActIdentity, AnalysedAct, StoreError};

/// An act ready to be written.
#[derive(Debug, Clone)]
pub(crate) struct PreparedAct<'a> {
    pub(crate) key: String,
    pub(crate) position: i64,
    pub(crate) act: Cow<'a, Act>,
    pub(crate) facts: Cow<'a, Facts>,
    pub(crate) flags: Cow<'a, [Flag]>,
    pub(crate) identity: &'a ActIdentity,
    pub(crate) segments: Vec<Segment>,
    pub(crate) published_on: Option<NaiveDate>,
    /// Hash of all that readers see of the act: it says whether it changed.
    pub(crate) fingerprint: String,
}

/// Prepares the acts of a bulletin published on `published_on`.
pub(crate) fn prepare<'a>(
    acts: &'a [AnalysedAct],
    published_on: Option<NaiveDate>,
) -> Result<Vec<PreparedAct<'a>>, StoreError> {
    let mut prepared = acts
        .iter()
        .zip(0..)
        .map(|(new, position)| prepare_one(new, position, published_on))
        .collect::<Result<Vec<_>, _>>()?;
    let by_key = keys(&prepared.iter().map(|prepared| &*prepared.act).collect::<Vec<_>>());
    for (prepared, key) in prepared.iter_mut().zip(by_key) {
        prepared.key = key;
    }
    Ok(prepared)
}

fn prepare_one<'a>(
    new: &'a AnalysedAct,
    position: i64,
    bulletin_published_on: Option<NaiveDate>,
) -> Result<PreparedAct<'a>, StoreError> {
    let failed = |source| StoreError::Json { what: "an act", source };
    let published_on = new.facts.published_on.or(bulletin_published_on);
    let mut json =
        serde_json::to_string(&(&new.act, &new.facts, &new.flags, published_on)).map_err(failed)?;
    let (act, facts, flags) = match clean_json(&json) {
        None => (Cow::Borrowed(&new.act), Cow::Borrowed(&new.facts), Cow::Borrowed(&*new.flags)),
        Some(cleaned) => {
            json = cleaned.to_string();
            let (act, facts, flags, _): (Act, Facts, Vec<Flag>, Option<NaiveDate>) =
                serde_json::from_value(cleaned).map_err(failed)?;
            (Cow::Owned(act), Cow::Owned(facts), Cow::Owned(flags))
        }
    };
    let segments = act
        .text
        .iter()
        .map(|piece| (piece.number, piece.offset, piece.text.chars().count() as u32))
        .collect();
    let fingerprint = Sha256::of(json.as_bytes()).to_string();
    Ok(PreparedAct {
        key: String::new(),
        position,
        act,
        facts,
        flags,
        identity: &new.identity,
        segments,
        published_on,
        fingerprint,
    })
}
