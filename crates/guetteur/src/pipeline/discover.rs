//! Stage 0: a site is walked, and what it lists is recorded.

use std::sync::Arc;

use anyhow::Result;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use guetteur_fetch::{Client, Conditional, FetchError, HtmlPage};
use guetteur_model::{BulletinLink, Failure, FailureKind, Source};
use guetteur_sources::{
    DiscoverOptions, Discovery, FailureReason, KnownGround, PageFailure, PageResponse, PageSource,
    discover,
};
use guetteur_store::{BulletinFilter, BulletinRow, ListRole, PassKind, PassOutcome, SourceFailure};
use url::Url;

use super::events::{Event, Events};
use super::shrink::shrunken;
use crate::app::App;

/// The walker's pages, by way of the polite client.
pub struct SitePages {
    client: Arc<Client>,
}

impl SitePages {
    /// Pages fetched by `client`.
    #[must_use]
    pub fn new(client: Arc<Client>) -> Self {
        Self { client }
    }
}

#[async_trait]
impl PageSource for SitePages {
    async fn get(&self, url: &Url) -> Result<PageResponse, Failure> {
        match self.client.get_page(url, None).await {
            Ok(Conditional::Got(page)) => Ok(success(page)),
            Ok(Conditional::NotModified) => Err(Failure::of_status(304)),
            Err(error) => answer(url, &error),
        }
    }

    async fn post_form(&self, url: &Url, form: &str) -> Result<PageResponse, Failure> {
        match self.client.post_form(url, form).await {
            Ok(page) => Ok(success(page)),
            Err(error) => answer(url, &error),
        }
    }
}

pub(super) fn success(page: HtmlPage) -> PageResponse {
    PageResponse {
        url: page.url,
        status: 200,
        content_type: Some("text/html".to_owned()),
        html: page.text,
        encoding: page.encoding,
    }
}

/// A status is an answer for the walker to judge; silence is not.
fn answer(url: &Url, error: &FetchError) -> Result<PageResponse, Failure> {
    let answer = |status, content_type| {
        let (url, html) = (url.clone(), String::new());
        Ok(PageResponse { url, status, content_type, html, encoding: guetteur_html::UTF_8 })
    };
    match error {
        FetchError::Status { status, .. } => answer(*status, None),
        FetchError::NotHtml { media_type } => answer(200, Some(media_type.clone())),
        _ => Err(error.failure()),
    }
}

/// Walks one site.
///
/// # Errors
/// Only for an unusable registry entry: a page that fails is told in the discovery.
pub async fn walk(
    source: &Source,
    since: Option<NaiveDate>,
    full: bool,
    today: NaiveDate,
    known: Option<&KnownGround>,
    pages: &SitePages,
) -> Result<Discovery> {
    let nothing = KnownGround::default();
    let known = known.unwrap_or(&nothing);
    let options = if full {
        DiscoverOptions::full(today, known)
    } else {
        DiscoverOptions::daily(today, known)
    };
    Ok(discover(source, &DiscoverOptions { since, ..options }, pages).await?)
}

/// Walks one source, records what it lists and how the pass went; whether it went well. A failure is
/// recorded and told: the other sources go on.
pub async fn discover_source(
    app: &App,
    source: &Source,
    since: Option<NaiveDate>,
    full: bool,
    events: &Events,
) -> bool {
    let outcome = pass(app, source, since, full).await.unwrap_or_else(|error| {
        let failure = Failure::new(FailureKind::Other, format!("{error:#}"));
        PassOutcome { failure: Some(failure.into()), ..PassOutcome::default() }
    });
    let succeeded = outcome.failure.is_none();
    events.send(Event::Discovered {
        source: source.code.clone(),
        found: outcome.found,
        new: outcome.new,
        requests: outcome.requests,
        failure: outcome.failure,
    });
    succeeded
}

async fn pass(
    app: &App,
    source: &Source,
    since: Option<NaiveDate>,
    full: bool,
) -> Result<PassOutcome> {
    if let Some(failure) = closed(app, source) {
        return Ok(PassOutcome { failure: Some(failure.into()), ..PassOutcome::default() });
    }
    let kind = if full { PassKind::Full } else { PassKind::Daily };
    let pass = app.store.begin_pass(&source.code, kind, app.clock.now()).await?;
    let rows = known_rows(app, source).await?;
    let known = ground(&rows);
    let today = app.clock.now().with_timezone(&source.timezone).date_naive();
    let pages = SitePages::new(Arc::clone(&app.client));
    let walked = walk(source, since, full, today, Some(&known), &pages).await;
    // What is seen now was seen at the end of this pass, and not before it.
    let now = app.clock.now();
    let outcome = match walked {
        Ok(discovery) => {
            let mut outcome = judge(source, &discovery);
            if outcome.failure.is_none() && since.is_none() {
                outcome.failure = too_little(app, source, full, &rows, &discovery).await?;
            }
            outcome.new = record(app, source, &discovery, &known, &outcome, now).await?;
            // A walk that stopped short, or in the middle of the years, does not tell all.
            let whole = full && since.is_none() && outcome.failure.is_none();
            let kind = if whole { PassKind::Full } else { PassKind::Daily };
            app.store.record_left_out(&source.code, &discovery.left_out, kind, now).await?;
            note_newest_lists(app, source, &discovery).await?;
            outcome
        }
        Err(error) => {
            let failure = Failure::new(FailureKind::Other, format!("{error:#}"));
            PassOutcome { failure: Some(failure.into()), ..PassOutcome::default() }
        }
    };
    app.store.finish_pass(pass, &outcome, now).await?;
    Ok(outcome)
}

