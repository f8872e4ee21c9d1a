//! The description of a site: facts about its pages, links and bulletins, as JSON.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One site.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteSpec {
    /// The source's code.
    pub code: String,
    /// The source's name.
    #[serde(default)]
    pub name: String,
    /// The source's region.
    #[serde(default)]
    pub region: String,
    /// `https://HOST`.
    pub base: String,
    /// Path where a walk starts.
    pub root: String,
    /// Day of observation, ISO 8601.
    pub observed: String,
    /// Levels of pages, joined by `>`.
    #[serde(default)]
    pub shape: String,
    /// What is odd here.
    #[serde(default)]
    pub notes: String,
    /// How faithful the description is.
    #[serde(default)]
    pub provenance: String,
    /// Another address that leads here.
    #[serde(default)]
    pub entry: Option<String>,
    /// Pages.
    pub pages: Vec<PageSpec>,
    /// Links without a page.
    #[serde(default)]
    pub unserved: Vec<String>,
    /// What a correct walk finds.
    pub bulletins: Vec<BulletinSpec>,
    /// What a naive walk would wrongly take.
    #[serde(default)]
    pub decoys: Vec<DecoySpec>,
}

/// One page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PageSpec {
    /// Path and query.
    pub path: String,
    /// `<title>`.
    pub title: String,
    /// `<h1>`.
    pub h1: Option<String>,
    /// The elements around the blocks, in words.
    pub nest: Option<String>,
    /// The element around each card.
    pub col: Option<String>,
    /// The element in the place of `<main>`.
    pub main: Option<String>,
    /// `tag.class: text` at the head of the group of downloads.
    pub group_title: Option<String>,
    /// A paragraph before the blocks.
    pub lead_text: Option<String>,
    /// The list around `li` blocks.
    pub list_tag: Option<String>,
    /// Header cells of the table.
    pub thead: Vec<String>,
    /// Document type.
    pub doctype: Option<String>,
    /// Paths that redirect here.
    pub redirect_from: Vec<String>,
    /// Cookies that the page sets.
    pub sets_cookie: Vec<String>,
    /// Cookie without which an unrelated page is served.
    pub requires_cookie: Option<String>,
    /// The real page was not recorded.
    pub stub: bool,
    /// What stands on the page, in order.
    pub blocks: Vec<BlockSpec>,
}

/// A heading before a block.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadingSpec {
    /// Its tag, or tags that were seen.
    pub tag: String,
    /// Its text.
    pub text: String,
}

/// A select's label.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelSpec {
    /// Class.
    #[serde(default)]
    pub class: Option<String>,
    /// Id of the select.
    #[serde(rename = "for")]
    pub for_id: String,
    /// Text.
    pub text: String,
}

/// A block: `card`, `download`, `link`, `select`, `pager` or `raw`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(
    missing_docs,
    reason = "the README of the specs names the markup facts: names say what they are"
)]
pub struct BlockSpec {
    pub kind: String,
    pub tag: Option<String>,
    pub href: Option<String>,
    pub text: String,
    pub detail: Option<String>,
    pub class: Option<String>,
    pub id: Option<String>,
    pub unquoted_id: bool,
    pub name: Option<String>,
    pub options: Vec<(String, String, Option<String>)>,
    pub label: Option<LabelSpec>,
    pub html: String,
    pub bug: Option<String>,
    pub what: Option<String>,
    pub note: Option<String>,
    pub detail_note: Option<String>,
    pub wrap: Option<String>,
    pub wrap_class: Option<String>,
    pub card_class: Option<String>,
    pub card_id: Option<String>,
    pub card_body: Option<bool>,
    pub logo: Option<String>,
    pub detail_tag: Option<String>,
    pub detail_plain: bool,
    pub title_attr: Option<String>,
    pub target: Option<String>,
    pub rel: Option<String>,
    pub attrs: BTreeMap<String, String>,
    pub aria_current: Option<String>,
    pub before: Option<String>,
    pub before_p: Option<String>,
    pub heading_before: Option<HeadingSpec>,
    pub inner: Option<String>,
    pub row: Vec<String>,
}

/// What a correct walk finds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulletinSpec {
    /// Address as in the href: not normalised.
    pub url: String,
    /// Name as the page shows it.
    pub title: String,
    /// Day of publication, ISO 8601, where the page shows one.
    pub date: Option<String>,
    /// Path of the page that lists it.
    pub via: String,
    /// Name on the list that led to its own page.
    #[serde(default)]
    pub list_title: Option<String>,
    /// Number, where the description tells it.
    #[serde(default)]
    pub number: Option<String>,
}

/// What a naive walk would wrongly take.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecoySpec {
    /// Address as in the href.
    pub url: String,
    /// Why it is none.
    pub why: String,
}
