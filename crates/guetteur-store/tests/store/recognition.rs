use guetteur_model::{
    BulletinId, Level, Method, PageOrigin, ReaderVersions, Sha256, Stage, TracedPage,
};
use guetteur_store::{
    AlertState, AnalysedAct, BulletinFilter, DocumentStatus, OcrQueue, OcrRank, ReadRecord, Store,
};

use crate::support::{
    Whole, act, at, claim, complete_flag, day, fetched, page, read_record, record, try_claim,
};

const VERSIONS: ReaderVersions = ReaderVersions { text: 3, judge: 4, ocr: 5 };

fn text(number: u32, text: &str) -> TracedPage {
    let origin = PageOrigin { text: Some(3), judge: Some(4), ..PageOrigin::default() };
    TracedPage { page: page(number, text), origin }
}

fn awaiting(number: u32) -> TracedPage {
    let mut traced = text(number, "");
    traced.page.method = Method::Empty;
    traced.origin.ocr_reason = Some("no-text".to_owned());
    traced
}

fn scan(number: u32, words: &str) -> TracedPage {
    let mut traced = text(number, words);
    traced.page.method = Method::Ocr;
    let reason = Some("no-text".to_owned());
    traced.origin = PageOrigin { text: None, judge: Some(4), ocr: Some(5), ocr_reason: reason };
    traced
}

fn reading(pages: Vec<TracedPage>, ocr_rank: OcrRank) -> ReadRecord {
    ReadRecord { page_count: pages.len() as u32, pages, ocr_rank, ..read_record(&[]) }
}

async fn read(store: &Store, pages: Vec<TracedPage>, rank: OcrRank, minutes: i64) {
    let fetched = claim(store, Stage::Fetched, minutes).await;
    store.complete_read(&fetched, &reading(pages, rank), at(minutes)).await.expect("read");
}

async fn fetch(store: &Store, content: &str) -> BulletinId {
    let found = claim(store, Stage::Found, 1).await;
    store.complete_fetch(&found, &fetched(content), at(1)).await.expect("fetched");
    found.bulletin.id
}

pub(crate) async fn a_raised_part_sends_back_what_it_had_a_say_in(store: Store) {
    record(&store, 3).await;
    // The newest is fetched first.
    for (content, pages) in [
        ("text", vec![text(1, "a"), text(2, "b")]),
        ("scan", vec![scan(1, "c")]),
        ("mixed", vec![text(1, "d"), scan(2, "e")]),
    ] {
        fetch(&store, content).await;
        read(&store, pages, OcrRank::Nothing, 1).await;
        complete_flag(&store, &claim(&store, Stage::Read, 1).await, &[], 1).await;
    }
    let all = BulletinFilter::default();
    let sent_back = async |versions| {
        let count = store.reset_for_reread(&all, versions).await.expect("reset");
        let mut contents = Vec::new();
        while let Some(claimed) = try_claim(&store, Stage::Fetched, 2).await {
            let document = claimed.bulletin.document.expect("fetched");
            contents.push(Some(document));
            let pages = store.traced_pages(document).await.expect("pages");
            let same = reading(pages, OcrRank::Nothing);
            store.complete_read(&claimed, &same, at(2)).await.expect("as it was");
            complete_flag(&store, &claim(&store, Stage::Read, 2).await, &[], 2).await;
        }
        assert_eq!(contents.len() as u64, count);
        ["text", "scan", "mixed"].map(|name| contents.contains(&Some(Sha256::of(name.as_bytes()))))
    };
    assert_eq!(sent_back(VERSIONS).await, [false, false, false]);
    assert_eq!(sent_back(ReaderVersions { text: 9, ..VERSIONS }).await, [true, false, true]);
    assert_eq!(sent_back(ReaderVersions { ocr: 9, ..VERSIONS }).await, [false, true, true]);
    assert_eq!(sent_back(ReaderVersions { judge: 9, ..VERSIONS }).await, [true, true, true]);
}

