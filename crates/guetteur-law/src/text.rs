//! One text of law as the data hold it: `texts/*.toml`, read with serde. Unknown keys are errors.

use chrono::NaiveDate;
use guetteur_model::{Category, Purpose};
use serde::Deserialize;

/// A file of texts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextFile {
    #[serde(default)]
    pub(crate) text: Vec<LegalText>,
}

/// How far what an entry says was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Agrees with the text named as its source.
    Ok,
    /// The text could not be read: shown with « à vérifier », and no doubt rests on it.
    Open,
}

impl State {
    /// The stable id.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Open => "open",
        }
    }
}

/// A capability that a text excludes. The words for it are in `words.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Recording of sound.
    Sound,
    /// Facial recognition, biometric identification.
    FaceRecognition,
    /// Automated matching with other processing of personal data.
    CrossMatching,
    /// Algorithms that analyse images.
    Algorithms,
}

/// Who a text does not let use the measure. The words are in `words.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum User {
    /// Communes and their police.
    Municipal,
}

/// What an authorisation must say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Required {
    /// The largest number of cameras.
    Cameras,
}

/// What a text demands of an authorisation, as far as an act's words can show it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Longest duration, in calendar months.
    pub months: Option<u32>,
    /// For a gathering, its own duration and no longer.
    pub gathering_only: bool,
    /// Patterns of purposes that are not among those of the text (folded text).
    pub other_purposes: Vec<String>,
    /// Words of the text's own purpose (folded text): a sentence with one of them names that, too.
    pub own_purpose: Vec<String>,
    /// What an authorisation must say.
    pub required: Vec<Required>,
    /// What it may not allow.
    pub excluded: Vec<Capability>,
    /// What softens « exclut », in French: `sauf exceptions énumérées`.
    pub save: Option<String>,
    /// Who may not be allowed it.
    pub users: Vec<User>,
    /// Purposes for which the public may be left uninformed; empty: the text says nothing of it.
    pub silence_for: Vec<Purpose>,
    /// The act must be published before it takes effect…
    pub before_effect: bool,
    /// … by so many hours that a judge can rule.
    pub notice_hours: Option<u32>,
}

/// Codes by the initials that `cite` uses.
const CODES: [(&str, &str); 5] = [
    ("CSI", "du code de la sécurité intérieure"),
    ("CJA", "du code de justice administrative"),
    ("CRPA", "du code des relations entre le public et l’administration"),
    ("CGCT", "du code général des collectivités territoriales"),
    ("CPCE", "du code des postes et des communications électroniques"),
];

/// `du code de la sécurité intérieure`, `de la loi n° 2023-380 du 19 mai 2023`.
fn named_with_de(head: &str) -> String {
    if let Some((_, name)) = CODES.iter().find(|(initials, _)| *initials == head) {
        return (*name).to_owned();
    }
    let article = if head.starts_with("Loi") { "de la" } else { "du" };
    format!("{article} {}", lower_first(head))
}

/// `a, b et c`.
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} et {last}", first.join(", ")),
    }
}

/// Kinds of text are common nouns in the middle of a sentence; courts keep their capital.
fn lower_first(cite: &str) -> String {
    let common = ["Loi", "Décret", "Arrêté", "Circulaire", "Note", "Règlement", "Code"];
    match common.iter().find(|noun| cite.starts_with(**noun)) {
        Some(noun) => format!("{}{}", noun.to_lowercase(), &cite[noun.len()..]),
        None => cite.to_owned(),
    }
}

/// A text of law, or a decision of a court, with its dates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalText {
    /// Id by which rules, letters and doubts cite it: `a-z`, `0-9`, `-`.
    pub id: String,
    /// How it is cited: `CSI, art. L. 242-5`.
    pub cite: String,
    /// What it is about, in French.
    pub title: String,
    /// Its articles, as facts write them: `CSI L242-5`, `loi 2023-380`.
    #[serde(default)]
    pub articles: Vec<String>,
    /// First day in force; absent: before any act that Guetteur can know.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// Last day in force; absent: still in force when it was read.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// What it says, in French, in one to three sentences.
    pub says: String,
    /// Categories that it is about.
    #[serde(default)]
    pub categories: Vec<Category>,
    /// Whether it is what lets those measures be authorised at all: on a day on which no such text
    /// is in force, there is no basis.
    #[serde(default)]
    pub basis: bool,
    /// What it demands.
    #[serde(default)]
    pub limits: Limits,
    /// Where anyone can look: an address, or an identifier (NOR, JORFTEXT, number of a decision).
    pub source: String,
    /// Day on which that was read.
    pub read_on: NaiveDate,
    /// How far it was checked.
    pub state: State,
    /// What remains to be checked, in French: demanded when the state is `open`.
    #[serde(default)]
    pub note: Option<String>,
}

impl LegalText {
    /// Whether it is a decision of a court rather than a text.
    #[must_use]
    pub fn is_decision(&self) -> bool {
        const COURTS: [&str; 8] = [
            "TA ",
            "CAA ",
            "Conseil d’État",
            "Conseil constitutionnel",
            "Tribunal",
            "Cour ",
            "CJUE",
            "CEDH",
        ];
        COURTS.iter().any(|court| self.cite.starts_with(court))
    }

