//! A bulletin for each address of the simulated sites.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use guetteur_model::dates::parse_french_date;

use super::compose::{compose, truth_of};
use super::fill::seed_of;
use super::library::{BadKind, Family, Library, Template};
use super::truth::FileTruth;
use super::{BulletinSpec, CorpusError, Layout, Medium};
use crate::pdf::{not_a_pdf, truncated};

/// A bulletin as a simulated site lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedBulletin {
    /// Address, in the caller's spelling: the key under which its file is asked for.
    pub url: String,
    /// Text of its link.
    pub title: String,
    /// Day of publication, when the site shows it.
    pub published_on: Option<NaiveDate>,
}

/// A simulated site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSite {
    /// Code of the département.
    pub code: String,
    /// Its bulletins.
    pub bulletins: Vec<ListedBulletin>,
}

/// What lies under an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DemoFile {
    /// A bulletin.
    Bulletin(BulletinSpec),
    /// A web page that says that the file is gone.
    Html,
    /// The first part of a bulletin.
    Truncated(BulletinSpec),
}

/// The demo's files, drawn only when asked for.
#[derive(Debug, Clone)]
pub struct Demo {
    library: Library,
    files: BTreeMap<String, DemoFile>,
}

impl Demo {
    /// Assigns a file to every listed bulletin. The same sites in the same order give the same
    /// files.
    ///
    /// # Errors
    /// When the data is wrong, or a site's département is not in it.
    pub fn plan(sites: &[ListedSite]) -> Result<Self, CorpusError> {
        let library = Library::bundled()?;
        let mut turn = Turn::new(&library);
        let mut files = BTreeMap::new();
        for site in sites {
            library.departement(&site.code)?;
            for bulletin in &site.bulletins {
                files.insert(bulletin.url.clone(), turn.file(site, bulletin));
            }
        }
        Ok(Self { library, files })
    }

    /// All addresses with what lies under them.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, DemoFile> {
        &self.files
    }

    /// The library behind the files.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// Draws the file under `url`; `None` when there is none. Scans take about a tenth of a second
    /// a page unoptimised: call it off the async threads, and keep the bytes.
    ///
    /// # Errors
    /// As [`compose`].
    pub fn file(&self, url: &str) -> Result<Option<Vec<u8>>, CorpusError> {
        Ok(match self.files.get(url) {
            None => None,
            Some(DemoFile::Html) => Some(not_a_pdf()),
            Some(DemoFile::Bulletin(spec)) => Some(compose(&self.library, spec)?.pdf),
            Some(DemoFile::Truncated(spec)) => {
                Some(truncated(&compose(&self.library, spec)?.pdf, 55))
            }
        })
    }

    /// What must be found, by address: `demo_truth.json`.
    ///
    /// # Errors
    /// As [`compose`].
    pub fn truth(&self) -> Result<BTreeMap<String, FileTruth>, CorpusError> {
        let mut truth = BTreeMap::new();
        for (url, file) in &self.files {
            let found = match file {
                DemoFile::Html => FileTruth::Html,
                DemoFile::Truncated(_) => FileTruth::Truncated,
                DemoFile::Bulletin(spec) => FileTruth::Bulletin(truth_of(&self.library, spec)?),
            };
            truth.insert(url.clone(), found);
        }
        Ok(truth)
    }
}

/// Deals out templates, media and layouts in turn, so that each occurs about as often.
struct Turn<'a> {
    library: &'a Library,
    /// Uses of each template, as text and on pages that need OCR.
    uses: BTreeMap<(&'a str, bool), usize>,
    /// Uses of each first category on pages that need OCR, where places are few.
    on_scans: BTreeMap<&'a str, usize>,
    index: usize,
}

impl<'a> Turn<'a> {
    fn new(library: &'a Library) -> Self {
        Self { library, uses: BTreeMap::new(), on_scans: BTreeMap::new(), index: 0 }
    }

    fn file(&mut self, site: &ListedSite, bulletin: &ListedBulletin) -> DemoFile {
        let bad = &self.library.demo.bad;
        let bad = bad.iter().find(|bad| bulletin.title.ends_with(&bad.title));
        if matches!(bad.map(|bad| bad.what), Some(BadKind::Html)) {
            return DemoFile::Html;
        }
        let spec = self.spec(site, bulletin);
        if bad.is_some() { DemoFile::Truncated(spec) } else { DemoFile::Bulletin(spec) }
    }

    fn spec(&mut self, site: &ListedSite, bulletin: &ListedBulletin) -> BulletinSpec {
        let layouts = &self.library.demo.layouts;
        let layout = layouts.get(&site.code).copied().unwrap_or(Layout::National);
        let medium = self.medium(layout);
        let count = match (layout, medium) {
            (Layout::Bare, _) => 1,
            (_, medium) if medium.needs_ocr() => 1 + self.index / 4 % 2,
            _ => 2 + self.index % 3,
        };
        let acts = self.acts(site, bulletin, count, medium.needs_ocr());
        self.index += 1;
        BulletinSpec {
            departement: site.code.clone(),
            number: printed_number(bulletin),
            series: series(bulletin),
            published_on: published_on(site, bulletin),
            layout,
            medium,
            acts,
            seed: seed_of(&bulletin.url),
        }
    }

    fn medium(&self, layout: Layout) -> Medium {
        let (scans, defects) = (&self.library.demo.scans, &self.library.demo.defects);
        let round = self.index / scans.every;
        if self.index % scans.every == 1 {
            return scans.kinds[round % scans.kinds.len()];
        }
        let medium = defects.kinds[self.index % defects.kinds.len()];
        // Only the national tool has frames whose glyphs get lost.
        if medium == Medium::SommaireBoxes && layout != Layout::National {
            Medium::Clean
        } else {
            medium
        }
    }

