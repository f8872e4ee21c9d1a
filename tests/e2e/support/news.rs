//! Acts put straight into the database, as the pipeline would, on the day of the test's clock.

use std::time::Duration;

use chrono::{DateTime, Utc};
use guetteur_model::{
    Act, ActId, ActPage, Basis, BulletinId, BulletinLink, Category, Facts, Failure, Flag, Level,
    Method, Page, PageSpan, Sha256, Span, Stage, TracedPage, When,
};
use guetteur_store::{
    ActIdentity, AnalysedAct, Fate, FetchRecord, Frequency, OcrRank, ReadRecord, SignUp, Store,
};

const LEASE: Duration = Duration::from_secs(60);

/// What an act is called, and its flag.
pub(crate) type News<'a> = (&'a str, Option<(&'a str, Level)>);

fn analysed(news: &[News<'_>]) -> Vec<AnalysedAct> {
    let act = |(nth, (title, flag)): (usize, &News<'_>)| {
        let number = nth as u32 + 1;
        let evidence = Span { page: number, start: 0, end: 6, text: (*title).to_owned() };
        let flag = flag.map(|(category, level)| Flag {
            category: Category::new(category).expect("category"),
            level,
            rule: format!("{category}/test"),
            to_check: false,
            basis: Basis::Body,
            evidence: vec![evidence],
        });
        let act = Act {
            number: Some(format!("n{number}")),
            kind: Some("arrêté".to_owned()),
            pages: PageSpan { from: number, to: number },
            text: vec![ActPage { number, offset: 0, text: (*title).to_owned() }],
            ..Act::of_title(*title)
        };
        AnalysedAct {
            act,
            facts: Facts::default(),
            flags: flag.into_iter().collect(),
            identity: ActIdentity::default(),
        }
    };
    news.iter().enumerate().map(act).collect()
}

fn link(name: &str, now: DateTime<Utc>) -> BulletinLink {
    BulletinLink {
        url: format!("https://www.herault.gouv.fr/{name}.pdf"),
        title: format!("Recueil {name}"),
        published_on: Some(now.date_naive()),
        number: Some(name.to_owned()),
        series: None,
        via: "/raa".to_owned(),
    }
}

/// A fresh bulletin of the Hérault whose PDF is there, not read yet.
pub(crate) async fn fetch(store: &Store, name: &str, now: DateTime<Utc>) -> (BulletinId, Sha256) {
    store.record_found("34", &[link(name, now)], now).await.expect("found");
    let sha256 = Sha256::of(name.as_bytes());
    let fetch = FetchRecord {
        sha256,
        size_bytes: 1,
        final_url: format!("https://www.herault.gouv.fr/{name}.pdf"),
        http_status: 200,
        etag: None,
        last_modified: None,
    };
    let claim = store.claim(&[Stage::Found], None, "test", now, LEASE).await.expect("claim");
    let claim = claim.expect("the bulletin is due");
    store.complete_fetch(&claim, &fetch, now).await.expect("fetched");
    (claim.bulletin.id, sha256)
}

/// A bulletin of the Hérault that could not be fetched and was given up.
pub(crate) async fn give_up(store: &Store, name: &str, now: DateTime<Utc>) {
    store.record_found("34", &[link(name, now)], now).await.expect("found");
    let claim = store.claim(&[Stage::Found], None, "test", now, LEASE).await.expect("claim");
    let claim = claim.expect("the bulletin is due");
    let fate = Fate::GivenUp(None);
    store.fail(&claim, &Failure::of_status(404), fate, now).await.expect("given up");
}

/// Tells acts of a bulletin from its sommaire.
pub(crate) async fn announce(
    store: &Store,
    (bulletin, sha256): (BulletinId, Sha256),
    news: &[News<'_>],
    now: DateTime<Utc>,
) -> Vec<ActId> {
    store.raise_alerts(bulletin, sha256, &analysed(news), "1", now).await.expect("announced")
}

/// Reads the bulletin that was fetched.
pub(crate) async fn read(store: &Store, news: &[News<'_>], now: DateTime<Utc>) -> Vec<ActId> {
    read_as(store, news, analysed(news), now).await
}

async fn read_as(
    store: &Store,
    news: &[News<'_>],
    acts: Vec<AnalysedAct>,
    now: DateTime<Utc>,
) -> Vec<ActId> {
    let page = |(nth, (title, _)): (usize, &News<'_>)| Page {
        number: nth as u32 + 1,
        method: Method::Text,
        text: (*title).to_owned(),
        confidence: 1.0,
        ms: 1,
        note: None,
    };
    let pages: Vec<Page> = news.iter().enumerate().map(page).collect();
    let record = ReadRecord {
        pages: pages.iter().cloned().map(TracedPage::from).collect(),
        page_count: pages.len() as u32,
        cut_short: false,
        note: None,
        reader_version: "test".to_owned(),
        ocr_rank: OcrRank::Nothing,
        hidden: None,
        times: None,
    };
    let claim = store.claim(&[Stage::Fetched], None, "test", now, LEASE).await.expect("claim");
    store.complete_read(&claim.expect("fetched"), &record, now).await.expect("read");
    let claim = store.claim(&[Stage::Read], None, "test", now, LEASE).await.expect("claim");
    store.complete_flag(&claim.expect("read"), &acts, &[], "1", now).await.expect("flagged").ids
}

/// A bulletin with these acts.
pub(crate) async fn publish(
    store: &Store,
    name: &str,
    news: &[News<'_>],
    now: DateTime<Utc>,
) -> Vec<ActId> {
    fetch(store, name, now).await;
    read(store, news, now).await
}

/// A bulletin with these acts, which take effect at `start`.
pub(crate) async fn publish_from(
    store: &Store,
    name: &str,
    news: &[News<'_>],
    start: Option<When>,
    now: DateTime<Utc>,
) -> Vec<ActId> {
    fetch(store, name, now).await;
    let mut acts = analysed(news);
    acts.iter_mut().for_each(|act| act.facts.valid_from = start);
    read_as(store, news, acts, now).await
}

/// Signs an address up; gives the secret of the link to confirm.
pub(crate) async fn sign_up(
    store: &Store,
    address: &str,
    frequency: Frequency,
    now: DateTime<Utc>,
) -> String {
    let (token, confirm) = (format!("stop-{address}"), format!("confirm-{address}"));
    let query = "categorie=drone";
    let new = SignUp {
        address,
        query,
        frequency,
        renewals: false,
        still_watching: false,
        token: &token,
        confirm: &confirm,
    };
    store.sign_up(new, now).await.expect("signed up");
    confirm
}
