//! Stage 0: a site is walked, and what it lists is recorded.

use std::sync::Arc;

use anyhow::Result;
use async_trait::async_trait;
use chrono::NaiveDate;
use guetteur_fetch::{Client, FetchError, Fetched, HtmlPage};
use guetteur_model::Source;
use guetteur_sources::{
    DiscoverOptions, Discovery, FailureReason, KnownGround, PageError, PageResponse, PageSource,
    discover,
};
use guetteur_store::{BulletinFilter, ListRole, PassKind, PassOutcome};
use url::Url;

use super::worker::{Event, Events};
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

fn success(page: HtmlPage) -> PageResponse {
    let content_type = Some("text/html".to_owned());
    PageResponse { url: page.url, status: 200, content_type, html: page.text }
}

/// A status is an answer for the walker to judge; a refusal or silence is not.
fn refusal(url: &Url, error: &FetchError) -> Result<PageResponse, PageError> {
    let answer = |status, content_type| {
        Ok(PageResponse { url: url.clone(), status, content_type, html: String::new() })
    };
    match error {
        FetchError::NotFound { status, .. }
        | FetchError::Server { status, .. }
        | FetchError::Status { status, .. } => answer(*status, None),
        FetchError::NotHtml { content_type, .. } => answer(200, Some(content_type.clone())),
        FetchError::Blocked { .. }
        | FetchError::Challenge { .. }
        | FetchError::Resting { .. }
        | FetchError::Robots { .. } => Err(PageError::Blocked(error.to_string())),
        _ => Err(PageError::Unreachable(error.to_string())),
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

/// Walks one source, records what it lists and how the pass went. A failure is recorded and told,
/// not returned: the other sources go on.
pub async fn discover_source(
    app: &App,
    source: &Source,
    since: Option<NaiveDate>,
    full: bool,
    events: &Events,
) {
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
    events.send(event);
}

async fn pass(
    app: &App,
    source: &Source,
    since: Option<NaiveDate>,
    full: bool,
) -> Result<PassOutcome> {
    let kind = if full { PassKind::Full } else { PassKind::Daily };
    let pass = app.store.begin_pass(&source.code, kind, app.clock.now()).await?;
    let known = known_ground(app, source).await?;
    let today = app.clock.now().with_timezone(&source.timezone).date_naive();
    let pages = SitePages::new(Arc::clone(&app.client));
    let mut outcome = match walk(source, since, full, today, Some(&known), &pages).await {
        Ok(discovery) => {
            let outcome = judge(&discovery);
            let now = app.clock.now();
            let found = app.store.record_found(&source.code, &discovery.bulletins, now).await?;
            note_newest_lists(app, source, &discovery).await?;
            PassOutcome { new: found.new, ..outcome }
        }
        Err(error) => PassOutcome { error: Some(format!("{error:#}")), ..PassOutcome::default() },
    };
    if outcome.error.is_none() && outcome.found == 0 {
        outcome.error = Some(nothing_found(&known));
    }
    app.store.finish_pass(pass, &outcome, app.clock.now()).await?;
    Ok(outcome)
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
    let filter = BulletinFilter { sources: vec![source.code.clone()], ..BulletinFilter::default() };
    let rows = app.store.list_bulletins(&filter, i32::MAX as u32, 0).await?;
    Ok(KnownGround::new(rows.into_iter().map(|row| (row.url, row.via))))
}

/// A list that failed is not absence: the pass is not a success. A bulletin's own page without a
/// document is the site's omission, and hides nothing else.
fn judge(discovery: &Discovery) -> PassOutcome {
    for failure in &discovery.failures {
        tracing::info!(url = failure.url, "{}", failure.reason);
    }
    let lists = || discovery.failures.iter().filter(|f| f.reason != FailureReason::NoDocument);
    let error = lists().next().map(|first| {
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

/// Zero is suspicious.
fn nothing_found(known: &KnownGround) -> String {
    if known.is_empty() {
        "aucun recueil trouvé sur le site".to_owned()
    } else {
        "aucun recueil trouvé, alors que le site en listait".to_owned()
    }
}