    /// Whether it is in force on `day`.
    #[must_use]
    pub fn in_force(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// How a page cites it: `CSI, art. L. 242-5`. A text that could not be read says so.
    #[must_use]
    pub fn named(&self) -> String {
        match self.state {
            State::Ok => self.cite.clone(),
            State::Open => format!("{} (à vérifier)", self.cite),
        }
    }

    /// How it is cited in a letter: `article L. 242-5 du code de la sécurité intérieure`. A text
    /// that could not be read says so.
    #[must_use]
    pub fn in_full(&self) -> String {
        let words = match self.cite.split_once(", art. ") {
            None => lower_first(&self.cite),
            Some((head, articles)) => {
                let many =
                    [" à ", " et ", ",", "suivants"].iter().any(|sign| articles.contains(sign));
                let noun = if many { "articles" } else { "article" };
                format!("{noun} {articles} {}", named_with_de(head))
            }
        };
        match self.state {
            State::Ok => words,
            State::Open => format!("{words}, à vérifier sur Légifrance"),
        }
    }

    /// Several as one citation: articles of one code stand together (`articles R.* 311-12 et R. 311-13
    /// du code des relations entre le public et l’administration`). What could not be read says so.
    #[must_use]
    pub fn together(texts: &[&Self]) -> String {
        let head = |text: &&Self| text.cite.split_once(", art. ").map(|(head, _)| head.to_owned());
        let groups = texts.chunk_by(|a, b| head(a).is_some() && head(a) == head(b));
        let told = |group: &[&Self]| match (group, group.first().and_then(head)) {
            ([_, _, ..], Some(head)) => {
                let articles: Vec<String> = group.iter().map(|text| text.articles_of()).collect();
                format!("articles {} {}", listed(&articles), named_with_de(&head))
            }
            _ => group.iter().map(|text| text.in_full()).collect(),
        };
        groups.map(told).collect::<Vec<_>>().join(" ; ")
    }

    /// `R. 311-13`, `L. 311-5 (à vérifier sur Légifrance)`.
    fn articles_of(&self) -> String {
        let articles =
            self.cite.split_once(", art. ").map_or(&*self.cite, |(_, articles)| articles);
        match self.state {
            State::Ok => articles.to_owned(),
            State::Open => format!("{articles} (à vérifier sur Légifrance)"),
        }
    }

    /// Whether it is about `category`.
    #[must_use]
    pub fn is_about(&self, category: &Category) -> bool {
        self.categories.contains(category)
    }

    /// What makes it unusable, in French; `None` when nothing does.
    pub(crate) fn fault(&self) -> Option<String> {
        if Category::new(&self.id).is_err() {
            return Some("un id a 1 à 40 caractères parmi a-z, 0-9 et « - »".to_owned());
        }
        let empty = [
            ("cite", &self.cite),
            ("title", &self.title),
            ("says", &self.says),
            ("source", &self.source),
        ];
        if let Some((key, _)) = empty.iter().find(|(_, value)| value.trim().is_empty()) {
            return Some(format!("« {key} » est vide : toute entrée dit ce qu’elle cite et d’où"));
        }
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to < from
        {
            return Some(format!("la fin ({to}) précède le début ({from})"));
        }
        let note = self.note.as_deref().unwrap_or_default();
        (self.state == State::Open && note.trim().is_empty())
            .then(|| "state = \"open\" : « note » doit dire ce qui reste à vérifier".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use crate::library::Library;

    #[test]
    fn texts_are_cited_in_full() {
        let library = Library::built_in();
        let full = |id: &str| library.text(id).expect(id).in_full();
        assert_eq!(full("csi-l242-5"), "article L. 242-5 du code de la sécurité intérieure");
        assert_eq!(
            full("csi-l242-1"),
            "articles L. 242-1 à L. 242-8 du code de la sécurité intérieure"
        );
        assert_eq!(full("loi-2023-380-10"), "article 10 de la loi n° 2023-380 du 19 mai 2023");
        assert_eq!(full("rgpd-9"), "article 9 du règlement (UE) 2016/679");
        assert_eq!(
            full("ce-506370"),
            "Conseil d’État, 30 janvier 2026, commune de Nice, n° 506370"
        );
        assert_eq!(full("decret-2022-1235"), "décret n° 2022-1235 du 16 septembre 2022");
        assert_eq!(
            full("cgct-l2121-29"),
            "article L. 2121-29 du code général des collectivités territoriales"
        );
        let together = |ids: &[&str]| {
            let texts: Vec<_> = ids.iter().map(|id| library.text(id).expect(id)).collect();
            super::LegalText::together(&texts)
        };
        assert_eq!(
            together(&["crpa-r311-12", "crpa-r311-13", "crpa-r343-1"]),
            "articles R.* 311-12, R. 311-13 et R. 343-1 du code des relations entre le public et \
             l’administration"
        );
        assert_eq!(
            together(&["crpa-l311-5", "crpa-l311-6"]),
            "articles L. 311-5 (à vérifier sur Légifrance) et L. 311-6 du code des relations entre le \
             public et l’administration"
        );
        assert_eq!(
            together(&["rgpd-9", "csi-l242-4"]),
            "article 9 du règlement (UE) 2016/679 ; article L. 242-4 du code de la sécurité intérieure"
        );
        assert_eq!(together(&["csi-l242-5"]), full("csi-l242-5"));
        let unread = full("loi-2026-798-19");
        assert_eq!(
            unread,
            "article 19 de la loi n° 2026-798 du 18 août 2026, à vérifier sur Légifrance"
        );
    }
}
