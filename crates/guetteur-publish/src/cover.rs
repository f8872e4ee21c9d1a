//! Which sources a list covers: whose acts may belong to it.

use std::collections::{BTreeSet, HashMap};

use guetteur_communes::{Around, Epci, communes, departement_of, region_slug};
use guetteur_model::{Source, SourceKind};
use guetteur_search::{Publisher, Query};

use crate::address::Filters;

/// The places of a list, by its filters and by the fields of its words.
pub(crate) struct Cover<'a> {
    filters: &'a Filters,
    registry: &'a [Source],
    query: Query,
    /// Départements of the communes that the query names, by what was typed.
    named: HashMap<String, BTreeSet<String>>,
    /// Départements of the communes that each filter asks for: of all of them, one must fit.
    asked: Vec<BTreeSet<String>>,
}

impl<'a> Cover<'a> {
    pub(crate) fn of(filters: &'a Filters, registry: &'a [Source]) -> Self {
        let query = Query::parse(&filters.q);
        let named = query.communes().into_iter().map(|typed| (typed.to_owned(), around(typed)));
        let named = named.collect();
        Self { filters, registry, query, named, asked: departements(filters) }
    }

    /// Whether an act of `source` may belong to the list.
    pub(crate) fn holds(&self, source: &Source) -> bool {
        let Filters { prefectures, regions, .. } = self.filters;
        let by_filters = match prefectures.is_empty() {
            false => prefectures.iter().any(|code| code.eq_ignore_ascii_case(&source.code)),
            true => self.asked.iter().all(|codes| codes.iter().any(|d| self.lies_in(d, source))),
        };
        let region = region_slug(&source.region);
        let by_region = regions.is_empty() || regions.iter().any(|asked| asked.slug() == region);
        let may_concern = |typed: &str| {
            let around = self.named.get(typed);
            around.is_some_and(|codes| codes.iter().any(|code| self.lies_in(code, source)))
        };
        let publishes_in = |departement: &str| self.lies_in(departement, source);
        let publisher = Publisher {
            code: &source.code,
            name: &source.name,
            region: &source.region,
            may_concern: &may_concern,
            publishes_in: &publishes_in,
        };
        by_filters && by_region && self.query.may_find(&publisher)
    }

    /// Whether what has this INSEE code lies where `source` publishes.
    fn lies_in(&self, insee: &str, source: &Source) -> bool {
        let departement = departement_of(insee);
        let is_of = |other: &Source| {
            other.kind == SourceKind::Departement && other.code.eq_ignore_ascii_case(departement)
        };
        match source.kind {
            SourceKind::Departement => is_of(source),
            // A police prefecture or a region, for its départements.
            _ => self.registry.iter().any(|home| is_of(home) && home.region == source.region),
        }
    }
}

fn departements(filters: &Filters) -> Vec<BTreeSet<String>> {
    let of = |codes: &mut dyn Iterator<Item = &str>| -> BTreeSet<String> {
        codes.map(departement_of).map(str::to_owned).collect()
    };
    let asked = [
        of(&mut filters.communes.iter().map(String::as_str)),
        of(&mut filters.epcis.iter().flat_map(Epci::members)),
        of(&mut filters.around.iter().flat_map(Around::codes)),
    ];
    asked.into_iter().filter(|codes| !codes.is_empty()).collect()
}

/// Départements in which a commune lies that was typed: its code, or words of its name.
fn around(typed: &str) -> BTreeSet<String> {
    let named = communes().departements_named(typed);
    match named.is_empty() {
        false => named.into_iter().map(str::to_owned).collect(),
        true => BTreeSet::from([departement_of(typed).to_owned()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(code: &str, name: &str, region: &str, kind: SourceKind) -> Source {
        Source {
            code: code.to_owned(),
            name: name.to_owned(),
            region: region.to_owned(),
            kind,
            timezone: chrono_tz::Europe::Paris,
            roots: Vec::new(),
            hint: None,
        }
    }

    #[test]
    fn a_list_covers_the_sources_of_its_places_however_they_are_asked_for() {
        let registry = [
            source("2A", "Préfecture de la Corse-du-Sud", "Corse", SourceKind::Departement),
            source("34", "Préfecture de l'Hérault", "Occitanie", SourceKind::Departement),
            source("75", "Préfecture de Paris", "Île-de-France", SourceKind::Departement),
            source("ppparis", "Préfecture de police", "Île-de-France", SourceKind::Police),
            source("prefidf", "Préfecture de région", "Île-de-France", SourceKind::Region),
        ];
        // (list, covered of 2A, 34, 75, ppparis, prefidf)
        let cases = [
            ("", [true, true, true, true, true]),
            ("prefecture=34", [false, true, false, false, false]),
            ("q=prefecture:34", [false, true, false, false, false]),
            ("q=prefecture:2a", [true, false, false, false, false]),
            ("q=prefecture:H%C3%A9rault+drone", [false, true, false, false, false]),
            ("q=drone&commune=34172", [false, true, false, false, false]),
            ("q=commune:34172", [false, true, false, false, false]),
            ("q=commune:2A004", [true, false, false, false, false]),
            ("q=commune:2a004", [true, false, false, false, false]),
            ("q=commune:Ajaccio", [true, false, false, false, false]),
            ("q=commune:75056", [false, false, true, true, true]),
            ("q=SAUF+prefecture:34", [true, false, true, true, true]),
            ("q=drone+OU+prefecture:34", [true, true, true, true, true]),
            ("q=prefecture:34&prefecture=75", [false; 5]),
            ("q=commune:Xyzzyville", [false; 5]),
            ("region=occitanie", [false, true, false, false, false]),
            ("q=region:ile-de-france", [false, false, true, true, true]),
            ("region=ile-de-france&prefecture=75", [false, false, true, false, false]),
            ("epci=243400017", [false, true, false, false, false]),
            ("q=epci:Montpellier", [false, true, false, false, false]),
            ("autour=2A004-20km", [true, false, false, false, false]),
            ("q=autour:Paris-5km", [false, false, true, true, true]),
            ("autour=2A004-20km&commune=34172", [false; 5]),
        ];
        for (list, covered) in cases {
            let filters = Filters::parse(list);
            let cover = Cover::of(&filters, &registry);
            let found = registry.each_ref().map(|source| cover.holds(source));
            assert_eq!(found, covered, "{list}");
            let place = !covered[0] || !covered[1];
            assert_eq!(filters.names_a_place(), place && !list.contains("SAUF"), "{list}");
        }
    }
}
