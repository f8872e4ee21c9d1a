//! The files of one commit, to be carried to another machine: segments never change, so that they can be
//! taken while the index is written and searched.

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;

use super::{Origin, SearchIndex, open};
use crate::SearchError;

/// A merge that ends meanwhile takes files away: then it is begun anew, so many times at most.
const TRIES: usize = 5;

/// What the engine's `meta.json` says of the files of a commit.
#[derive(Deserialize)]
struct Meta {
    segments: Vec<SegmentMeta>,
}

#[derive(Deserialize)]
struct SegmentMeta {
    segment_id: String,
}

impl SearchIndex {
    /// Makes the empty folder `into` hold the files of the last commit: links where it lies on the same disk,
    /// copies elsewhere. Gives what they stand for.
    ///
    /// # Errors
    /// When a file cannot be read or made.
    pub fn snapshot(&self, into: &Path) -> Result<Origin, SearchError> {
        let failed =
            |source| SearchError::Directory { doing: "copy", dir: into.to_owned(), source };
        let mut tries = 0;
        loop {
            tries += 1;
            fs::create_dir_all(into).map_err(failed)?;
            open::discard(into).map_err(failed)?;
            let sound = match link(&self.dir, into) {
                Ok(()) => open::existing(into),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error.to_string()),
                Err(error) => return Err(failed(error)),
            };
            match sound.and_then(|index| open::payload(&index)) {
                Ok(open::Payload { cursor: revision, lineage, .. }) => {
                    return Ok(Origin { lineage, revision });
                }
                Err(why) if tries == TRIES => {
                    return Err(SearchError::NotBuilt { dir: self.dir.clone(), why });
                }
                Err(_) => {}
            }
        }
    }

    /// Whether `dir` holds an index of this version that was ever fed.
    #[must_use]
    pub fn is_fed(dir: &Path) -> bool {
        let payload = open::existing(dir).and_then(|index| open::payload(&index));
        payload.is_ok_and(|payload| payload.cursor > 0)
    }

    /// Puts the files that [`Self::snapshot`] gave, now in `from`, in the place of the index in `dir`. Gives
    /// the revision that they stand for.
    ///
    /// # Errors
    /// [`SearchError::NotBuilt`] when they are no index of this version: `dir` is as it was.
    /// [`SearchError::Locked`] while another process writes; disk errors.
    pub fn adopt(dir: &Path, from: &Path) -> Result<i64, SearchError> {
        let failed = |source| SearchError::Directory { doing: "fill", dir: dir.to_owned(), source };
        let found = open::existing(from).and_then(|index| open::payload(&index));
        let payload = found.map_err(|why| SearchError::NotBuilt { dir: from.to_owned(), why })?;
        fs::create_dir_all(dir).map_err(failed)?;
        let lock = open::lock(dir)?;
        open::discard(dir).map_err(failed)?;
        // What makes an index of the files comes last.
        let (heads, segments): (Vec<_>, Vec<_>) = engine_files(from)
            .map_err(failed)?
            .into_iter()
            .partition(|name| name.ends_with(".json"));
        for name in segments.iter().chain(&heads) {
            fs::rename(from.join(name), dir.join(name)).map_err(failed)?;
        }
        drop(lock);
        Ok(payload.cursor)
    }
}

/// Names of the files of an index in `dir`.
fn engine_files(dir: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name().into_string();
        names.extend(name.into_iter().filter(|name| open::is_engine_file(name)));
    }
    Ok(names)
}

fn link(dir: &Path, into: &Path) -> io::Result<()> {
    let meta = fs::read(dir.join("meta.json"))?;
    let Meta { segments } = serde_json::from_slice(&meta)?;
    let segments: Vec<String> =
        segments.iter().map(|segment| segment.segment_id.replace('-', "")).collect();
    for name in engine_files(dir)? {
        if segments.iter().any(|segment| name.starts_with(segment)) {
            let (file, copy) = (dir.join(&name), into.join(&name));
            if fs::hard_link(&file, &copy).is_err() {
                fs::copy(&file, &copy)?;
            }
        }
    }
    fs::copy(dir.join(".managed.json"), into.join(".managed.json"))?;
    fs::write(into.join("meta.json"), meta)
}

#[cfg(test)]
mod tests {
    use guetteur_model::ActId;

    use super::*;
    use crate::{ActDocument, IndexChange};

    fn fed(dir: &Path, acts: std::ops::Range<i64>, cursor: i64) -> SearchIndex {
        let index = SearchIndex::open(dir).expect("opened");
        let act = || ActDocument { title: "Arrêté drone".to_owned(), ..ActDocument::default() };
        let change = |id| IndexChange { act_id: ActId(id), rows: vec![act()] };
        index.apply(&acts.map(change).collect::<Vec<_>>(), cursor).expect("applied");
        index
    }

    #[test]
    fn an_index_begins_with_the_files_of_another() {
        let folder = tempfile::tempdir().expect("folder");
        let at = |name: &str| folder.path().join(name);
        let index = fed(&at("one"), 0..30, 7);
        // Acts that were replaced: a segment has deletions.
        index.apply(&[IndexChange { act_id: ActId(3), rows: Vec::new() }], 8).expect("applied");
        let origin = Origin { lineage: "a".to_owned(), revision: 8 };
        assert!(!index.follow_from(&origin).expect("followed"));
        assert_eq!(index.snapshot(&at("copy")).expect("copied"), origin);
        index.apply(&[IndexChange { act_id: ActId(4), rows: Vec::new() }], 9).expect("applied");

        assert!(!SearchIndex::is_fed(&at("two")));
        drop(SearchIndex::open(&at("two")).expect("an empty one"));
        assert!(!SearchIndex::is_fed(&at("two")));
        assert_eq!(SearchIndex::adopt(&at("two"), &at("copy")).expect("adopted"), 8);
        assert!(SearchIndex::is_fed(&at("two")));
        let two = fed(&at("two"), 30..31, 10);
        assert_eq!((two.len(), two.cursor().expect("cursor")), (30, 10), "it goes on from there");
        assert_eq!(two.damaged_files().expect("checked"), [] as [String; 0]);
        assert_eq!(index.len(), 28, "the other is as it was");
    }

    #[test]
    fn what_is_no_index_takes_no_place() {
        let folder = tempfile::tempdir().expect("folder");
        let (there, from) = (folder.path().join("index"), folder.path().join("copy"));
        let index = fed(&there, 0..3, 5);
        index.snapshot(&from).expect("copied");
        drop(index);
        for name in engine_files(&from).expect("listed") {
            if name.ends_with(".store") {
                fs::remove_file(from.join(name)).expect("removed");
            }
        }
        let refused = SearchIndex::adopt(&there, &from).expect_err("a segment without its texts");
        assert!(matches!(refused, SearchError::NotBuilt { .. }), "{refused}");
        assert!(SearchIndex::is_fed(&there));
    }
}
