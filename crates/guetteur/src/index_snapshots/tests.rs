//! Several machines on copies in a folder, each with a database of its own that has seen the same changes.

use std::fs::FileTimes;

use guetteur_model::{
    Act, ActId, ActPage, BulletinLink, FixedClock, Page, PageSpan, Stage, SystemClock, TracedPage,
};
use guetteur_search::{ActDocument, IndexChange};
use guetteur_store::{ActIdentity, AnalysedAct, FetchRecord, OcrRank, ReadRecord, StoreError};

use super::*;

/// A machine of the installation `mark`, whose database has seen no change.
async fn machine(folder: &Path, name: &str, mark: &str) -> Snapshots {
    let data = folder.join(name);
    let store = Store::open(&data.join("db").to_string_lossy()).await.expect("store");
    store.set_archive_mark(mark).await.expect("marked");
    let at = guetteur_archive::Location::Folder(folder.join("copies"));
    Snapshots {
        files: Files::open(at, &StoreSettings::default()).expect("files"),
        store,
        clock: Arc::new(SystemClock),
        index_dir: data.join("index"),
        is_distrusted: AtomicBool::new(false),
        data,
    }
}

/// One whose database has seen changes up to `revision`.
async fn machine_at(folder: &Path, name: &str, revision: i64) -> Snapshots {
    let machine = machine(folder, name, "a").await;
    see(&machine.store, revision).await.expect("changed");
    machine
}

/// Makes so many changes: the acts of one bulletin.
async fn see(store: &Store, revision: i64) -> Result<(), StoreError> {
    let now = SystemClock.now();
    let claim = async |stage| {
        let claimed = store.claim(&[stage], None, "w", now, Duration::from_mins(1)).await;
        Ok::<_, StoreError>(claimed?.expect("due"))
    };
    let link = BulletinLink {
        url: "https://www.test.gouv.fr/a.pdf".to_owned(),
        title: "Recueil".to_owned(),
        published_on: None,
        number: None,
        series: None,
        via: "/recueils".to_owned(),
    };
    store.record_found("34", &[link], now).await?;
    let fetched = FetchRecord {
        sha256: Sha256::of(b"a"),
        size_bytes: 1,
        final_url: "https://www.test.gouv.fr/a.pdf".to_owned(),
        http_status: 200,
        etag: None,
        last_modified: None,
    };
    store.complete_fetch(&claim(Stage::Found).await?, &fetched, now).await?;
    let read = ReadRecord {
        pages: vec![TracedPage::from(Page::of_text(1, "x"))],
        page_count: 1,
        cut_short: false,
        note: None,
        reader_version: "1".to_owned(),
        ocr_rank: OcrRank::Nothing,
        hidden: None,
        times: None,
    };
    store.complete_read(&claim(Stage::Fetched).await?, &read, now).await?;
    let act = |nth: i64| AnalysedAct {
        act: Act {
            number: None,
            own_number: None,
            title: format!("Arrêté {nth}"),
            title_raw: format!("Arrêté {nth}"),
            title_span: None,
            kind: None,
            service: None,
            signed_on: None,
            signed_by: None,
            capacity: None,
            pages: PageSpan { from: 1, to: 1 },
            text: vec![ActPage { number: 1, offset: 0, text: "x".to_owned() }],
            confidence: 0.5,
        },
        facts: guetteur_model::Facts::default(),
        flags: Vec::new(),
        identity: ActIdentity::default(),
    };
    let acts: Vec<_> = (0..revision).map(act).collect();
    store.complete_flag(&claim(Stage::Read).await?, &acts, &[1], "r", now).await?;
    assert_eq!(store.revision().await?, revision);
    Ok(())
}

/// As if all files of copies had lain there for so many hours more.
fn let_lie(folder: &Path, hours: u64) {
    for entry in std::fs::read_dir(folder.join("copies").join(version())).expect("listed") {
        let path = entry.expect("entry").path();
        let file = File::options().append(true).open(path).expect("file");
        let put_at = file.metadata().and_then(|about| about.modified()).expect("time");
        let times = FileTimes::new().set_modified(put_at - Duration::from_hours(hours));
        file.set_times(times).expect("set");
    }
}

fn fed(machine: &Snapshots, cursor: i64) -> Arc<SearchIndex> {
    let index = SearchIndex::open(&machine.index_dir).expect("index");
    index.apply(&[change(cursor + 10)], cursor).expect("applied");
    Arc::new(index)
}

fn change(id: i64) -> IndexChange {
    let act = ActDocument { title: "Arrêté drone".to_owned(), ..ActDocument::default() };
    IndexChange { act_id: ActId(id), rows: vec![act] }
}

