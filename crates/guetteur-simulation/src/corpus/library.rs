//! The data files as types, checked when read.

use std::collections::BTreeMap;

use guetteur_model::{Category, Level, Purpose};
use serde::Deserialize;

use super::departement::Departement;
use super::{CorpusError, Layout, Medium};

const ACT_FILES: [(&str, &str); 6] = [
    ("drone.toml", include_str!("../../../../fixtures/corpus/drone.toml")),
    ("video.toml", include_str!("../../../../fixtures/corpus/video.toml")),
    ("surete.toml", include_str!("../../../../fixtures/corpus/surete.toml")),
    ("personnes.toml", include_str!("../../../../fixtures/corpus/personnes.toml")),
    ("traps.toml", include_str!("../../../../fixtures/corpus/traps.toml")),
    ("ordinary.toml", include_str!("../../../../fixtures/corpus/ordinary.toml")),
];
const DEPARTEMENTS: (&str, &str) =
    ("departements.toml", include_str!("../../../../fixtures/corpus/departements.toml"));
const DEMO: (&str, &str) = ("demo.toml", include_str!("../../../../fixtures/corpus/demo.toml"));

/// What an act is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Does something about a watched category.
    Watched,
    /// Looks like it, and is none or only speaks of it.
    Trap,
    /// The rest.
    Ordinary,
}

/// Who signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Signer {
    Prefet,
    Dircab,
    Secgen,
    Souspref,
    Directeur,
}

/// When an act takes effect, in days from publication.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Period {
    pub(super) start: i64,
    pub(super) days: i64,
    /// `18h00`, or empty.
    pub(super) from: String,
    pub(super) to: String,
    /// The hours are those of each night: the last ends the morning after the last day printed.
    #[serde(default)]
    pub(super) nightly: bool,
}

/// An act to be filled in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Stable id.
    pub id: String,
    /// What it is there for.
    pub family: Family,
    /// Why it misleads, for a trap.
    #[serde(default)]
    pub trap: Option<String>,
    pub(super) service: String,
    pub(super) title: String,
    #[serde(default)]
    pub(super) heading: Option<String>,
    #[serde(default = "arrete")]
    pub(super) kind: String,
    /// What a perfect reader flags.
    #[serde(default)]
    pub flags: Vec<(Category, Level)>,
    #[serde(default)]
    pub(super) to_check: bool,
    #[serde(default)]
    pub(super) cameras: Vec<u32>,
    #[serde(default)]
    pub(super) aircraft: Vec<u32>,
    #[serde(default)]
    pub(super) period: Option<Period>,
    #[serde(default)]
    pub(super) purposes: Vec<Purpose>,
    #[serde(default)]
    pub(super) communes: Vec<String>,
    #[serde(default)]
    pub(super) amends: bool,
    #[serde(default)]
    pub(super) retention: Option<u32>,
    /// Years of validity as printed; no dates follow from it.
    #[serde(default, rename = "years")]
    _years: Option<u32>,
    #[serde(default)]
    pub(super) only: Vec<String>,
    #[serde(default)]
    pub(super) nominative: bool,
    #[serde(default)]
    pub(super) pinned: Option<String>,
    #[serde(default)]
    pub(super) choices: BTreeMap<String, Vec<String>>,
    pub(super) signer: Signer,
    pub(super) body: String,
}

impl Template {
    /// Whether it may be given to a bulletin of this département.
    pub(super) fn fits(&self, code: &str) -> bool {
        let here = self.only.is_empty() || self.only.iter().any(|only| only == code);
        here && self.pinned.is_none()
    }
}

fn arrete() -> String {
    "arrêté".to_owned()
}

/// A service of the State as sommaire and letterhead name it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    pub(super) entry: String,
    pub(super) letterhead: Vec<String>,
    pub(super) code: String,
}

/// A file of the demo that is not a good PDF.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BadFile {
    pub(super) title: String,
    pub(super) what: BadKind,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum BadKind {
    Html,
    Truncated,
}

/// Turns of the scans.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scans {
    pub(super) every: usize,
    pub(super) kinds: Vec<Medium>,
}

/// Turns of the defects.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Defects {
    pub(super) kinds: Vec<Medium>,
}

/// `demo.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DemoData {
    pub(super) layouts: BTreeMap<String, Layout>,
    pub(super) scans: Scans,
    pub(super) defects: Defects,
    pub(super) bad: Vec<BadFile>,
    services: BTreeMap<String, Service>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActFile {
    act: Vec<Template>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DepartementFile {
    departement: Vec<Departement>,
}

/// All templates, départements and services.
#[derive(Debug, Clone)]
pub struct Library {
    templates: Vec<Template>,
    departements: Vec<Departement>,
    pub(super) demo: DemoData,
}

impl Library {
    /// Reads the data compiled into this crate.
    ///
    /// # Errors
    /// When a file does not parse, an id occurs twice, or a service is missing.
    pub fn bundled() -> Result<Self, CorpusError> {
        let mut templates: Vec<Template> = Vec::new();
        for (file, text) in ACT_FILES {
            let acts: ActFile = parse(file, text)?;
            templates.extend(acts.act);
        }
        let departements: DepartementFile = parse(DEPARTEMENTS.0, DEPARTEMENTS.1)?;
        let demo: DemoData = parse(DEMO.0, DEMO.1)?;
        let library = Self { templates, departements: departements.departement, demo };
        library.check()?;
        Ok(library)
    }

    fn check(&self) -> Result<(), CorpusError> {
        for (i, template) in self.templates.iter().enumerate() {
            self.service(&template.service)?;
            if self.templates[..i].iter().any(|other| other.id == template.id) {
                let reason = format!("the id « {} » occurs twice", template.id);
                return Err(CorpusError::Data { file: "*.toml", reason });
            }
        }
        Ok(())
    }

    /// All templates, in the order of the files.
    #[must_use]
    pub fn templates(&self) -> &[Template] {
        &self.templates
    }

    /// A template by its id.
    ///
    /// # Errors
    /// When there is none.
    pub fn template(&self, id: &str) -> Result<&Template, CorpusError> {
        self.templates
            .iter()
            .find(|template| template.id == id)
            .ok_or_else(|| CorpusError::Unknown { what: "act", id: id.to_owned() })
    }

    /// A département by its code.
    ///
    /// # Errors
    /// When there is none.
    pub fn departement(&self, code: &str) -> Result<&Departement, CorpusError> {
        self.departements
            .iter()
            .find(|departement| departement.code == code)
            .ok_or_else(|| CorpusError::Unknown { what: "département", id: code.to_owned() })
    }

    pub(super) fn service(&self, id: &str) -> Result<&Service, CorpusError> {
        self.demo
            .services
            .get(id)
            .ok_or_else(|| CorpusError::Unknown { what: "service", id: id.to_owned() })
    }
}

fn parse<T: serde::de::DeserializeOwned>(file: &'static str, text: &str) -> Result<T, CorpusError> {
    toml::from_str(text).map_err(|error| CorpusError::Data { file, reason: error.to_string() })
}
