//! When the authorisations of a town end, while the index and the day are the same: they are read from
//! all its acts, and its page is asked for again and again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use guetteur_publish::reminders::Reminder;

/// Towns kept; with one more, all begin anew.
const MOST: usize = 500;

/// What ends hold for: the state of the index, and the day.
type State = (u64, NaiveDate);

/// Ends, and what they hold for.
type Kept = (State, Arc<[Reminder]>);

/// The ends of the towns asked for of late, by INSEE code.
#[derive(Default)]
pub struct KeptEnds(Mutex<HashMap<String, Kept>>);

impl KeptEnds {
    pub(crate) fn get(&self, insee: &str, state: State) -> Option<Arc<[Reminder]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, ends) = kept.get(insee)?;
        (*known == state).then(|| Arc::clone(ends))
    }

    pub(crate) fn keep(&self, insee: &str, state: State, ends: Arc<[Reminder]>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST && !kept.contains_key(insee) {
            kept.clear();
        }
        kept.insert(insee.to_owned(), (state, ends));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_kept_for_a_state_and_for_so_many_towns() {
        let kept = KeptEnds::default();
        let day = "2026-08-14".parse().expect("day");
        kept.keep("34172", (1, day), Arc::from([]));
        assert!(kept.get("34172", (1, day)).is_some());
        assert!(kept.get("34172", (2, day)).is_none(), "another state");
        assert!(kept.get("34003", (1, day)).is_none(), "another town");
        for town in 0..MOST {
            kept.keep(&town.to_string(), (1, day), Arc::from([]));
        }
        assert!(kept.get("34172", (1, day)).is_none() && kept.get("499", (1, day)).is_some());
    }
}
