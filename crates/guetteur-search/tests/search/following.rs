//! Following the database: cursor, replacement, locks, readers, damage.

use std::fs;

use guetteur_model::{ActId, Commune};
use guetteur_search::{
    ActDocument, IdOrder, IndexChange, SearchError, SearchIndex, SearchRequest, Subject,
};

use crate::corpus::{Corpus, acts, changes, request};

fn row(subject: Subject, title: &str) -> ActDocument {
    ActDocument { subject, title: title.to_owned(), ..ActDocument::default() }
}

fn act(id: i64, title: &str) -> IndexChange {
    IndexChange { act_id: ActId(id), rows: vec![row(Subject::Act, title)] }
}

fn gone(id: i64) -> IndexChange {
    IndexChange { act_id: ActId(id), rows: Vec::new() }
}

fn ids(index: &SearchIndex, text: &str) -> Vec<i64> {
    let results = index.search(&request(text)).expect("searched");
    results.hits.into_iter().map(|hit| hit.act_id.0).collect()
}

#[test]
fn a_withdrawn_alert_and_its_act_are_told_apart() {
    let dir = tempfile::tempdir().expect("a directory");
    let index = SearchIndex::open(dir.path()).expect("created");
    let both = vec![row(Subject::Act, "forage"), row(Subject::WithdrawnAlert, "sondage")];
    index.apply(&[act(2, "taxi"), IndexChange { act_id: ActId(1), rows: both }], 5).expect("fed");
    assert_eq!(ids(&index, ""), [2, 1], "an alert that was withdrawn is found by nothing…");
    assert_eq!(ids(&index, "sondage"), [0; 0]);
    let mut asked = request("");
    asked.filters.withdrawn = true;
    let found = |asked: &SearchRequest| {
        let hits = index.search(asked).expect("searched").hits;
        let mut found: Vec<_> = hits.iter().map(|hit| (hit.act_id.0, hit.subject)).collect();
        found.sort_by_key(|(id, subject)| (*id, *subject == Subject::WithdrawnAlert));
        found
    };
    let all = [(1, Subject::Act), (1, Subject::WithdrawnAlert), (2, Subject::Act)];
    assert_eq!(found(&asked), all, "… but by what asks for it");
    let acts = index.ids(&asked, IdOrder::ActId).expect("searched");
    assert_eq!(acts, [ActId(1), ActId(2)], "ids are of acts");
    asked.filters.acts = vec![ActId(1)];
    assert_eq!(found(&asked), all[..2]);
    index.apply(&[gone(1)], 6).expect("fed");
    assert_eq!(found(&asked), [], "all that is known of an act goes together");
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
        index.apply(&[gone(2), gone(9)], 6).expect("applied");
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
        asked.filters.acts = acts.into_iter().map(ActId).collect();
        let found = index.ids(&asked, IdOrder::ActId).expect("searched");
        assert_eq!(found.into_iter().map(|id| id.0).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn saint_is_found_however_it_is_written() {
    let dir = tempfile::tempdir().expect("a directory");
    let index = SearchIndex::open(dir.path()).expect("created");
    let mut named = row(Subject::Act, "Caméras à Saint-Étienne");
    named.communes = vec![Commune { insee: "42218".into(), name: "Saint-Étienne".into() }];
    let short = act(2, "Caméras à ST ETIENNE, place Ste-Barbe");
    let named = IndexChange { act_id: ActId(1), rows: vec![named] };
    index.apply(&[named, short], 5).expect("applied");
    for typed in
        ["St Étienne", "saint-etienne", "St. Etienne", "\"Saint Étienne\"", "\"st-étienne\""]
    {
        let mut found = ids(&index, typed);
        found.sort_unstable();
        assert_eq!(found, [1, 2], "{typed}");
    }
    assert_eq!(ids(&index, "commune:\"St Étienne\""), [1]);
    assert_eq!(ids(&index, "sainte barbe"), [2]);
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
        index.apply(&changes(acts()), 7).expect("applied");
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
