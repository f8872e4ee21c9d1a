//! What is asked of the index.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_communes::Around;
use guetteur_model::{ActId, BulletinId, Category, LegalDoubtKind, Level, Purpose, UnknownId};
use serde::{Deserialize, Serialize};

use crate::Query;

/// Order of the hits. Ties: published last first, then the larger act id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Best match first. Without words to match it is [`Sort::Published`].
    #[default]
    #[serde(rename = "pertinence")]
    Relevance,
    /// Published last first.
    #[serde(rename = "publication")]
    Published,
    /// Start of effect, latest first; acts without one last.
    #[serde(rename = "effet")]
    Effect,
}

impl Sort {
    /// All orders.
    pub const ALL: [Self; 3] = [Self::Relevance, Self::Published, Self::Effect];

    /// The word in addresses (`tri=`).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Relevance => "pertinence",
            Self::Published => "publication",
            Self::Effect => "effet",
        }
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Sort {
    type Err = UnknownId;

    fn from_str(s: &str) -> Result<Self, UnknownId> {
        Self::ALL
            .into_iter()
            .find(|sort| sort.as_str() == s)
            .ok_or_else(|| UnknownId { what: "sort", got: s.to_owned() })
    }
}

/// Order of [`crate::SearchIndex::ids`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IdOrder {
    /// Smallest act id first.
    #[default]
    ActId,
    /// Published last first, then the larger act id: the order of a feed.
    Published,
}

/// Levels of more than a mention.
pub(crate) const TELLING: [Level; 3] = [Level::Authorises, Level::Restricts, Level::Concerns];

/// Narrowings beside the query. Several values of one filter mean « or », several filters « and ».
/// With categories and levels, one and the same flag must satisfy both. Empty: no narrowing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filters {
    /// Source codes: `34`, `2A`, `ppparis`; case does not matter.
    pub prefectures: Vec<String>,
    /// Categories. Without [`Self::levels`], acts that merely mention one are not meant.
    pub categories: Vec<Category>,
    /// Levels.
    pub levels: Vec<Level>,
    /// Régions, as addresses write them (`bretagne`): whatever prefectures in them publish.
    pub regions: Vec<String>,
    /// INSEE codes.
    pub communes: Vec<String>,
    /// SIRENs of inter-municipalities: acts that name one of their communes.
    pub epcis: Vec<String>,
    /// Acts that name a commune near a town.
    pub around: Vec<Around>,
    /// Only acts that name no commune.
    pub without_commune: bool,
    /// Years of publication.
    pub years: Vec<i32>,
    /// Purposes of art. L. 242-5 CSI.
    pub purposes: Vec<Purpose>,
    /// Doubts of law.
    pub doubts: Vec<LegalDoubtKind>,
    /// Beneficiaries, as the facet gives them.
    pub beneficiaries: Vec<String>,
    /// Kinds of act (`arrêté`), as the document gives them.
    pub kinds: Vec<String>,
    /// Published on this day or later.
    pub from: Option<NaiveDate>,
    /// Published on this day or earlier.
    pub to: Option<NaiveDate>,
    /// In force on this day: begun, and not over or open-ended.
    pub in_force_on: Option<NaiveDate>,
    /// Takes effect from [`SearchRequest::today`] to this day, both included.
    pub starts_before: Option<NaiveDate>,
    /// At most so many hours between publication and effect; acts whose notice is unknown are out.
    pub max_notice_hours: Option<f64>,
    /// Only acts with (`true`) or without (`false`) a flag « à vérifier ».
    pub to_check: Option<bool>,
    /// Only acts with a flag of any level but `mentions`.
    pub flagged: bool,
    /// Acts of this bulletin.
    pub bulletin_id: Option<BulletinId>,
    /// These acts; empty: all.
    pub acts: Vec<ActId>,
    /// First seen at this instant or later.
    pub seen_since: Option<DateTime<Utc>>,
    /// First alerts that were withdrawn or corrected too. What was told must be taken back where it
    /// was told; nothing but feeds wants them.
    pub withdrawn: bool,
}

impl Filters {
    /// Whether nothing is narrowed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The levels that a flag of a category must have.
    pub(crate) fn levels_of_categories(&self) -> &[Level] {
        if self.levels.is_empty() { &TELLING } else { &self.levels }
    }
}

/// A search.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchRequest {
    /// What was typed, read.
    pub query: Query,
    /// Narrowings.
    pub filters: Filters,
    /// Order of the hits.
    pub sort: Sort,
    /// Hits to skip. `offset + limit` is capped at [`SearchRequest::MAX_WINDOW`].
    pub offset: usize,
    /// Hits to return; 0 counts only.
    pub limit: usize,
    /// Whether to count facets.
    pub facets: bool,
    /// Whether, when no act has all words of a long query, acts that lack one of them are given
    /// instead (with a note). Feeds and alerts want `false`.
    pub relax: bool,
    /// The present day: [`Filters::starts_before`] begins there.
    pub today: NaiveDate,
}

impl SearchRequest {
    /// Hits that can be paged through; beyond it, export.
    pub const MAX_WINDOW: usize = 10_000;

    /// First 20 hits by relevance, with facets, relaxed.
    #[must_use]
    pub fn new(query: Query, today: NaiveDate) -> Self {
        Self {
            query,
            filters: Filters::default(),
            sort: Sort::Relevance,
            offset: 0,
            limit: 20,
            facets: true,
            relax: true,
            today,
        }
    }

    /// What is asked, as a key: the same for the same acts. `None` for what is hardly asked twice.
    pub(crate) fn question(&self) -> Option<String> {
        let Self { query, filters, today, .. } = self;
        if !filters.acts.is_empty() || filters.seen_since.is_some() {
            return None;
        }
        let today = filters.starts_before.map(|_| today);
        Some(format!("{:?} {filters:?} {today:?}", query.root()))
    }
}