async fn taken(machine: &Snapshots) -> Result<Option<usize>> {
    let copy = machine.take().await?;
    let index = || SearchIndex::open_read_only(&machine.index_dir).expect("an index").len();
    Ok(copy.map(|_| index()))
}

#[tokio::test]
async fn a_copy_is_renewed_with_what_is_new_and_taken_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("folder");
    let one = machine_at(folder.path(), "one", 9).await;
    assert_eq!(taken(&one).await.expect("nothing there"), None);
    let index = Arc::new(SearchIndex::open(&one.index_dir).expect("index"));
    assert_eq!(one.make(&index).await.expect("nothing to copy"), None);

    let feed = |cursor| index.apply(&[change(cursor + 10)], cursor).expect("applied");
    feed(1);
    let first = one.make(&index).await.expect("made").expect("a copy");
    let stranger = machine(folder.path(), "stranger", "b").await;
    assert!(taken(&stranger).await.is_err(), "another installation");
    let two = machine(folder.path(), "two", "a").await;
    assert!(taken(&two).await.is_err(), "its database has seen no such revision");
    assert!(!SearchIndex::is_fed(&two.index_dir));

    feed(2);
    let second = one.make(&index).await.expect("made").expect("a copy");
    assert!(second.revision == 2 && second.made_at >= first.made_at);
    let named = |copies: &[&Snapshot]| -> HashSet<String> {
        let files = copies.iter().flat_map(|copy| &copy.files).map(SnapshotFile::kept_as);
        files.chain([under(MANIFEST)]).collect()
    };
    let there = async || -> HashSet<String> {
        let listed = one.files.list(&version()).await.expect("listed");
        listed.into_iter().map(|file| file.name).collect()
    };
    let_lie(folder.path(), 25);
    feed(3);
    let third = one.make(&index).await.expect("made").expect("a copy");
    assert_eq!(there().await, named(&[&second, &third]), "somebody may be taking the one before");
    let scratch = one.scratch().expect("folder");
    for file in &second.files {
        one.fetch(file, scratch.path()).await.expect("whole, though there is a newer one");
    }
}

/// As two that start together after a day without any; each has other files.
#[tokio::test]
async fn machines_that_write_at_once_spoil_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let one = machine_at(folder.path(), "one", 9).await;
    let two = machine_at(folder.path(), "two", 9).await;
    let (index_one, index_two) = (fed(&one, 3), fed(&two, 4));
    for round in 0..4 {
        let_lie_if_any(folder.path());
        let made = tokio::join!(one.make(&index_one), two.make(&index_two));
        let revisions = [made.0, made.1].map(|copy| copy.expect("made").expect("a copy").revision);
        assert_eq!(revisions, [3, 4]);
        let new = machine_at(folder.path(), &format!("new-{round}"), 9).await;
        assert_eq!(taken(&new).await.expect("whole"), Some(1));
    }
    // One took the files of a slower one for left-overs, before its copy named them.
    let copy = one.make(&index_one).await.expect("made").expect("a copy");
    let there = one.files.list(&version()).await.expect("listed");
    assert!(copy.lacking(&there).is_empty());
    two.files.remove(&copy.files[0].kept_as()).await.expect("removed");
    let there = one.files.list(&version()).await.expect("listed");
    assert_eq!(copy.lacking(&there), [&copy.files[0]]);
    one.make(&index_one).await.expect("made").expect("a copy");
    let new = machine_at(folder.path(), "last", 9).await;
    assert_eq!(taken(&new).await.expect("whole"), Some(1));
}

fn let_lie_if_any(folder: &Path) {
    if folder.join("copies").exists() {
        let_lie(folder, 25);
    }
}

/// As by a store that is full, or a program that is killed, half-way.
#[tokio::test]
async fn a_copy_that_is_cut_leaves_the_one_before() {
    let folder = tempfile::tempdir().expect("folder");
    let one = machine_at(folder.path(), "one", 9).await;
    let index = fed(&one, 1);
    let first = one.make(&index).await.expect("made").expect("a copy");
    index.apply(&[change(12)], 2).expect("applied");
    // A folder has the name of one of the files that are to come.
    let head = {
        let scratch = one.scratch().expect("folder");
        index.snapshot(scratch.path()).expect("files");
        let files = described(scratch.path()).expect("described");
        files.into_iter().find(|file| file.name == "meta.json").expect("a head")
    };
    let taken_name = folder.path().join("copies").join(head.kept_as());
    std::fs::create_dir(&taken_name).expect("folder");
    let error = one.make(&index).await.expect_err("cannot be written");
    assert!(format!("{error:#}").contains("writing"), "{error:#}");
    assert_eq!(one.newest().await.expect("read"), Some(first));
    let new = machine_at(folder.path(), "new", 9).await;
    assert_eq!(taken(&new).await.expect("whole"), Some(1));
    std::fs::remove_dir(&taken_name).expect("removed");
    let second = one.make(&index).await.expect("made").expect("a copy");
    let newer = machine_at(folder.path(), "newer", 9).await;
    assert_eq!((second.revision, taken(&newer).await.expect("whole")), (2, Some(2)));
}

