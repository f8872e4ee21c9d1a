//! Every described site is walked and gives exactly its bulletins.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use guetteur_model::BulletinLink;
use guetteur_sources::{DiscoverOptions, Discovery, KnownGround, discover, normalise};
use guetteur_testkit::sites::{Markup, SiteSet, SiteSpec};

use crate::site::{Pages, fixtures, source_of};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("day")
}

pub(crate) fn walk(sites: &SiteSet, site: &SiteSpec, options: &DiscoverOptions<'_>) -> Discovery {
    let pages = Pages::new(sites.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    runtime.block_on(discover(&source_of(site), options, &pages)).expect("walk")
}

fn path_of(via: &str) -> String {
    normalise(&format!("https://x{via}"))
        .map_or_else(|| via.to_owned(), |url| url["https://x".len()..].to_owned())
}

/// What differs between a walk and the truth, in words.
fn differences(site: &SiteSpec, found: &[BulletinLink]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut by_url: BTreeMap<String, &BulletinLink> =
        found.iter().map(|b| (b.url.clone(), b)).collect();
    if by_url.len() != found.len() {
        wrong.push("an address was found twice".to_owned());
    }
    for truth in &site.bulletins {
        let url = normalise(&truth.url).expect("truth is an address");
        let Some(bulletin) = by_url.remove(&url) else {
            wrong.push(format!("missed {url}"));
            continue;
        };
        let date = bulletin.published_on.map(|day| day.to_string());
        if bulletin.title != truth.title
            || date != truth.date
            || bulletin.via != path_of(&truth.via)
        {
            wrong.push(format!("{bulletin:?} is not {truth:?}"));
        }
        if truth.number.is_some() && truth.number != bulletin.number {
            wrong.push(format!("number {:?} is not {:?}", bulletin.number, truth.number));
        }
    }
    wrong.extend(by_url.keys().map(|url| format!("took {url}")));
    for decoy in &site.decoys {
        let url = normalise(&decoy.url);
        if found.iter().any(|bulletin| Some(&bulletin.url) == url.as_ref()) {
            wrong.push(format!("decoy taken: {} ({})", decoy.url, decoy.why));
        }
    }
    wrong
}

/// The described sites of a folder. Where a bulletin is, a PDF answers, whatever its address says.
pub(crate) fn load(folder: &str) -> SiteSet {
    let sites = SiteSet::load(&fixtures(folder)).expect("sites");
    let bulletins = sites.sites().iter().flat_map(|site| &site.bulletins);
    let known: HashSet<String> = bulletins.filter_map(|b| normalise(&b.url)).collect();
    sites.with_pdfs(Arc::new(move |url| {
        normalise(url).filter(|url| known.contains(url)).map(|_| b"%PDF-1.4\n%%EOF\n".to_vec())
    }))
}

fn check_all(folder: &str, at_least: usize) {
    let nothing = KnownGround::default();
    let mut wrong = Vec::new();
    for markup in Markup::ALL {
        // Undescribed links give 404 and, in one hand, an unrelated page too.
        let fillers: &[bool] = if markup == Markup::default() { &[false, true] } else { &[false] };
        for filler in fillers.iter().copied() {
            let mut sites = load(folder).with_markup(markup);
            if filler {
                sites = sites.with_filler();
            }
            assert!(sites.sites().len() >= at_least, "{} sites", sites.sites().len());
            for site in sites.sites() {
                let today = day(&site.observed);
                for options in [
                    DiscoverOptions::daily(today, &nothing),
                    DiscoverOptions::full(today, &nothing),
                ] {
                    let found = walk(&sites, site, &options);
                    let differs = differences(site, &found.bulletins);
                    if !differs.is_empty() {
                        wrong.push(format!(
                            "== {} full={} filler={filler} {markup:?}\n{}\nread: {:#?}\nleft out: {:#?}",
                            site.code,
                            options.full,
                            differs.join("\n"),
                            found.pages,
                            found.left_out
                        ));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{} walks differ:\n{}", wrong.len(), wrong.join("\n"));
    }
}

#[test]
fn every_described_site_is_walked_exactly() {
    check_all("sites", 60);
}

#[test]
fn every_synthetic_site_is_walked_exactly() {
    check_all("sites-synthetic", 30);
}

/// The machine's clock and the site's year need not agree: a mirror is replayed years later, or a
/// site stands still.
#[test]
fn the_clock_hides_nothing() {
    let nothing = KnownGround::default();
    let sites = SiteSet::load(&fixtures("sites")).expect("sites");
    for site in sites.sites() {
        for today in ["2026-11-22", "2029-01-01"] {
            let found = walk(&sites, site, &DiscoverOptions::daily(day(today), &nothing));
            assert_eq!(
                differences(site, &found.bulletins),
                Vec::<String>::new(),
                "{} on {today}",
                site.code
            );
        }
    }
}