/// Why a source is not asked now: its hours. That is no pass, and says nothing of its health.
pub(super) fn closed(app: &App, source: &Source) -> Option<Failure> {
    let root: Url = source.roots.first()?.parse().ok()?;
    let wait = app.client.closed_for(&root)?;
    let until = (app.clock.now() + wait).to_rfc3339_opts(SecondsFormat::Secs, true);
    Some(Failure::new(FailureKind::Closed, until))
}

/// Records what a walk found. A walk that is not believed marks nothing known as seen: the next one
/// is compared with the last that was.
async fn record(
    app: &App,
    source: &Source,
    discovery: &Discovery,
    known: &KnownGround,
    outcome: &PassOutcome,
    now: DateTime<Utc>,
) -> Result<u32> {
    let bulletins = if outcome.failure.is_none() {
        &discovery.bulletins
    } else {
        &discovery.bulletins.iter().filter(|b| !known.knows(&b.url)).cloned().collect()
    };
    Ok(app.store.record_found(&source.code, bulletins, now).await?.new)
}

/// Zero is suspicious, and so is much less than before.
async fn too_little(
    app: &App,
    source: &Source,
    full: bool,
    rows: &[BulletinRow],
    discovery: &Discovery,
) -> Result<Option<SourceFailure>> {
    if discovery.shown() == 0 {
        return Ok(Some(nothing_found(rows.len(), discovery).into()));
    }
    let last_full_at = if full {
        let states = app.store.source_states().await?;
        states.into_iter().find(|state| state.code == source.code).and_then(|s| s.last_full_at)
    } else {
        None
    };
    Ok(shrunken(rows, discovery, last_full_at, app.clock.now()))
}

/// Where quick looks look. A pass that found nothing new of a kind leaves what is known of it.
async fn note_newest_lists(app: &App, source: &Source, discovery: &Discovery) -> Result<()> {
    let lists =
        [(ListRole::List, &discovery.newest_list), (ListRole::Periods, &discovery.newest_periods)];
    for (role, url) in lists {
        if let Some(url) = url {
            app.store.set_newest_list(&source.code, role, url).await?;
        }
    }
    Ok(())
}

pub(super) async fn known_ground(app: &App, source: &Source) -> Result<KnownGround> {
    Ok(ground(&known_rows(app, source).await?))
}

async fn known_rows(app: &App, source: &Source) -> Result<Vec<BulletinRow>> {
    let filter = BulletinFilter { sources: vec![source.code.clone()], ..BulletinFilter::default() };
    Ok(app.store.list_bulletins(&filter, i32::MAX as u32, 0).await?)
}

fn ground(rows: &[BulletinRow]) -> KnownGround {
    KnownGround::new(rows.iter().map(|row| BulletinLink {
        url: row.url.clone(),
        title: row.title.clone(),
        published_on: row.published_on,
        number: row.number.clone(),
        series: row.series.clone(),
        via: row.via.clone(),
    }))
}

/// A list that failed is not absence: the pass is not a success. A bulletin's own page without a
/// document is the site's omission, and hides nothing else.
fn judge(source: &Source, discovery: &Discovery) -> PassOutcome {
    let page = |failed: &PageFailure| SourceFailure {
        failure: failed.reason.failure(),
        url: Some(failed.url.clone()),
        pages: 1,
    };
    for failed in &discovery.failures {
        let failure = failed.reason.failure();
        tracing::debug!(source = source.code, url = failed.url, %failure, "page not read");
    }
    for document in &discovery.left_out {
        tracing::debug!(
            url = document.url,
            title = document.title,
            "left out: {}",
            document.reason
        );
    }
    let mut unread = discovery.unread();
    if let Some(first) = unread.next() {
        let (count, url) = (1 + unread.count(), &first.url);
        tracing::warn!(
            source = source.code,
            count,
            first = url,
            "bulletins in a format that is not read (.zip, .docx, .odt): not archived"
        );
    }
    let lists = discovery.failures.iter().filter(|f| f.reason != FailureReason::NoDocument);
    let lists: Vec<SourceFailure> = lists.map(page).collect();
    let count = lists.len() as u32;
    // A refusal explains more than the page that is missing because of it.
    let refusal = lists.iter().position(|page| page.failure.kind.is_refusal());
    let failure = lists.into_iter().nth(refusal.unwrap_or(0));
    PassOutcome {
        requests: discovery.requests,
        found: discovery.shown(),
        new: 0,
        failure: failure.map(|first| SourceFailure { pages: count, ..first }),
    }
}

fn nothing_found(known: usize, discovery: &Discovery) -> Failure {
    match known {
        0 => discovery.emptiness(),
        known => Failure::new(FailureKind::Shrunk, format!("0/{known}")),
    }
}
