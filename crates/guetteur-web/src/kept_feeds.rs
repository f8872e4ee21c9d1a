//! Feeds as they were written, while they would be written the same: their validator says how long.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use chrono::{DateTime, Utc};

use crate::caching::Validator;

/// Bytes of all feeds kept; what is over it begins anew.
const MOST: usize = 8_000_000;

/// A feed as it was written.
#[derive(Clone)]
pub(crate) struct WrittenFeed {
    pub(crate) body: Bytes,
    /// When what it tells last changed.
    pub(crate) modified: DateTime<Utc>,
}

/// What a feed holds for: its validator, and what searches saw as it was written.
type State = (Validator, u64);

/// Feeds that readers of late asked for, by address: they come back every few minutes, and most find
/// nothing new.
#[derive(Default)]
pub struct KeptFeeds(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    feeds: HashMap<String, (State, WrittenFeed)>,
    size: usize,
}

impl KeptFeeds {
    pub(crate) fn get(&self, address: &str, state: &State) -> Option<WrittenFeed> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, feed) = kept.feeds.get(address)?;
        (known == state).then(|| feed.clone())
    }

    pub(crate) fn keep(&self, address: String, state: State, feed: WrittenFeed) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let size = |address: &str, feed: &WrittenFeed| address.len() + feed.body.len();
        let new = size(&address, &feed);
        if kept.size + new > MOST {
            *kept = Kept::default();
        }
        kept.size += new;
        if let Some((_, before)) = kept.feeds.insert(address.clone(), (state, feed)) {
            kept.size -= size(&address, &before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_is_kept_while_it_would_be_written_the_same() {
        let kept = KeptFeeds::default();
        let feed = |bytes: usize| WrittenFeed {
            body: vec![b'x'; bytes].into(),
            modified: "2026-08-14T10:00:00Z".parse().expect("instant"),
        };
        let (now, later) = ((Validator::of_content(b"1"), 1), (Validator::of_content(b"1"), 2));
        kept.keep("/a".into(), now.clone(), feed(10));
        assert!(kept.get("/a", &now).is_some() && kept.get("/a", &later).is_none());
        kept.keep("/a".into(), later.clone(), feed(20));
        assert_eq!(kept.0.lock().expect("kept").size, 22, "it takes its own place");
        kept.keep("/b".into(), later.clone(), feed(MOST));
        assert!(kept.get("/a", &later).is_none() && kept.get("/b", &later).is_some());
    }
}