pub(crate) async fn what_awaits_ocr_is_cut_at_once_and_again_when_it_is_read(store: Store) {
    record(&store, 1).await;
    let id = fetch(&store, "pdf").await;
    let told = |page: u32| {
        Whole::new(act(Some(&page.to_string()), "a", page, "")).flag("drone", Level::Authorises)
    };
    let announced = [told(1), told(2)];
    let new: Vec<AnalysedAct> = announced.iter().map(Whole::analysed).collect();
    let raised =
        store.raise_alerts(id, Sha256::of(b"pdf"), &new, "rules-1", at(2)).await.expect("told");

    read(&store, vec![text(1, "une"), awaiting(2)], OcrRank::Urgent, 3).await;
    assert_eq!(store.awaiting_pages(Sha256::of(b"pdf")).await.expect("pages"), [2]);
    let acts = |flagged: bool| {
        let first = Whole::new(act(Some("1"), "a", 1, "une")).flag("drone", Level::Authorises);
        let second = Whole::new(act(Some("2"), "a", 2, if flagged { "deux" } else { "" }));
        [first, if flagged { second.flag("drone", Level::Authorises) } else { second }]
    };
    complete_flag(&store, &claim(&store, Stage::Read, 4).await, &acts(false), 4).await;
    let states = async || {
        let acts = store.acts_by_ids(&raised).await.expect("acts");
        acts.into_iter().map(|act| act.alert.expect("alert").state).collect::<Vec<_>>()
    };
    assert_eq!(states().await, [AlertState::Confirmed, AlertState::ToConfirm], "not read yet");
    let row = store.bulletin(id).await.expect("read").expect("there");
    assert_eq!((row.stage, row.awaits_ocr), (Stage::Fetched, true), "back to its pages");

    read(&store, vec![text(1, "une"), scan(2, "deux")], OcrRank::Nothing, 6).await;
    assert_eq!(store.awaiting_pages(Sha256::of(b"pdf")).await.expect("pages"), [0; 0]);
    complete_flag(&store, &claim(&store, Stage::Read, 7).await, &acts(true), 7).await;
    assert_eq!(states().await, [AlertState::Confirmed; 2]);
    let row = store.bulletin(id).await.expect("read").expect("there");
    assert_eq!((row.stage, row.awaits_ocr), (Stage::Flagged, false));
}

pub(crate) async fn urgent_pages_come_before_the_rest(store: Store) {
    record(&store, 3).await;
    for (nth, rank) in [OcrRank::Rest, OcrRank::Urgent, OcrRank::Nothing].into_iter().enumerate() {
        fetch(&store, &nth.to_string()).await;
        let claimed = claim(&store, Stage::Fetched, 1).await;
        store.rank_reading(&claimed, rank).await.expect("ranked");
        if rank != OcrRank::Nothing {
            // Held, so that the next claim is of the next bulletin.
            continue;
        }
        store.release_worker("w").await.expect("released");
    }
    let more_urgent = async || store.has_more_urgent(None, at(2)).await.expect("asked");
    let mut order = Vec::new();
    for urgent_waits in [true, true, false] {
        assert_eq!(more_urgent().await, urgent_waits);
        order.push(claim(&store, Stage::Fetched, 2).await.bulletin.published_on);
    }
    let days = ["2026-01-01", "2026-01-02", "2026-01-03"].map(|iso| Some(day(iso)));
    assert_eq!(order, days, "the newest has only the rest left");
}

pub(crate) async fn recognised_pages_outlive_the_process(store: Store) {
    record(&store, 1).await;
    fetch(&store, "pdf").await;
    let document = Sha256::of(b"pdf");
    read(&store, vec![text(1, "une"), awaiting(2), awaiting(3)], OcrRank::Urgent, 2).await;
    complete_flag(&store, &claim(&store, Stage::Read, 2).await, &[], 2).await;
    store.keep_recognised(document, &scan(3, "trois"), day("2026-09-01")).await.expect("kept");
    store
        .keep_recognised(document, &scan(3, "trois fois"), day("2026-09-01"))
        .await
        .expect("kept again");
    let shown = store.pages(document).await.expect("pages");
    assert_eq!(shown[2].text, "", "acts fit the pages that they were cut from");
    let known = store.traced_pages(document).await.expect("pages");
    assert_eq!(known, [text(1, "une"), awaiting(2), scan(3, "trois fois")]);

    read(&store, known, OcrRank::Rest, 3).await;
    assert_eq!(store.pages(document).await.expect("pages")[2].text, "trois fois");
    assert_eq!(store.traced_pages(document).await.expect("pages").len(), 3);
}

pub(crate) async fn a_day_of_ocr_is_shared(store: Store) {
    let other = Store::open(store.location()).await;
    let other = other.unwrap_or_else(|_| store.clone());
    let today = day("2026-09-01");
    let mut tasks = Vec::new();
    for nth in 0..20 {
        let store = if nth % 2 == 0 { store.clone() } else { other.clone() };
        tasks.push(tokio::spawn(async move { store.take_ocr_page(today, Some(7)).await }));
    }
    let mut granted = 0;
    for task in tasks {
        granted += u32::from(task.await.expect("task").expect("asked"));
    }
    assert_eq!(granted, 7);
    assert_eq!(store.ocr_pages_on(today).await.expect("count"), 7);
    assert!(store.take_ocr_page(today, None).await.expect("asked"), "no limit");
    assert!(store.take_ocr_page(day("2026-09-02"), Some(7)).await.expect("asked"), "tomorrow");
    assert_eq!(store.ocr_pages_on(day("2026-09-03")).await.expect("count"), 0);
    other.close().await;
}

