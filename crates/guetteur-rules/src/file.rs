//! The format of a rule file, as serde reads it. Unknown keys are errors: a misspelt key that is
//! silently dropped is a rule that silently does something else.

use std::collections::BTreeMap;

use guetteur_model::Level;
use serde::Deserialize;
use toml::Spanned;

/// A pattern and the bytes of its file where it stands, quotes included.
pub(crate) type Written = Spanned<String>;

/// A rule file: one category.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFile {
    pub(crate) category: String,
    pub(crate) label: Option<String>,
    #[serde(default)]
    pub(crate) description: String,
    /// A body without any of these is not searched for this category.
    #[serde(default)]
    pub(crate) signals: Vec<Written>,
    /// Words that, anywhere in a body, make the act at least `mentions`.
    #[serde(default)]
    pub(crate) cites: Vec<Written>,
    #[serde(default)]
    pub(crate) words: BTreeMap<String, Written>,
    #[serde(default)]
    pub(crate) legal: Vec<LegalReference>,
    #[serde(default)]
    pub(crate) rule: Vec<RuleEntry>,
}

/// A text of law behind a category.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalReference {
    /// `CSI, art. L. 242-1 à L. 242-8`.
    pub reference: String,
    /// What it says, in a few French words.
    pub says: String,
    /// Where that was checked.
    pub source: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleEntry {
    pub(crate) id: String,
    pub(crate) description: String,
    /// The rule fires when one of these is found…
    pub(crate) any: Vec<Written>,
    /// … unless one of these stands in the title, or in the same sentence of the body…
    #[serde(default)]
    pub(crate) unless: Vec<Written>,
    /// … or one of these anywhere in the act.
    #[serde(default)]
    pub(crate) unless_anywhere: Vec<Written>,
    #[serde(default, rename = "where")]
    pub(crate) place: Place,
    /// The level whatever the verb.
    pub(crate) level: Option<Level>,
    /// What to conclude from a title without a verb of grant or repeal.
    #[serde(default)]
    pub(crate) without_verb: WithoutVerb,
    /// The title alone cannot decide.
    #[serde(default)]
    pub(crate) to_check: bool,
    /// The subjects of `langage.toml` (delegations, grants…) do not silence this rule.
    #[serde(default)]
    pub(crate) any_subject: bool,
    /// Characters that `…` may span.
    #[serde(default = "default_gap")]
    pub(crate) gap: usize,
    #[serde(default)]
    pub(crate) example: Vec<Example>,
}

fn default_gap() -> usize {
    90
}

/// Where a rule looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Place {
    Title,
    Body,
    #[default]
    Everywhere,
}

/// What a title says that names the measure and has no verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WithoutVerb {
    Authorises,
    Restricts,
    #[default]
    Concerns,
    ToCheck,
    Nothing,
}

/// A title, or an act, and what must come out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Example {
    pub(crate) title: String,
    pub(crate) text: Option<String>,
    pub(crate) expect: Expect,
}

/// What an example must give for the file's category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Expect {
    Authorises,
    Restricts,
    Concerns,
    Mentions,
    ToCheck,
    Nothing,
}

/// The general words of acts: `langage.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LanguageFile {
    pub(crate) grants_in_title: Vec<Written>,
    pub(crate) repeals_in_title: Vec<Written>,
    pub(crate) forbids_in_title: Vec<Written>,
    pub(crate) second_verb: Vec<Written>,
    pub(crate) grants_in_article: Vec<Written>,
    pub(crate) repeals_in_article: Vec<Written>,
    pub(crate) other_subjects: Vec<Written>,
    pub(crate) other_subjects_in_article: Vec<Written>,
}
