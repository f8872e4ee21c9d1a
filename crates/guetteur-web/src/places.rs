//! Places wider than a commune, in forms and links: a région, an inter-municipality, a radius.

use guetteur_communes::{Around, CommuneRecord, Epci, region, regions};
use guetteur_publish::address::Filters;
use guetteur_publish::formats::FORMATS;
use serde::Serialize;

use crate::pages::subscription;
use crate::state::AppState;

/// Distances that forms offer.
const DISTANCES: [u16; 6] = [5, 10, 20, 30, 50, 100];

/// What is said where a list holds only acts that name a commune.
const NEEDS_A_COMMUNE: &str = "Un acte qui ne nomme aucune commune (un arrêté pour tout le \
    département) n’est ni dans une intercommunalité ni autour d’une ville : il n’est pas dans cette \
    liste. Pour l’avoir, suivez aussi la préfecture ou la région.";

/// What the fields for wider places need.
#[derive(Serialize)]
pub(crate) struct PlaceFields {
    regions: Vec<(String, &'static str)>,
    /// Kilometres, and whether it is the usual one.
    distances: Vec<(u16, bool)>,
    /// Whether the fields are open: one of them is in use.
    open: bool,
}

impl PlaceFields {
    /// The régions in which something is published, that can still be added to `filters`.
    pub(crate) fn of(state: &AppState, filters: &Filters) -> Self {
        let published = |slug: &str| {
            let sources = &state.catalogue.registry;
            sources.iter().any(|s| region(&s.region).is_some_and(|region| region.slug() == slug))
        };
        let open = regions().filter(|region| !filters.regions.contains(region));
        let mut regions: Vec<_> = open
            .map(|region| (region.slug(), region.name))
            .filter(|(slug, _)| published(slug))
            .collect();
        regions.sort();
        let distances = DISTANCES.iter().map(|km| (*km, *km == Around::USUAL_KM));
        let Filters { regions: asked, epcis, around, .. } = filters;
        let open = !(asked.is_empty() && epcis.is_empty() && around.is_empty());
        Self { regions, distances: distances.collect(), open }
    }

    /// Open or not, whatever is in use.
    pub(crate) fn opened(self, open: bool) -> Self {
        Self { open, ..self }
    }
}

/// What a reader should know of a list of a wider place.
pub(crate) fn note(filters: &Filters) -> Option<&'static str> {
    filters.needs_a_commune().then_some(NEEDS_A_COMMUNE)
}

/// A place wider than a commune that it lies in, with its list in the forms in which it can be followed.
#[derive(Serialize)]
pub(crate) struct WiderPlace {
    label: String,
    list: String,
    feed: String,
    follow: String,
}

impl WiderPlace {
    fn of(label: String, filters: &Filters) -> Self {
        let feed = FORMATS.iter().find(|format| format.feed().is_some());
        let suffix = feed.map_or("atom", |format| format.suffix);
        Self {
            label,
            list: filters.address("/recherche"),
            feed: filters.address(&format!("/recherche.{suffix}")),
            follow: subscription::address(filters),
        }
    }

    /// Those of a commune: around it, its inter-municipalities, its région.
    pub(crate) fn all(commune: &CommuneRecord, region_name: Option<&str>) -> Vec<Self> {
        let place = |change: &dyn Fn(&mut Filters)| {
            let mut filters = Filters { page: 1, ..Filters::default() };
            change(&mut filters);
            filters
        };
        let mut places = Vec::new();
        if let Ok(around) = Around::parse(commune.insee) {
            let label = format!("Autour {} ({}\u{a0}km)", commune.with_de(), around.km);
            places.push(Self::of(label, &place(&|f| f.around.push(around))));
        }
        for epci in Epci::of_commune(commune) {
            let members = epci.members().count();
            let label = format!("{} ({members} communes)", epci.name());
            places.push(Self::of(label, &place(&|f| f.epcis.push(epci))));
        }
        if let Some(region) = region_name.and_then(region) {
            let label = format!("Région {}", region.name);
            places.push(Self::of(label, &place(&|f| f.regions.push(region))));
        }
        places
    }
}
