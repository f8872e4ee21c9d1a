//! `discover`: from a source to its bulletins, through a trait that fetches pages.

use async_trait::async_trait;
use chrono::NaiveDate;
use guetteur_html::Encoding;
use guetteur_model::{BulletinLink, Failure, FailureKind, LeftOut, LeftOutReason, Source};
use serde::Serialize;
use url::Url;

use crate::SourcesError;
use crate::ground::KnownGround;
use crate::page::{PageView, Target};
use crate::walk::Walk;

/// A page as fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageResponse {
    /// Where it was found, after redirects.
    pub url: Url,
    /// HTTP status of the last answer.
    pub status: u16,
    /// `Content-Type`, when there was one.
    pub content_type: Option<String>,
    /// The decoded body.
    pub html: String,
    /// The encoding in which it came.
    pub encoding: &'static Encoding,
}

impl PageResponse {
    /// Whether what came is a PDF and no page.
    fn is_pdf(&self) -> bool {
        self.is_of_kind(&["pdf"])
    }

    /// Whether what came is a text or an archive of files in a format that is not read.
    fn is_unread(&self) -> bool {
        const KINDS: &[&str] = &[
            "msword",
            "officedocument",
            "opendocument",
            "ms-excel",
            "ms-powerpoint",
            "rtf",
            "zip",
            "x-7z",
            "rar",
            "x-tar",
        ];
        self.is_of_kind(KINDS)
    }

    fn is_of_kind(&self, kinds: &[&str]) -> bool {
        let kind = self.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
        matches!(self.status, 200..=299) && kinds.iter().any(|part| kind.contains(part))
    }

    /// Reads the page aside: what a site sends must not hold up what else the process does.
    pub(crate) async fn view(self) -> Option<PageView> {
        let Self { url, html, encoding, .. } = self;
        let read = tokio::task::spawn_blocking(move || PageView::parse_in(&html, &url, encoding));
        read.await.ok()
    }
}

/// Fetches pages. One walk asks for one page at a time; cookies must last through it. The error of
/// both ways is a page that could not be had at all.
#[async_trait]
pub trait PageSource: Send + Sync {
    /// Fetches a page, following redirects. A status of refusal or failure is a response.
    async fn get(&self, url: &Url) -> Result<PageResponse, Failure>;

    /// Posts a form (`application/x-www-form-urlencoded`), following redirects.
    async fn post_form(&self, url: &Url, form: &str) -> Result<PageResponse, Failure>;
}

/// How far to walk.
#[derive(Debug, Clone, Copy)]
pub struct DiscoverOptions<'a> {
    /// Only what was published since; undated bulletins are kept.
    pub since: Option<NaiveDate>,
    /// Every year, archives included, past known ground. With `since`, every page since.
    pub full: bool,
    /// The present day at the source.
    pub today: NaiveDate,
    /// What earlier walks found. Without `full`, the walk stops there; it still reports the known
    /// bulletins that it passes.
    pub known: &'a KnownGround,
    /// Requests after which the walk ends with a failure.
    pub max_pages: u32,
}

impl<'a> DiscoverOptions<'a> {
    /// A daily pass: newest first, the last twelve months at most, stopping at known ground.
    #[must_use]
    pub fn daily(today: NaiveDate, known: &'a KnownGround) -> Self {
        Self { since: None, full: false, today, known, max_pages: 1_000 }
    }

    /// A full pass: everything that the site still shows.
    #[must_use]
    pub fn full(today: NaiveDate, known: &'a KnownGround) -> Self {
        Self { since: None, full: true, today, known, max_pages: 10_000 }
    }
}

/// What a walk found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Bulletins, in the order found (newest periods first), each address once.
    pub bulletins: Vec<BulletinLink>,
    /// Known bulletins whose own pages are linked and were not asked for again: they are on the site.
    pub passed_by: u32,
    /// Requests made.
    pub requests: u32,
    /// Path and query of each page read, in order.
    pub pages: Vec<String>,
    /// Lists of which every page was read, each by its [`crate::list_of`]: what is not in them is
    /// not on the site any more.
    pub whole_lists: Vec<String>,
    /// Documents that the pages list and that are no bulletins, each once, with the reason.
    pub left_out: Vec<LeftOut>,
    /// Pages that could not be read. They are not absence: what they list is unknown.
    pub failures: Vec<PageFailure>,
    /// Address of the page that lists the newest dated bulletin: where the next one will show.
    pub newest_list: Option<String>,
    /// Address of the page that leads to the newest year or month: where the next list will show.
    pub newest_periods: Option<String>,
}

