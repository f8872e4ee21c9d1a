//! Stage 0: a site is walked, and what it lists is recorded.

use std::sync::Arc;

use anyhow::Result;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use guetteur_fetch::{Client, FetchError, Fetched, HtmlPage};
use guetteur_model::{BulletinLink, Source};
use guetteur_sources::{
    DiscoverOptions, Discovery, FailureReason, KnownGround, PageError, PageResponse, PageSource,
    discover,
};
use guetteur_store::{BulletinFilter, BulletinRow, ListRole, PassKind, PassOutcome};
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
    async fn get(&self, url: &Url) -> Result<PageResponse, PageError> {
        match self.client.get_page(url, None).await {
            Ok(Fetched::Got(page)) => Ok(success(page)),
            Ok(Fetched::NotModified) => Err(PageError::Unreachable("réponse 304".to_owned())),
            Err(error) => refusal(url, &error),
        }
    }

    async fn post_form(
        &self,
        url: &Url,
        fields: &[(String, String)],
    ) -> Result<PageResponse, PageError> {
        match self.client.post_form(url, fields).await {
            Ok(page) => Ok(success(page)),
            Err(error) => refusal(url, &error),
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

/// A status is an answer for the walker to judge; a refusal or silence is not.
fn refusal(url: &Url, error: &FetchError) -> Result<PageResponse, PageError> {
    let answer = |status, content_type| {
        let (url, html) = (url.clone(), String::new());
        Ok(PageResponse { url, status, content_type, html, encoding: guetteur_html::UTF_8 })
    };
    match error {
        FetchError::NotFound { status, .. }
        | FetchError::Server { status, .. }
        | FetchError::Status { status, .. } => answer(*status, None),
        FetchError::NotHtml { content_type, .. } => answer(200, Some(content_type.clone())),
        FetchError::Blocked { .. }
        | FetchError::Challenge { .. }
        | FetchError::Resting { .. }
        | FetchError::Robots { .. } => Err(PageError::Blocked(reason(url, error))),
        _ => Err(PageError::Unreachable(reason(url, error))),
    }
}

/// The error's words without the address, which is told with it.
fn reason(url: &Url, error: &FetchError) -> String {
    error.to_string().replacen(&format!(" : {url}"), "", 1)
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
    let event = match pass(app, source, since, full).await {
        Ok(outcome) => Event::Discovered {
            source: source.code.clone(),
            found: outcome.found,
            new: outcome.new,
            requests: outcome.requests,
            error: outcome.error,
        },
        Err(error) => Event::Discovered {
            source: source.code.clone(),
            found: 0,
            new: 0,
            requests: 0,
            error: Some(format!("{error:#}")),
        },
    };
    let succeeded = matches!(event, Event::Discovered { error: None, .. });
    events.send(event);
    succeeded
}

async fn pass(
    app: &App,
    source: &Source,
    since: Option<NaiveDate>,
    full: bool,
) -> Result<PassOutcome> {
    if let Some(error) = closed(app, source) {
        return Ok(PassOutcome { error: Some(error), ..PassOutcome::default() });
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
            let mut outcome = judge(&discovery);
            if outcome.error.is_none() && since.is_none() {
                outcome.error = too_little(app, source, full, &rows, &discovery).await?;
            }
            outcome.new = record(app, source, &discovery, &known, &outcome, now).await?;
            note_newest_lists(app, source, &discovery).await?;
            outcome
        }
        Err(error) => PassOutcome { error: Some(format!("{error:#}")), ..PassOutcome::default() },
    };
    app.store.finish_pass(pass, &outcome, now).await?;
    Ok(outcome)
}

/// Why a source is not asked now: its hours. That is no pass, and says nothing of its health.
pub(super) fn closed(app: &App, source: &Source) -> Option<String> {
    let root: Url = source.roots.first()?.parse().ok()?;
    let wait = app.client.closed_for(&root)?;
    let hours = wait.as_secs().div_ceil(3600);
    Some(format!("hors des heures permises (registre) : à reprendre dans {hours} h"))
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
    let bulletins = if outcome.error.is_none() {
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
) -> Result<Option<String>> {
    if discovery.bulletins.is_empty() {
        return Ok(Some(nothing_found(rows.is_empty())));
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
fn judge(discovery: &Discovery) -> PassOutcome {
    for failure in &discovery.failures {
        tracing::info!(url = failure.url, "{}", failure.reason);
    }
    for document in &discovery.left_out {
        tracing::debug!(
            url = document.url,
            title = document.title,
            "left out: {}",
            document.reason
        );
    }
    let lists = || discovery.failures.iter().filter(|f| f.reason != FailureReason::NoDocument);
    // A refusal explains more than the page that is missing because of it.
    let blocked = lists().find(|f| matches!(f.reason, FailureReason::Blocked(_)));
    let error = blocked.or_else(|| lists().next()).map(|first| {
        let more = match lists().count() {
            1 => String::new(),
            2 => " ; et une autre page".to_owned(),
            count => format!(" ; et {} autres pages", count - 1),
        };
        format!("{} : {}{more}", first.url, first.reason)
    });
    PassOutcome {
        requests: discovery.requests,
        found: discovery.bulletins.len() as u32,
        new: 0,
        error,
    }
}

fn nothing_found(is_first: bool) -> String {
    if is_first {
        "aucun recueil trouvé sur le site".to_owned()
    } else {
        "aucun recueil trouvé, alors que le site en listait".to_owned()
    }
}
