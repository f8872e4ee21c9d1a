//! The newest bulletin and the rhythm of each source, worked out again only when the source lists
//! something else: every page that says how fresh it is asks for them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};

use crate::{Rhythm, SourceState};

/// What is known of which source.
#[derive(Debug, Default)]
pub(crate) struct KnownDays(Mutex<BTreeMap<String, Known>>);

#[derive(Debug, Clone, Copy)]
struct Known {
    /// [`SourceState::listed`] and the count of bulletins for which it holds.
    of: (u64, u64),
    last_new_at: Option<DateTime<Utc>>,
    last_published_on: Option<NaiveDate>,
    rhythm: Option<Rhythm>,
}

impl KnownDays {
    /// Fills in what is known, and gives the codes of the sources of which it is not.
    pub(crate) fn fill(&self, states: &mut BTreeMap<String, SourceState>) -> Vec<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut unknown = Vec::new();
        for state in states.values_mut().filter(|state| state.bulletins > 0) {
            match known.get(&state.code).filter(|known| known.of == version(state)) {
                None => unknown.push(state.code.clone()),
                Some(known) => {
                    state.last_new_at = known.last_new_at;
                    state.last_published_on = known.last_published_on;
                    state.rhythm = known.rhythm;
                }
            }
        }
        unknown
    }

    /// Keeps what was read of the sources `codes`.
    pub(crate) fn keep(&self, states: &BTreeMap<String, SourceState>, codes: &[String]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for state in codes.iter().filter_map(|code| states.get(code)) {
            let SourceState { last_new_at, last_published_on, rhythm, .. } = *state;
            let of = version(state);
            let now = Known { of, last_new_at, last_published_on, rhythm };
            known.insert(state.code.clone(), now);
        }
    }
}

fn version(state: &SourceState) -> (u64, u64) {
    (state.listed, state.bulletins)
}
