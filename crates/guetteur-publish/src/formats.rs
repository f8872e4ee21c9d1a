//! The formats of a list: one table, which routes, pages and the page « Données » read.
//!
//! To add one: a row of [`FORMATS`], and a file in `feeds/` or `export/` that writes it.

use serde::Serialize;

use crate::export;
use crate::feeds::{Feed, to_atom, to_json_feed, to_rss};

/// A format of a list.
#[derive(Debug, Serialize)]
pub struct ListFormat {
    /// What is added to the address of the list: `atom`.
    pub suffix: &'static str,
    /// Its name for readers.
    pub name: &'static str,
    /// What it is for, in two or three words.
    pub about: &'static str,
    /// What it holds, in a sentence or two.
    pub holds: &'static str,
    /// What opens it.
    pub opens: &'static str,
    /// Media type with its parameters.
    pub media_type: &'static str,
    /// How much it holds, and who writes it.
    #[serde(skip)]
    pub holding: Holding,
}

/// What of a list a format holds.
#[derive(Debug, Clone, Copy)]
pub enum Holding {
    /// Its newest acts, for those who follow it.
    Newest(Newest),
    /// All of it.
    All(export::Format),
    /// What the columns of its CSV hold.
    Columns,
}

/// How the newest acts are written.
#[derive(Debug, Clone, Copy)]
pub enum Newest {
    /// As entries of a feed.
    Feed(fn(&Feed) -> String),
    /// As the periods of a calendar.
    Calendar,
}

/// All formats.
pub static FORMATS: [ListFormat; 9] = [
    ListFormat {
        suffix: "atom",
        name: "Atom",
        about: "s’abonner",
        holds: "Les derniers actes de la liste, avec leurs faits, leurs preuves et le PDF joint.",
        opens: "Un lecteur de flux : Thunderbird, FreshRSS, newsboat…",
        media_type: "application/atom+xml; charset=utf-8",
        holding: Holding::Newest(Newest::Feed(to_atom)),
    },
    ListFormat {
        suffix: "rss",
        name: "RSS",
        about: "s’abonner",
        holds: "Les mêmes en RSS 2.0.",
        opens: "Un lecteur de flux.",
        media_type: "application/rss+xml; charset=utf-8",
        holding: Holding::Newest(Newest::Feed(to_rss)),
    },
    ListFormat {
        suffix: "json",
        name: "JSON Feed",
        about: "s’abonner",
        holds: "Les mêmes en JSON Feed 1.1, qui porte les faits sous _guetteur.",
        opens: "Un lecteur de flux qui connaît JSON Feed ; n8n et autres automates.",
        media_type: "application/feed+json; charset=utf-8",
        holding: Holding::Newest(Newest::Feed(to_json_feed)),
    },
    ListFormat {
        suffix: "ics",
        name: "iCal",
        about: "agenda des périodes en vigueur",
        holds: "Les périodes d’effet, pour un agenda.",
        opens: "Un agenda : Thunderbird, Nextcloud, celui d’un téléphone.",
        media_type: "text/calendar; charset=utf-8",
        holding: Holding::Newest(Newest::Calendar),
    },
    ListFormat {
        suffix: "csv",
        name: "CSV",
        about: "tableur",
        holds: "Toute la liste. UTF-8 avec BOM, point-virgule et virgule décimale, pour un double \
                clic dans Excel ; ?format=rfc4180 donne le CSV des programmes (virgule, point \
                décimal, sans BOM).",
        opens: "Excel, d’un double clic. LibreOffice : plutôt le XLSX. Programmes : avec ?format=rfc4180.",
        media_type: "text/csv; charset=utf-8; header=present",
        holding: Holding::All(export::Format::Csv),
    },
    ListFormat {
        suffix: "xlsx",
        name: "XLSX",
        about: "tableur, dates typées",
        holds: "Toute la liste, dates typées.",
        opens: "Excel et LibreOffice, d’un double clic : codes et dates restent ce qu’ils sont.",
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        holding: Holding::All(export::Format::Xlsx),
    },
    ListFormat {
        suffix: "jsonl",
        name: "JSON Lines",
        about: "programmes",
        holds: "Toute la liste, un objet par ligne, preuves comprises.",
        opens: "pandas, polars, DuckDB, jq.",
        media_type: "application/jsonl; charset=utf-8",
        holding: Holding::All(export::Format::JsonLines),
    },
    ListFormat {
        suffix: "zip",
        name: "Paquet de données",
        about: "CSV décrits, par acte et par commune",
        holds: "Toute la liste (Data Package) : actes.csv, actes_communes.csv (une ligne par \
                commune que nomme un acte) et datapackage.json, qui décrit chaque colonne. La \
                seconde table seule : .csv?table=communes.",
        opens: "frictionless, R, ou décompressé comme le CSV.",
        media_type: "application/zip",
        holding: Holding::All(export::Format::Package),
    },
    ListFormat {
        suffix: "schema.json",
        name: "Schéma du CSV",
        about: "types des colonnes, pour programmes",
        holds: "Le nom, le type et le sens de chaque colonne (Table Schema) du CSV de même adresse : \
                .csv et .schema.json se répondent, paramètres compris.",
        opens: "frictionless ; sert à pandas et DuckDB pour garder les codes en texte.",
        media_type: "application/json",
        holding: Holding::Columns,
    },
];

impl ListFormat {
    /// `34.atom` is `34` as Atom; `34` and `34.pdf` have no format of ours.
    #[must_use]
    pub fn split(name: &str) -> (&str, Option<&'static Self>) {
        let of = |format: &'static Self| {
            let stem = name.strip_suffix(format.suffix)?.strip_suffix('.')?;
            Some((stem, format))
        };
        // `34.schema.json` is no JSON Feed of « 34.schema ».
        let found = FORMATS.iter().filter_map(of).min_by_key(|(stem, _)| stem.len());
        found.map_or((name, None), |(stem, format)| (stem, Some(format)))
    }

    /// What writes it, where it is one that feed readers follow.
    #[must_use]
    pub fn feed(&self) -> Option<fn(&Feed) -> String> {
        match self.holding {
            Holding::Newest(Newest::Feed(write)) => Some(write),
            _ => None,
        }
    }

    /// What writes it, where it is one that holds the whole list.
    #[must_use]
    pub fn export(&self) -> Option<export::Format> {
        match self.holding {
            Holding::All(format) => Some(format),
            Holding::Newest(_) | Holding::Columns => None,
        }
    }

    /// The media type without its parameters, as links name it.
    #[must_use]
    pub fn bare_media_type(&self) -> &'static str {
        self.media_type.split(';').next().unwrap_or(self.media_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_from_its_suffix() {
        let split = |name| {
            let (stem, format) = ListFormat::split(name);
            (stem, format.map(|format| format.suffix))
        };
        assert_eq!(split("34.atom"), ("34", Some("atom")));
        assert_eq!(split("34.schema.json"), ("34", Some("schema.json")));
        assert_eq!(split("2A"), ("2A", None));
        assert_eq!(split("34.pdf"), ("34.pdf", None));
        assert_eq!(split(".csv"), ("", Some("csv")));
    }

    #[test]
    fn every_export_of_the_command_line_has_its_suffix() {
        for format in &FORMATS {
            assert_eq!(format.suffix.parse::<export::Format>().ok(), format.export());
        }
    }
}
