//! What is known of a bulletin before its pages are read.

use chrono::NaiveDate;
use chrono_tz::Tz;

/// What the listing site and the registry say about the document.
#[derive(Debug, Clone, Copy)]
pub struct BulletinContext<'a> {
    /// The link's text: the only title of a bare act.
    pub title: &'a str,
    /// Name of the source (`Préfecture de la Drôme`).
    pub source_name: &'a str,
    /// Day of publication as the site shows it.
    pub published_on: Option<NaiveDate>,
    /// Time zone in which the acts' hours are meant.
    pub timezone: Tz,
    /// Département under which communes are looked up first (`26`, `2A`, `974`).
    pub departement: Option<&'a str>,
}

impl Default for BulletinContext<'_> {
    fn default() -> Self {
        Self {
            title: "",
            source_name: "",
            published_on: None,
            timezone: Tz::Europe__Paris,
            departement: None,
        }
    }
}
