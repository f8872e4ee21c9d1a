//! What the site needs to answer: handles, which clones share.

use std::sync::Arc;

use guetteur_publish::Catalogue;
use guetteur_publish::letters::Letters;

use crate::figures::book::FigureBook;
use crate::kept_database::KeptDatabase;
use crate::kept_ends::KeptEnds;
use crate::kept_feeds::KeptFeeds;
use crate::missing_numbers::MissingNumbers;
use crate::page_pictures::PagePictures;
use crate::request_counts::RequestCounts;
use crate::rule_sheet::{FactSheet, RuleSheet};
use crate::site_config::SiteConfig;

/// Everything a request may need.
#[derive(Clone)]
pub struct AppState {
    /// What is published.
    pub catalogue: Catalogue,
    /// Pages of the PDFs as pictures.
    pub pictures: Arc<PagePictures>,
    /// The templates of letters.
    pub letters: Arc<Letters>,
    /// The rules, for « Méthode ».
    pub rules: Arc<Vec<RuleSheet>>,
    /// What the printed facts are worth, for « Méthode ».
    pub facts: Arc<Vec<FactSheet>>,
    /// The acts that figures count.
    pub figures: Arc<FigureBook>,
    /// Feeds as they were written.
    pub feeds: Arc<KeptFeeds>,
    /// All findings as one SQLite file.
    pub database: Arc<KeptDatabase>,
    /// When the authorisations of towns end.
    pub ends: Arc<KeptEnds>,
    /// The bulletins that nobody saw.
    pub missing: Arc<MissingNumbers>,
    /// How much each address asked of late.
    pub counts: Arc<RequestCounts>,
    /// What the owner chose.
    pub site: Arc<SiteConfig>,
}
