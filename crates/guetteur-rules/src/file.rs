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
#[serde(try_from = "LegalEntry")]
pub enum LegalReference {
    /// Id of a text of `guetteur-law`, which has its words, dates and source. The built-in files
    /// cite no other way.
    Text(String),
    /// A text that is not among those, in a user's file.
    Other {
        /// `CSI, art. L. 242-1 à L. 242-8`.
        reference: String,
        /// What it says, in a few French words.
        says: String,
        /// Where that was checked.
        source: String,
    },
}

/// A block `[[legal]]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LegalEntry {
    text: Option<String>,
    reference: Option<String>,
    says: Option<String>,
    source: Option<String>,
}

impl TryFrom<LegalEntry> for LegalReference {
    type Error = String;

    fn try_from(entry: LegalEntry) -> Result<Self, String> {
        match entry {
            LegalEntry { text: Some(id), reference: None, says: None, source: None } => {
                Ok(Self::Text(id))
            }
            LegalEntry {
                text: None,
                reference: Some(reference),
                says: Some(says),
                source: Some(source),
            } if !source.trim().is_empty() => Ok(Self::Other { reference, says, source }),
            _ => Err("un bloc [[legal]] a soit « text » (l’id d’un texte, docs/law.md), soit \
                      « reference », « says » et « source »"
                .to_owned()),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::parse;

    #[test]
    fn law_is_cited_by_id_or_with_its_source() {
        let file = |legal: &str| {
            parse::<RuleFile>("x.toml", &format!("category = \"x\"\n[[legal]]\n{legal}\n"))
        };
        let by_id = file("text = \"csi-l242-5\"").expect("an id");
        assert_eq!(by_id.legal, [LegalReference::Text("csi-l242-5".into())]);
        assert!(file("reference = \"R\"\nsays = \"S\"\nsource = \"O\"").is_ok());
        let wrong = [
            "reference = \"R\"\nsays = \"S\"",
            "reference = \"R\"\nsays = \"S\"\nsource = \" \"",
            "text = \"a\"\nreference = \"R\"",
            "",
        ];
        for legal in wrong {
            let error = file(legal).expect_err(legal).to_string();
            assert!(error.contains("docs/law.md") && error.contains("x.toml"), "{error}");
        }
    }
}
