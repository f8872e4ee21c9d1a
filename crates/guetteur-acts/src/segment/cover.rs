//! What the first pages and the link say about the bulletin itself.

use chrono::NaiveDate;
use guetteur_model::dates::find_dates;
use guetteur_model::fold::fold;

use super::page::PageView;
use crate::context::BulletinContext;
use crate::parts::pattern;

/// The bulletin as its cover presents it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct BulletinHead {
    /// `26-2025-040`, `149`, `13-2025-274 bis`.
    pub number: Option<String>,
    /// Day of publication: the site's, else the cover's. Covers are sometimes misdated.
    pub published_on: Option<NaiveDate>,
    /// `special` or `nominatif`; `None` is the ordinary one.
    pub series: Option<String>,
}

pattern!(
    NUMBER,
    r"(?:\bn ?(?:°|º|o\b|') ?|recueil special |recueil-|special )((?:[dr]?\d{1,3}|2[ab])-20\d\d-\d{1,4}(?: ?(?:bis|ter|quater))?|20\d\d-\d{1,4}|\d{1,3}[.-]20\d\d|\d{1,4}(?: ?(?:bis|ter))?)\b"
);
pattern!(PUBLISHED, r"publi[e]?e? ?le|edition du|\bdu\b|parution");

/// Reads the lines before the first act; what is not there comes from the link.
pub(crate) fn read(pages: &[PageView<'_>], context: &BulletinContext<'_>) -> BulletinHead {
    let cover = pages.iter().take(2).find(|page| {
        let start = page.joined(0, 30);
        start.contains("recueil") || super::page::compact(&start).contains("recueildesactes")
    });
    let cover = cover.map(|page| cover_text(page)).unwrap_or_default();
    let link = fold(context.title);
    let number = [&cover, &link].into_iter().find_map(|text| {
        let at = text.find("recueil").or_else(|| text.find("raa"))?;
        let found = NUMBER.captures(&text[at..]).or_else(|| NUMBER.captures(text))?;
        Some(found.get(1)?.as_str().to_owned())
    });
    let published = PUBLISHED.find(&cover).map_or(0, |m| m.start());
    let first = |text: &str| find_dates(text).first().map(|found| found.date);
    let dated = cover.get(published..).and_then(first).or_else(|| first(&cover));
    let series = [("nominatif", "nominati"), ("special", "special")];
    let series = series.iter().find(|(_, word)| cover.contains(word) || link.contains(word));
    BulletinHead {
        number: number.map(|n| n.to_uppercase().replace("BIS", "bis").replace("TER", "ter")),
        published_on: context.published_on.or(dated),
        series: series.map(|(name, _)| (*name).to_owned()),
    }
}

/// The cover, up to the sommaire if that stands on the same page.
fn cover_text(page: &PageView<'_>) -> String {
    let end = page.lines.iter().position(|l| super::lexicon::SOMMAIRE.is_match(&l.folded));
    page.joined(0, end.unwrap_or(40).min(40))
}