impl Discovery {
    /// What was left out because its format is not read.
    pub fn unread(&self) -> impl Iterator<Item = &LeftOut> {
        self.left_out.iter().filter(|document| document.reason == LeftOutReason::OtherFormat)
    }

    /// How many bulletins the site shows.
    #[must_use]
    pub fn shown(&self) -> u32 {
        self.bulletins.len() as u32 + self.passed_by
    }

    /// Why it is a failure that there is no bulletin; the detail is how many there are in formats
    /// that are not read.
    #[must_use]
    pub fn emptiness(&self) -> Failure {
        match self.unread().count() {
            0 => FailureKind::Empty.into(),
            unread => Failure::new(FailureKind::Empty, unread),
        }
    }
}

/// A page that could not be read, or that gave nothing where something must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageFailure {
    /// Its normalised address.
    pub url: String,
    /// Why.
    pub reason: FailureReason,
}

/// Why a page failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureReason {
    /// The server answered with this status.
    Status(u16),
    /// The answer is no page but this content type.
    NotHtml(String),
    /// A redirect left the site for this address.
    LeftSite(String),
    /// It could not be had at all.
    NotHad(Failure),
    /// A bulletin's own page without a document.
    NoDocument,
    /// A root that lists nothing and leads nowhere.
    Empty,
    /// The walk ended after this many requests.
    Limit(u32),
    /// The walk ended after this many bulletins.
    TooMany(usize),
    /// The page was read in part, for a reason told in words: what it lists further is unknown.
    Cut(String),
    /// Reading the page broke off.
    Unreadable,
}

impl FailureReason {
    /// What went wrong, as data.
    #[must_use]
    pub fn failure(&self) -> Failure {
        match self {
            Self::Status(status) => Failure::of_status(*status),
            Self::NotHtml(media_type) => Failure::new(FailureKind::WrongContent, media_type),
            Self::LeftSite(url) => Failure::new(FailureKind::Astray, url),
            Self::NotHad(failure) => failure.clone(),
            Self::NoDocument => FailureKind::NoDocument.into(),
            Self::Empty => FailureKind::Empty.into(),
            Self::Limit(pages) => Failure::new(FailureKind::TooMany, pages),
            Self::TooMany(found) => Failure::new(FailureKind::TooMany, found),
            Self::Cut(cut) => Failure::new(FailureKind::Other, cut),
            Self::Unreadable => Failure::new(FailureKind::Other, "page illisible"),
        }
    }
}

/// Walks a source's site. A page that fails is recorded and the walk goes on.
///
/// # Errors
/// Only for a source whose registry entry is unusable.
pub async fn discover(
    source: &Source,
    options: &DiscoverOptions<'_>,
    pages: &dyn PageSource,
) -> Result<Discovery, SourcesError> {
    discover_with_progress(source, options, pages, &|_, _| {}).await
}

/// [`discover`], telling after each page how many requests were made and bulletins found.
///
/// # Errors
/// As [`discover`].
pub async fn discover_with_progress(
    source: &Source,
    options: &DiscoverOptions<'_>,
    pages: &dyn PageSource,
    progress: &(dyn Fn(u32, usize) + Send + Sync),
) -> Result<Discovery, SourcesError> {
    let mut walk = Walk::new(source, options)?;
    while let Some(target) = walk.next() {
        let answer = match &target {
            Target::Get(url) => pages.get(url).await,
            Target::Post { url, form } => pages.post_form(url, form).await,
        };
        match answer {
            Ok(response) if response.is_pdf() => walk.document_came(&response),
            Ok(response) if response.is_unread() => walk.unread_came(&response),
            Ok(response) => {
                if walk.arrived(&response) {
                    match response.view().await {
                        Some(view) => walk.read(&view),
                        None => walk.failed(FailureReason::Unreadable),
                    }
                }
            }
            Err(failure) => walk.failed(FailureReason::NotHad(failure)),
        }
        let (requests, found) = walk.progress();
        progress(requests, found);
    }
    let discovery = walk.finish();
    tracing::debug!(
        source = source.code,
        requests = discovery.requests,
        bulletins = discovery.bulletins.len(),
        failures = discovery.failures.len(),
        "walked"
    );
    Ok(discovery)
}
