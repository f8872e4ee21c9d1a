//! The filters of a search: those in force, and what can be added, each as a link.

use guetteur_model::{Category, LegalDoubtKind, Level, Purpose};
use guetteur_publish::address::{Filters, purpose_from_id, toggle};
use guetteur_publish::{french, subscribing};
use guetteur_search::{FacetCount, SearchResults, doubt_of};
use serde::Serialize;

use super::{PATH, bare_name};
use crate::page_parts::Link;
use crate::state::AppState;

/// Filters in force, each with the address without it.
pub(super) fn chosen(state: &AppState, filters: &Filters) -> Vec<Link> {
    let mut links = Vec::new();
    let mut add = |label: String, without: Filters| {
        links.push(Link::new(label, without.address(PATH)));
    };
    for code in &filters.prefectures {
        add(
            state.catalogue.publisher(code).name,
            filters.with(|f| toggle(&mut f.prefectures, code.clone())),
        );
    }
    for region in &filters.regions {
        add(region.name.to_owned(), filters.with(|f| toggle(&mut f.regions, *region)));
    }
    for epci in &filters.epcis {
        add(epci.name(), filters.with(|f| toggle(&mut f.epcis, *epci)));
    }
    for around in &filters.around {
        add(around.label(), filters.with(|f| toggle(&mut f.around, *around)));
    }
    for category in &filters.categories {
        let without = filters.with(|f| toggle(&mut f.categories, category.clone()));
        add(category.label().to_owned(), without);
    }
    for level in &filters.levels {
        add(level.label().to_owned(), filters.with(|f| toggle(&mut f.levels, *level)));
    }
    if filters.every_level {
        add("tous les niveaux".to_owned(), filters.with(|f| f.every_level = false));
    }
    for insee in &filters.communes {
        let label = subscribing::commune_name(insee);
        add(label, filters.with(|f| toggle(&mut f.communes, insee.clone())));
    }
    for year in &filters.years {
        add(year.to_string(), filters.with(|f| toggle(&mut f.years, *year)));
    }
    for name in &filters.beneficiaries {
        add(name.clone(), filters.with(|f| toggle(&mut f.beneficiaries, name.clone())));
    }
    for purpose in &filters.purposes {
        let without = filters.with(|f| toggle(&mut f.purposes, *purpose));
        add(french::purpose(*purpose).to_owned(), without);
    }
    if filters.any_doubt {
        add("avec un doute de droit".to_owned(), filters.with(|f| f.any_doubt = false));
    }
    for kind in &filters.doubts {
        add(kind.label().to_owned(), filters.with(|f| toggle(&mut f.doubts, *kind)));
    }
    if let Some(day) = filters.from {
        add(format!("publié depuis le {}", french::day(day)), filters.with(|f| f.from = None));
    }
    if let Some(day) = filters.to {
        add(format!("publié jusqu’au {}", french::day(day)), filters.with(|f| f.to = None));
    }
    links
}

#[derive(Serialize)]
pub(super) struct Facet {
    label: &'static str,
    first: Vec<Link>,
    rest: Vec<Link>,
}

/// Values shown before « de plus ».
const SHOWN: usize = 8;
/// Values shown at all: a page stays under 100 kB; the search box reaches the others.
const LISTED: usize = 40;

pub(super) fn facets(state: &AppState, filters: &Filters, results: &SearchResults) -> Vec<Facet> {
    let counts = &results.facets;
    let all = [
        facet("Catégorie", &counts.category, filters, |facet, f| {
            let category = Category::new(&facet.value).ok()?;
            let on = f.categories.contains(&category);
            let label = category.label().to_owned();
            toggle(&mut f.categories, category);
            Some((label, on))
        }),
        facet("Niveau", &counts.level, filters, |facet, f| {
            let level: Level = facet.value.parse().ok()?;
            let on = f.levels.contains(&level);
            toggle(&mut f.levels, level);
            Some((french::capitalised(level.label()), on))
        }),
        facet("Préfecture", &counts.prefecture, filters, |facet, f| {
            let publisher = state.catalogue.publisher(&facet.value);
            let on = f.prefectures.iter().any(|code| code.eq_ignore_ascii_case(&publisher.code));
            toggle(&mut f.prefectures, publisher.code);
            Some((bare_name(&publisher.name).to_owned(), on))
        }),
        facet("Année", &counts.year, filters, |facet, f| {
            let year = facet.value.parse().ok()?;
            let on = f.years.contains(&year);
            toggle(&mut f.years, year);
            Some((facet.value.clone(), on))
        }),
        facet("Commune", &counts.commune, filters, |facet, f| {
            let on = f.communes.contains(&facet.value);
            toggle(&mut f.communes, facet.value.clone());
            Some((facet.label.clone().unwrap_or_else(|| facet.value.clone()), on))
        }),
        facet("Bénéficiaire", &counts.beneficiary, filters, |facet, f| {
            let on = f.beneficiaries.contains(&facet.value);
            toggle(&mut f.beneficiaries, facet.value.clone());
            Some((facet.label.clone().unwrap_or_else(|| facet.value.clone()), on))
        }),
        facet("Finalité", &counts.purpose, filters, |facet, f| {
            let purpose: Purpose = purpose_from_id(&facet.value)?;
            let on = f.purposes.contains(&purpose);
            toggle(&mut f.purposes, purpose);
            Some((french::capitalised(french::purpose(purpose)), on))
        }),
        facet("Doute de droit", &counts.doubt, filters, |facet, f| {
            let kind: LegalDoubtKind = doubt_of(&facet.value)?;
            let on = f.doubts.contains(&kind);
            toggle(&mut f.doubts, kind);
            Some((french::capitalised(kind.label()), on))
        }),
    ];
    all.into_iter().filter(|facet| !facet.first.is_empty()).collect()
}

fn facet(
    label: &'static str,
    counts: &[FacetCount],
    filters: &Filters,
    click: impl Fn(&FacetCount, &mut Filters) -> Option<(String, bool)>,
) -> Facet {
    let mut links: Vec<Link> = counts
        .iter()
        .take(LISTED)
        .filter_map(|count| {
            let mut clicked = filters.on_page(1);
            let (label, on) = click(count, &mut clicked)?;
            let link = Link { on, ..Link::new(label, clicked.address(PATH)) };
            Some(link.counting(count.count))
        })
        .collect();
    links.sort_by_key(|link| !link.on);
    let rest = links.split_off(SHOWN.min(links.len()));
    Facet { label, first: links, rest }
}