/// A backup took the place of the database: what was copied from it before is of a future that is lost.
#[tokio::test]
async fn a_copy_from_a_lost_future_is_made_anew() {
    let folder = tempfile::tempdir().expect("folder");
    let before = machine_at(folder.path(), "before", 5).await;
    before.make(&fed(&before, 5)).await.expect("made").expect("a copy");
    let restored = machine_at(folder.path(), "restored", 3).await;
    let error = restored.make(&fed(&restored, 4)).await.expect_err("its own is, too");
    assert!(error.to_string().contains("newer than this one"), "{error}");
    let index = SearchIndex::open(&restored.data.join("other")).expect("index");
    index.apply(&[change(1), change(2)], 3).expect("applied");
    restored.renew(&Arc::new(index)).await.expect("renewed, as young as the copy is");
    let new = machine_at(folder.path(), "new", 4).await;
    assert_eq!(taken(&new).await.expect("whole"), Some(2));
    // The same numbers in another life of the database.
    let text = new.files.text(&under(MANIFEST)).await.expect("read").expect("a copy");
    let mut copy: Snapshot = serde_json::from_str(&text).expect("a copy");
    assert!(new.fits(&copy).await.expect("asked"));
    copy.lineage = "1".to_owned();
    assert!(new.fits(&copy).await.expect("asked"), "SQLite cannot tell");
    copy.revision = 5;
    assert!(!new.fits(&copy).await.expect("asked"));
}

#[tokio::test]
async fn a_copy_is_kept_young() {
    let folder = tempfile::tempdir().expect("folder");
    let mut one = machine_at(folder.path(), "one", 1).await;
    let index = fed(&one, 1);
    let begun = SystemClock.now();
    // The last but one by a clock that goes wrong: it must not keep copies from being made for months.
    for (hours, made_after) in [(0, 0), (19, 0), (20, 20), (39, 20), (5000, 5000), (40, 40)] {
        one.clock = Arc::new(FixedClock(begun + TimeDelta::hours(hours)));
        one.renew(&index).await.expect("looked at");
        let copy = one.newest().await.expect("read").expect("a copy");
        assert_eq!(copy.made_at, begun + TimeDelta::hours(made_after), "after {hours} h");
    }
}

#[tokio::test]
async fn an_altered_file_is_not_taken() {
    let folder = tempfile::tempdir().expect("folder");
    let one = machine_at(folder.path(), "one", 1).await;
    let index = Arc::new(SearchIndex::open(&one.index_dir).expect("index"));
    index.apply(&[change(1), change(2)], 1).expect("applied");
    let copy = one.make(&index).await.expect("made").expect("a copy");
    let scratch = one.scratch().expect("folder");
    for file in &copy.files {
        one.fetch(file, scratch.path()).await.expect("whole");
    }
    let texts = copy.files.iter().find(|file| file.name.ends_with(".store")).expect("texts");
    one.files.set_text(&texts.kept_as(), "other".to_owned()).await.expect("altered");
    let refused = one.fetch(texts, scratch.path()).await.expect_err("altered");
    assert!(refused.to_string().contains("not whole"), "{refused}");
    assert!(one.scratch().is_err(), "it is taken");
    drop(scratch);
    // As a killed process leaves it.
    std::fs::write(one.data.join("index-copy/left.store"), "half").expect("written");
    let scratch = one.scratch().expect("folder");
    assert_eq!(std::fs::read_dir(scratch.path()).expect("listed").count(), 0);
    drop(scratch);
    // Whoever finds it so makes it anew, as young as it is.
    one.is_distrusted.store(true, Ordering::Relaxed);
    one.renew(&index).await.expect("renewed");
    let scratch = one.scratch().expect("folder");
    one.fetch(texts, scratch.path()).await.expect("whole again");
    drop(scratch);
    one.files.set_text(&under(MANIFEST), "{".to_owned()).await.expect("written");
    assert_eq!(one.newest().await.expect("read"), None);
    one.renew(&index).await.expect("renewed");
    assert!(one.newest().await.expect("read").is_some(), "what is no copy is replaced");
    let scratch = one.scratch().expect("folder");
    let away = SnapshotFile { name: "../../x".to_owned(), ..texts.clone() };
    assert!(one.fetch(&away, scratch.path()).await.is_err());
}
