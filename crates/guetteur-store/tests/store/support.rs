//! Values that the tests share.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use guetteur_model::{
    Act, ActPage, Basis, BulletinId, BulletinLink, Category, Facts, Flag, Level, Page, PageSpan,
    Sha256, Span, Stage, TracedPage,
};
use guetteur_store::{
    ActIdentity, AnalysedAct, ClaimedBulletin, FetchRecord, FlagSummary, OcrRank, ReadRecord,
    Recheck, Rechecked, Store,
};

pub(crate) const LEASE: Duration = Duration::from_secs(600);

/// Noon of 1 September 2026, UTC, and `minutes` later.
pub(crate) fn at(minutes: i64) -> DateTime<Utc> {
    let start = DateTime::parse_from_rfc3339("2026-09-01T12:00:00Z").expect("instant");
    start.to_utc() + TimeDelta::minutes(minutes)
}

pub(crate) fn day(iso: &str) -> NaiveDate {
    iso.parse().expect("ISO day")
}

pub(crate) fn link(name: &str, published_on: Option<&str>) -> BulletinLink {
    BulletinLink {
        url: format!("https://www.prefecture.example/{name}.pdf"),
        title: format!("Recueil {name}"),
        published_on: published_on.map(day),
        number: Some(format!("2026-{name}")),
        series: None,
        via: "/raa/2026".to_owned(),
    }
}

/// Records `count` bulletins of source 34, one a day from 1 January 2026, and gives their links.
pub(crate) async fn record(store: &Store, count: u32) -> Vec<BulletinLink> {
    let links: Vec<_> = (0..count)
        .map(|i| {
            let published_on = day("2026-01-01") + TimeDelta::days(i64::from(i));
            link(&format!("{i:03}"), Some(&published_on.to_string()))
        })
        .collect();
    store.record_found("34", &links, at(0)).await.expect("recorded");
    links
}

pub(crate) async fn claim(store: &Store, stage: Stage, minutes: i64) -> ClaimedBulletin {
    try_claim(store, stage, minutes).await.expect("something is due")
}

pub(crate) async fn try_claim(
    store: &Store,
    stage: Stage,
    minutes: i64,
) -> Option<ClaimedBulletin> {
    store.claim(&[stage], None, "w", at(minutes), LEASE).await.expect("claim")
}

pub(crate) fn fetched(content: &str) -> FetchRecord {
    FetchRecord {
        sha256: Sha256::of(content.as_bytes()),
        size_bytes: content.len() as u64,
        final_url: "https://www.prefecture.example/final.pdf".to_owned(),
        http_status: 200,
        etag: Some(format!("\"{content}\"")),
        last_modified: None,
    }
}

pub(crate) fn page(number: u32, text: &str) -> Page {
    Page { confidence: 0.95, ms: 12, ..Page::of_text(number, text) }
}

pub(crate) fn read_record(pages: &[Page]) -> ReadRecord {
    ReadRecord {
        pages: pages.iter().cloned().map(TracedPage::from).collect(),
        page_count: pages.len() as u32,
        cut_short: false,
        note: None,
        reader_version: "reader-1".to_owned(),
        ocr_rank: OcrRank::Nothing,
        hidden: None,
        times: None,
    }
}

/// An act of one page whose text is all of `text`.
pub(crate) fn act(number: Option<&str>, title: &str, page: u32, text: &str) -> Act {
    Act {
        number: number.map(str::to_owned),
        own_number: None,
        title: title.to_owned(),
        title_raw: title.to_uppercase(),
        title_span: Some(span(page, title)),
        kind: Some("arrêté".to_owned()),
        service: Some("34_Préf / Cabinet".to_owned()),
        signed_on: Some(day("2026-08-30")),
        signed_by: Some("Jeanne Préfète".to_owned()),
        capacity: None,
        pages: PageSpan { from: page, to: page },
        text: vec![ActPage { number: page, offset: 0, text: text.to_owned() }],
        confidence: 0.5,
    }
}

pub(crate) fn span(page: u32, text: &str) -> Span {
    Span { page, start: 0, end: text.chars().count() as u32, text: text.to_owned() }
}

pub(crate) fn flag(category: &str, level: Level) -> Flag {
    Flag {
        category: Category::new(category).expect("category"),
        level,
        rule: format!("{category}/rule"),
        to_check: false,
        basis: Basis::Body,
        evidence: vec![span(1, "captation d’images")],
    }
}

/// An act with its facts and flags, owned.
#[derive(Clone)]
pub(crate) struct Whole {
    pub(crate) act: Act,
    pub(crate) facts: Facts,
    pub(crate) flags: Vec<Flag>,
    pub(crate) identity: ActIdentity,
}

impl Whole {
    pub(crate) fn new(act: Act) -> Self {
        Self { act, facts: Facts::default(), flags: Vec::new(), identity: ActIdentity::default() }
    }

    pub(crate) fn flag(mut self, category: &str, level: Level) -> Self {
        self.flags.push(flag(category, level));
        self
    }

    pub(crate) fn analysed(&self) -> AnalysedAct {
        let Self { act, facts, flags, identity } = self.clone();
        AnalysedAct { act, facts, flags, identity }
    }
}

pub(crate) async fn complete_flag(
    store: &Store,
    claim: &ClaimedBulletin,
    acts: &[Whole],
    minutes: i64,
) -> FlagSummary {
    let acts: Vec<AnalysedAct> = acts.iter().map(Whole::analysed).collect();
    store.complete_flag(claim, &acts, &[1], "rules-1", at(minutes)).await.expect("flagged")
}

/// Brings one bulletin from found to flagged, in order of claims; gives its id and what changed.
pub(crate) async fn process(
    store: &Store,
    content: &str,
    pages: &[Page],
    acts: &[Whole],
    minutes: i64,
) -> (BulletinId, FlagSummary) {
    let claim = claim(store, Stage::Found, minutes).await;
    store.complete_fetch(&claim, &fetched(content), at(minutes)).await.expect("fetched");
    (claim.bulletin.id, read_and_flag(store, pages, acts, minutes).await)
}

/// Brings one bulletin from fetched to flagged.
pub(crate) async fn read_and_flag(
    store: &Store,
    pages: &[Page],
    acts: &[Whole],
    minutes: i64,
) -> FlagSummary {
    let fetched = claim(store, Stage::Fetched, minutes).await;
    store.complete_read(&fetched, &read_record(pages), at(minutes)).await.expect("read");
    let read = claim(store, Stage::Read, minutes).await;
    complete_flag(store, &read, acts, minutes).await
}

/// Sends everything back to be flagged and flags the one bulletin there is with `acts`.
pub(crate) async fn cut_again(store: &Store, acts: &[Whole], minutes: i64) -> FlagSummary {
    let filter = guetteur_store::BulletinFilter::default();
    store.reset_for_reclassify(&filter, "rules-next").await.expect("reset");
    let read = claim(store, Stage::Read, minutes).await;
    complete_flag(store, &read, acts, minutes).await
}

/// Like a check that finds other bytes at the address of a bulletin at the end of the line.
pub(crate) async fn fetch_again(store: &Store, id: BulletinId, content: &str, minutes: i64) {
    let mut others = Vec::new();
    let due = loop {
        let claimed = claim(store, Stage::Flagged, minutes).await;
        if claimed.bulletin.id == id {
            break claimed;
        }
        others.push(claimed);
    };
    for other in others {
        store.release(&other).await.expect("released");
    }
    let other = Recheck::Got(fetched(content));
    let done = store.complete_recheck(&due, &other, at(minutes)).await.expect("checked");
    assert_eq!(done, Rechecked::Changed);
}