    fn acts(
        &mut self,
        site: &ListedSite,
        bulletin: &ListedBulletin,
        count: usize,
        scan: bool,
    ) -> Vec<String> {
        let pinned = self.library.templates().iter().find(|template| {
            template.pinned.as_ref().is_some_and(|words| bulletin.title.contains(words))
        });
        let mut chosen: Vec<String> = pinned.iter().map(|t| t.id.clone()).collect();
        // The site's own page says what these hold: nothing is added to them.
        let count = if pinned.is_some() { 1 } else { count };
        let nominative = series(bulletin).is_some_and(|series| series.contains("NOMINATIFS"));
        while chosen.len() < count {
            let family = match (self.index + chosen.len()) % 5 {
                0 | 1 | 3 => Family::Watched,
                2 => Family::Trap,
                _ => Family::Ordinary,
            };
            let fits = |template: &Template| {
                template.fits(&site.code)
                    && !chosen.contains(&template.id)
                    && if nominative { template.nominative } else { template.family == family }
            };
            let Some(template) = self.next(fits, scan) else { break };
            chosen.push(template.id.clone());
        }
        chosen
    }

    /// The least used template that fits; on scans, one of the least used category.
    fn next(&mut self, fits: impl Fn(&Template) -> bool, scan: bool) -> Option<&'a Template> {
        let turn = |template: &&Template| {
            let uses = self.uses.get(&(template.id.as_str(), scan)).copied().unwrap_or(0);
            (if scan { self.share_on_scans(template) } else { 0 }, uses)
        };
        let fitting = self.library.templates().iter().filter(|template| fits(template));
        let next = fitting.min_by_key(turn)?;
        *self.uses.entry((&next.id, scan)).or_default() += 1;
        if scan {
            *self.on_scans.entry(first_category(next)).or_default() += 1;
        }
        Some(next)
    }

    /// How much of its share of the scans the template's category has had; a category of many
    /// templates that fit everywhere has three shares.
    fn share_on_scans(&self, template: &Template) -> usize {
        let category = first_category(template);
        let of_category =
            |other: &&Template| first_category(other) == category && other.only.is_empty();
        let templates = self.library.templates().iter().filter(of_category).count();
        self.on_scans.get(category).copied().unwrap_or(0) * 6 / templates.clamp(1, 3)
    }
}

fn first_category(template: &Template) -> &str {
    template.flags.first().map_or("", |(category, _)| category.as_str())
}

/// The day that the site shows, or one that agrees with what it does show.
fn published_on(site: &ListedSite, bulletin: &ListedBulletin) -> NaiveDate {
    let shown = bulletin.published_on.or_else(|| parse_french_date(&bulletin.title));
    let sibling = site.bulletins.iter().filter_map(|b| b.published_on).min();
    let day = shown.or_else(|| Some(sibling? - Days::new(1)));
    day.unwrap_or_else(|| {
        NaiveDate::from_ymd_opt(2026, 8, 12).expect("12 August 2026 is a day of the calendar")
    })
}

fn series(bulletin: &ListedBulletin) -> Option<String> {
    let lower = format!("{} {}", bulletin.title, bulletin.url).to_lowercase();
    if lower.contains("nominatif") {
        Some("(NOMINATIFS)".to_owned())
    } else if lower.contains("special") || lower.contains("spécial") {
        Some("SPÉCIAL".to_owned())
    } else {
        None
    }
}

/// The number that the cover prints: `26-2026-264`, else what follows `n°`.
fn printed_number(bulletin: &ListedBulletin) -> Option<String> {
    let text = format!("{} {}", bulletin.title, bulletin.url.rsplit('/').next().unwrap_or(""));
    let number_like = |c: char| c.is_ascii_digit() || c == '-';
    let long = text
        .split(|c: char| !number_like(c) && !"AB".contains(c))
        .map(|part| part.trim_matches('-'))
        .find(|part| part.contains("-2026-") && part.len() >= 9);
    if let Some(long) = long {
        return Some(long.to_owned());
    }
    let lower = text.to_lowercase();
    let after = &lower[lower.find("n°").or_else(|| lower.find("numéro"))?..];
    let digits = after.trim_start_matches(|c: char| !c.is_ascii_digit());
    let digits: String = digits.chars().take_while(|c| number_like(*c)).collect();
    (!digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_the_number_of_the_title() {
        let cases = [
            ("RAA SPECIAL N°26-2026-264 du 14/08/2026", "x", Some("26-2026-264")),
            ("RAA n° 142 du 14 août 2026", "x", Some("142")),
            ("Numéro 101 du 14 août 2026", "x", Some("101")),
            (
                "Recueil du 12 août 2026",
                "recueil-37-2026-08-12-00085-raa.pdf",
                Some("37-2026-08-12-00085"),
            ),
            (
                "recueil nominatif édité le 13 août 2026",
                "recueil-03-2026-100-x.pdf",
                Some("03-2026-100"),
            ),
            ("Recueil du 19 août 2026", "Recueil du 19 aout 2026.pdf", None),
        ];
        for (title, url, number) in cases {
            let listed =
                ListedBulletin { url: url.into(), title: title.into(), published_on: None };
            assert_eq!(printed_number(&listed).as_deref(), number, "{title}");
        }
    }
}