fn failed(mut page: TracedPage) -> TracedPage {
    page.page.method = Method::Failed;
    page
}

pub(crate) async fn a_status_is_that_of_the_pages(store: Store) {
    use DocumentStatus::{Partial, Read};
    record(&store, 1).await;
    fetch(&store, "pdf").await;
    let claimed = claim(&store, Stage::Fetched, 1).await;
    let status = async |pages: Vec<TracedPage>, page_count, cut_short| {
        let record = reading(pages, OcrRank::Rest);
        let record = ReadRecord { page_count, cut_short, ..record };
        store.keep_scanned(&claimed, &record).await.expect("kept");
        let document = store.document(Sha256::of(b"pdf")).await.expect("read").expect("there");
        assert_eq!(document.cut_short, cut_short);
        document.status
    };
    assert_eq!(status(vec![text(1, "a"), failed(scan(2, ""))], 2, false).await, Partial);
    assert_eq!(status(vec![text(1, "a"), scan(2, "b")], 2, false).await, Read, "mended");
    assert_eq!(status(vec![text(1, "a")], 2, false).await, Partial, "a page is missing");
    assert_eq!(status(vec![text(1, "a"), scan(2, "b")], 2, true).await, Partial);
}

pub(crate) async fn pages_that_failed_are_read_again_with_the_outdated(store: Store) {
    record(&store, 2).await;
    for (content, pages) in [
        ("sound", vec![text(1, "a")]),
        ("failed", vec![failed(text(1, "")), failed(scan(2, "footer")), scan(3, "c")]),
    ] {
        fetch(&store, content).await;
        read(&store, pages, OcrRank::Nothing, 1).await;
        complete_flag(&store, &claim(&store, Stage::Read, 1).await, &[], 1).await;
    }
    let all = BulletinFilter::default();
    let elsewhere = BulletinFilter { sources: vec!["75".to_owned()], ..all.clone() };
    assert_eq!(store.reset_for_reread(&elsewhere, VERSIONS).await.expect("reset"), 0);
    assert_eq!(store.reset_for_reread(&all, VERSIONS).await.expect("reset"), 1);
    let document = claim(&store, Stage::Fetched, 2).await.bulletin.document.expect("fetched");
    assert_eq!(document, Sha256::of(b"failed"));
    let pages = store.traced_pages(document).await.expect("pages");
    let versions: Vec<_> = pages.iter().map(|page| (page.origin.judge, page.origin.ocr)).collect();
    let expected = [(Some(0), None), (Some(4), Some(0)), (Some(4), Some(5))];
    assert_eq!(versions, expected, "text and OCR that failed are outdated");
}

pub(crate) async fn the_queue_of_ocr_is_counted(store: Store) {
    record(&store, 3).await;
    let queue = async || store.ocr_queue(VERSIONS.ocr).await.expect("counted");
    fetch(&store, "done").await;
    read(&store, vec![text(1, "a"), scan(2, "b")], OcrRank::Nothing, 1).await;
    complete_flag(&store, &claim(&store, Stage::Read, 1).await, &[], 1).await;
    assert_eq!(queue().await, OcrQueue::default());

    fetch(&store, "announced").await;
    read(&store, vec![text(1, "a"), awaiting(2), awaiting(3)], OcrRank::Rest, 2).await;
    let one = OcrQueue { pages: 2, bulletins: 1, oldest_at: Some(at(1)) };
    assert_eq!(queue().await, one, "before it is cut");
    complete_flag(&store, &claim(&store, Stage::Read, 3).await, &[], 3).await;
    assert_eq!(queue().await, one, "and after");
    store
        .keep_recognised(Sha256::of(b"announced"), &scan(3, "c"), day("2026-09-01"))
        .await
        .expect("kept");
    assert_eq!(queue().await, OcrQueue { pages: 1, ..one });

    fetch(&store, "scans alone").await;
    let claimed = claim(&store, Stage::Fetched, 4).await;
    assert_eq!(claimed.bulletin.document, Some(Sha256::of(b"scans alone")));
    let pages = reading(vec![awaiting(1), awaiting(2)], OcrRank::Urgent);
    store.keep_scanned(&claimed, &pages).await.expect("kept");
    assert_eq!(queue().await, OcrQueue { pages: 3, bulletins: 2, oldest_at: Some(at(1)) });

    let raised = ReaderVersions { ocr: 9, ..VERSIONS };
    store.reset_for_reread(&BulletinFilter::default(), raised).await.expect("reset");
    let queue = store.ocr_queue(9).await.expect("counted");
    assert_eq!((queue.pages, queue.bulletins), (5, 3), "recognised by an older version");
}
