//! What the site needs to answer: the handles, and the words that its owner chose.

use std::path::PathBuf;
use std::sync::Arc;

use guetteur_model::{Clock, Sha256, Source};
use guetteur_search::SearchIndex;
use guetteur_store::Store;
use serde::Serialize;

use crate::figures::book::FigureBook;
use crate::letters::Letters;
use crate::limits::RequestCounts;
use crate::operator::OperatorToken;
use crate::page_pictures::PagePictures;

/// Where archived PDFs lie.
pub trait PdfArchive: Send + Sync {
    /// The file that holds these bytes; it need not exist.
    fn path(&self, sha256: Sha256) -> PathBuf;
}

impl<F: Fn(Sha256) -> PathBuf + Send + Sync> PdfArchive for F {
    fn path(&self, sha256: Sha256) -> PathBuf {
        self(sha256)
    }
}

/// What the owner of the site chose.
#[derive(Debug, Clone, Serialize)]
pub struct SiteConfig {
    /// Public address of the site, without a slash at its end: `https://guetteur.example`.
    pub base_url: String,
    /// Name of the site.
    pub title: String,
    /// E-mail address that answers readers; shown, and used by « signaler une erreur ».
    pub contact: Option<String>,
    /// Page where readers report a mistake, in the place of `contact`.
    pub report: Option<String>,
    /// Whether search engines may list acts without a flag.
    pub index_unflagged: bool,
    /// Requests of one address to the API, exports and pictures in a minute; 0 is no limit.
    pub requests_per_minute: u32,
    /// Header in which the operator's proxy tells the reader's address.
    pub client_header: Option<String>,
    /// Whether lists can be had by mail.
    pub sends_mail: bool,
    /// Hour of the day, in Paris, at which digests are sent.
    pub digest_hour: u32,
    /// Version of the OCR: pages that another recognised wait to be recognised again.
    pub ocr_version: u32,
    /// Pages that may be recognised in a day (UTC); 0 is no limit.
    pub ocr_pages_per_day: u32,
    /// Who runs the site, as shown at the foot of each page.
    pub operator: Option<String>,
    /// Opens `/operateur`, which is not there without one. Never given to a template.
    #[serde(skip)]
    pub operator_token: Option<OperatorToken>,
}

impl Default for SiteConfig {
    fn default() -> Self {
        Self {
            base_url: "http://127.0.0.1:8080".to_owned(),
            title: "Guetteur".to_owned(),
            contact: None,
            report: None,
            index_unflagged: false,
            requests_per_minute: 0,
            client_header: None,
            sends_mail: false,
            digest_hour: 7,
            ocr_version: 0,
            ocr_pages_per_day: 0,
            operator: None,
            operator_token: None,
        }
    }
}

impl SiteConfig {
    /// The host of the public address, for identifiers that must not change.
    #[must_use]
    pub fn host(&self) -> String {
        url::Url::parse(&self.base_url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_else(|| "localhost".to_owned())
    }
}

/// A rule as the page « Méthode » shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RuleSheet {
    /// Id (`drone/captation`).
    pub id: String,
    /// Id of the category it flags.
    pub category: String,
    /// What it looks for, in plain French.
    pub about: String,
    /// The patterns, as written in the rule file.
    pub patterns: Vec<String>,
    /// Legal references.
    pub legal_refs: Vec<String>,
    /// Titles that it must flag.
    pub positives: Vec<String>,
    /// Titles that it must not flag.
    pub negatives: Vec<String>,
    /// What it is worth on labelled acts, where that is known.
    pub measure: Option<RuleMeasure>,
}

/// A rule's flags on labelled acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RuleMeasure {
    /// Flags that it gave.
    pub given: usize,
    /// Those that the labels confirm.
    pub right: usize,
    /// Acts of its category, which its rules share.
    pub labelled: usize,
}

/// Everything a request may need. Clones share it.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub store: Store,
    /// The full-text index.
    pub index: Arc<SearchIndex>,
    /// The archive of PDFs.
    pub archive: Arc<dyn PdfArchive>,
    /// Pages of the PDFs as pictures.
    pub pictures: Arc<PagePictures>,
    /// The registry of sources.
    pub registry: Arc<Vec<Source>>,
    /// The templates of letters.
    pub letters: Arc<Letters>,
    /// The rules, for « Méthode ».
    pub rules: Arc<Vec<RuleSheet>>,
    /// The acts that figures count.
    pub figures: Arc<FigureBook>,
    /// How much each address asked of late.
    pub counts: Arc<RequestCounts>,
    /// What the owner chose.
    pub site: Arc<SiteConfig>,
    /// The present.
    pub clock: Arc<dyn Clock>,
}
