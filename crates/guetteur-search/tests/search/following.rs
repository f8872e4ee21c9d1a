//! Following the database: cursor, replacement, locks, readers, damage.

use std::fs;

use guetteur_search::{ActDocument, IdOrder, IndexChange, SearchError, SearchIndex};

use crate::corpus::{Corpus, acts, puts, request};

fn act(act_id: i64, title: &str) -> IndexChange {
    IndexChange::Put(Box::new(ActDocument {
        act_id,
        title: title.to_owned(),
        ..ActDocument::default()
    }))
}

fn ids(index: &SearchIndex, text: &str) -> Vec<i64> {
    let results = index.search(&request(text)).expect("searched");
    results.hits.into_iter().map(|hit| hit.act_id).collect()
}

#[test]
fn changes_are_seen_at_once_and_kept() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("not/yet/there");
    {
        let index = SearchIndex::open(&path).expect("created");
        assert_eq!((index.cursor().expect("cursor"), index.len()), (0, 0));
        index.apply(&[act(1, "épandage"), act(2, "taxi"), act(1, "forage")], 5).expect("applied");
        assert_eq!(ids(&index, "forage"), [1]);
        assert_eq!(ids(&index, "épandage"), [0; 0]);
        index.apply(&[IndexChange::Delete(2), IndexChange::Delete(9)], 6).expect("applied");
        index.apply(&[], 8).expect("a cursor alone moves too");
    }
    let index = SearchIndex::open(&path).expect("opened again");
    assert_eq!((index.cursor().expect("cursor"), index.len()), (8, 1));
    assert_eq!(ids(&index, ""), [1]);
    index.clear().expect("cleared");
    assert_eq!((index.cursor().expect("cursor"), index.len()), (0, 0));
    assert!(index.damaged_files().expect("checked").is_empty());
}

#[test]
fn of_some_acts_those_that_match() {
    let dir = tempfile::tempdir().expect("a directory");
    let index = SearchIndex::open(dir.path()).expect("created");
    index.apply(&[act(1, "forage"), act(2, "taxi"), act(3, "forage")], 5).expect("applied");
    let mut asked = request("forage");
    for (acts, expected) in [(vec![], vec![1, 3]), (vec![2, 3, 9], vec![3]), (vec![2], vec![])] {
        asked.filters.acts = acts;
        assert_eq!(index.ids(&asked, IdOrder::ActId).expect("searched"), expected);
    }
}

#[test]
fn one_writer_and_any_number_of_readers() {
    let corpus = Corpus::new();
    let second = SearchIndex::open(corpus.dir());
    assert!(matches!(second, Err(SearchError::Locked { .. })));
    let reader = SearchIndex::open_read_only(corpus.dir()).expect("opened");
    assert_eq!((reader.cursor().expect("cursor"), reader.len()), (7, acts().len()));
    assert!(matches!(reader.apply(&[], 9), Err(SearchError::ReadOnly { .. })));
    corpus.index.apply(&[act(1_000, "licorne")], 9).expect("applied");
    reader.refresh().expect("refreshed");
    assert_eq!((ids(&reader, "licorne"), reader.cursor().expect("cursor")), (vec![1_000], 9));
    let nothing = tempfile::tempdir().expect("a directory");
    let none = SearchIndex::open_read_only(nothing.path());
    assert!(matches!(none, Err(SearchError::NotBuilt { .. })));
}

#[test]
fn another_version_or_damage_starts_anew_and_spares_foreign_files() {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("notes.txt"), "mine").expect("written");
    let meta = dir.path().join("meta.json");
    let fill = || {
        let index = SearchIndex::open(dir.path()).expect("opened");
        assert_eq!((index.cursor().expect("cursor"), index.len()), (0, 0));
        index.apply(&puts(acts().into_iter().map(|(_, act)| act)), 7).expect("applied");
    };
    fill();
    let text = fs::read_to_string(&meta).expect("meta.json");
    let other = text.replace(r#"\"version\":"#, r#"\"version\":9"#);
    assert_ne!(text, other);
    fs::write(&meta, other).expect("written");
    assert!(matches!(SearchIndex::open_read_only(dir.path()), Err(SearchError::NotBuilt { .. })));
    fill();
    fs::write(&meta, "{ not json").expect("written");
    fill();
    let segment = fs::read_dir(dir.path())
        .expect("listed")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|extension| extension == "idx"))
        .expect("a segment");
    fs::write(&segment, "").expect("cut short");
    fill();
    assert_eq!(fs::read_to_string(dir.path().join("notes.txt")).expect("spared"), "mine");
}

#[test]
fn threads_share_an_index() {
    let corpus = Corpus::new();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| assert!(!corpus.find("drone").is_empty()));
        }
        corpus.index.apply(&[act(1_000, "licorne")], 9).expect("applied");
    });
}
