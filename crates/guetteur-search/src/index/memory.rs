//! What was found in each segment, remembered.
//!
//! A segment never changes but for acts deleted in it, so an answer about it holds until then. What is
//! asked again and again (the pages' figures, the lists that everybody looks at) costs after a change
//! of the index what was added and deleted, not what is held.

use std::collections::HashMap;
use std::hash::Hash;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::fastfield::AliveBitSet;
use tantivy::index::SegmentId;
use tantivy::{DocId, Opstamp, SegmentReader};

/// Answers kept, those of late first. Twice `most` bytes at most.
pub(crate) struct Memory<K, V> {
    most: usize,
    held: Mutex<Held<K, V>>,
}

struct Held<K, V> {
    /// What was asked since the old ones became so.
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    /// Bytes of the young.
    size: usize,
}

impl<K: Eq + Hash, V: Clone> Memory<K, V> {
    pub(crate) fn new(most: usize) -> Self {
        let held = Held { young: HashMap::new(), old: HashMap::new(), size: 0 };
        Self { most, held: Mutex::new(held) }
    }

    pub(crate) fn get(&self, key: &K) -> Option<V> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.young.get(key).or_else(|| held.old.get(key)).cloned()
    }

    /// Keeps an answer of so many bytes.
    pub(crate) fn keep(&self, key: K, value: V, size: usize) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.size + size > self.most {
            held.old = mem::take(&mut held.young);
            held.size = 0;
        }
        if held.young.insert(key, value).is_none() {
            held.size += size;
        }
    }
}

/// Which acts of a segment were there.
#[derive(Clone)]
pub(crate) struct Alive {
    deletes: Option<Opstamp>,
    acts: Option<AliveBitSet>,
}

impl Alive {
    pub(crate) fn of(segment: &SegmentReader) -> Self {
        Self { deletes: segment.delete_opstamp(), acts: segment.alive_bitset().cloned() }
    }

    /// Whether none was deleted since.
    pub(crate) fn is_of(&self, segment: &SegmentReader) -> bool {
        self.deletes == segment.delete_opstamp()
    }

    /// Acts that were deleted since, in order; `None` when they are more than `most`, or when it is the
    /// segment that is older: a search that began before a change ends after it now and then.
    pub(crate) fn gone(&self, segment: &SegmentReader, most: usize) -> Option<Vec<DocId>> {
        if segment.delete_opstamp() < self.deletes {
            return None;
        }
        let before =
            self.acts.as_ref().map_or(segment.max_doc() as usize, AliveBitSet::num_alive_docs);
        if before.saturating_sub(segment.num_docs() as usize) > most {
            return None;
        }
        let is_gone = |doc: &DocId| {
            segment.is_deleted(*doc) && self.acts.as_ref().is_none_or(|acts| acts.is_alive(*doc))
        };
        Some((0..segment.max_doc()).filter(is_gone).collect())
    }
}

/// A segment, and what was asked of it.
pub(crate) type Asked = (SegmentId, Arc<str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_of_late_is_kept() {
        let memory: Memory<u32, u32> = Memory::new(30);
        for key in 0..3 {
            memory.keep(key, key, 10);
        }
        memory.keep(3, 3, 10);
        assert_eq!(memory.get(&0), Some(0), "old, and still known");
        for key in 4..7 {
            memory.keep(key, key, 10);
        }
        assert_eq!((memory.get(&0), memory.get(&3), memory.get(&6)), (None, Some(3), Some(6)));
    }
}
