//! Places in addresses: read as people type them, written by code, slug and SIREN.

use guetteur_communes::{
    Around, CommuneRecord, Epci, EpciFound, NotAround, communes, departement_of, region,
};

use guetteur_search::Query;

use super::{Filters, add};

/// What is suggested in the place of what is not known.
const SUGGESTED: usize = 5;

impl Filters {
    /// Whether it is asked for some places, and not for all of France.
    #[must_use]
    pub fn names_a_place(&self) -> bool {
        let Self { prefectures, regions, communes, epcis, around, .. } = self;
        let empty = prefectures.is_empty() && regions.is_empty() && communes.is_empty();
        !(empty && epcis.is_empty() && around.is_empty()) || Query::parse(&self.q).names_a_place()
    }

    /// Whether acts that name no commune are left out because of the places asked for.
    #[must_use]
    pub fn needs_a_commune(&self) -> bool {
        !(self.epcis.is_empty() && self.around.is_empty())
            || Query::parse(&self.q).needs_a_commune()
    }

    /// By INSEE code, today's or a former one; by name or postcode as people type them, of several the largest.
    pub(super) fn read_commune(&mut self, value: &str) {
        if !communes().meant_by(value).is_empty() {
            return add(&mut self.communes, value.to_ascii_uppercase());
        }
        let Some(town) = communes().exact(value) else {
            let suggested = suggestion(value);
            return self.misread.push(format!("commune « {value} » inconnue{suggested}"));
        };
        let (insee, name, departement) = (town.insee, town.name, departement_of(town.insee));
        let others = others(&town, value);
        self.guessed.push(format!(
            "commune « {value} » comprise comme « {insee} » ({name}, {departement}){others}"
        ));
        add(&mut self.communes, insee.to_owned());
    }

    pub(super) fn read_region(&mut self, value: &str) {
        let Some(region) = region(value) else {
            return self.misread.push(format!("région « {value} » inconnue"));
        };
        let slug = region.slug();
        if value != slug && value != region.code {
            self.guessed.push(format!("région « {value} » comprise comme « {slug} »"));
        }
        add(&mut self.regions, region);
    }

    pub(super) fn read_epci(&mut self, value: &str) {
        let epci = match Epci::find(value) {
            EpciFound::One(epci) => epci,
            EpciFound::None => {
                return self.misread.push(format!("intercommunalité « {value} » inconnue"));
            }
            EpciFound::Several(found) => {
                let some = found.iter().take(SUGGESTED);
                let some: Vec<_> =
                    some.map(|epci| format!("{} ({})", epci.name(), epci.siren)).collect();
                let more = if found.len() > SUGGESTED { ", …" } else { "" };
                return self.misread.push(format!(
                    "intercommunalité « {value} » : plusieurs ont ce nom, précisez : {}{more}",
                    some.join(", ")
                ));
            }
        };
        if value != epci.siren {
            let (name, siren) = (epci.name(), epci.siren);
            self.guessed
                .push(format!("intercommunalité « {value} » comprise comme « {siren} » ({name})"));
        }
        add(&mut self.epcis, epci);
    }

    pub(super) fn read_around(&mut self, value: &str) {
        match Around::parse(value) {
            Ok(around) => {
                let written = around.to_string();
                if value != written && format!("{value}km") != written {
                    let departement = departement_of(around.insee);
                    let label = around.label();
                    let others = around.town().map(|town| others(&town, value)).unwrap_or_default();
                    self.guessed.push(format!(
                        "« {value} » compris comme « {written} » ({label}, {departement}){others}"
                    ));
                }
                add(&mut self.around, around);
            }
            Err(why) => {
                let suggested = match &why {
                    NotAround::UnknownTown(town) => suggestion(town),
                    NotAround::Nowhere(_) | NotAround::Distance => String::new(),
                };
                self.misread.push(format!("autour de « {value} » : {why}{suggested}"));
            }
        }
    }
}

/// As the registry writes it: `2A` for `2a`.
pub(super) fn code_of_source(typed: &str) -> String {
    match typed.starts_with(|first: char| first.is_ascii_digit()) {
        true => typed.to_ascii_uppercase(),
        false => typed.to_owned(),
    }
}

/// What is said where other communes have the same name, unless `typed` tells which.
fn others(town: &CommuneRecord, typed: &str) -> String {
    let (name, departement) = (town.name, departement_of(town.insee));
    match town.distinct_name() == name || typed.contains(departement) {
        true => String::new(),
        false => format!(
            " ; d’autres communes ont ce nom : ajoutez le département (« {name} {departement} »)"
        ),
    }
}

/// Towns whose name is nearly that.
fn suggestion(typed: &str) -> String {
    let found = communes().find(typed).communes.into_iter().take(SUGGESTED);
    let near: Vec<_> = found.map(|town| format!("{} ({})", town.name, town.insee)).collect();
    match near.is_empty() {
        true => String::new(),
        false => format!(" ; peut-être {}", near.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_people_type_them_and_written_as_one() {
        // (address, as it is written, guessed, misread)
        let cases = [
            ("commune=34172", "commune=34172", 0, 0),
            ("commune=2a004", "commune=2A004", 0, 0),
            // Former ones have a code too.
            ("commune=14011", "commune=14011", 0, 0),
            ("commune=34000", "commune=34172", 1, 0),
            ("commune=st+etienne", "commune=42218", 1, 0),
            ("commune=Saint-Denis+974", "commune=97411", 1, 0),
            ("commune=99999", "", 0, 1),
            ("commune=Monpelier", "", 0, 1),
            ("region=bretagne", "region=bretagne", 0, 0),
            ("region=53", "region=bretagne", 0, 0),
            ("region=Bretagne", "region=bretagne", 1, 0),
            ("region=Armorique", "", 0, 1),
            ("epci=243500139", "epci=243500139", 0, 0),
            ("epci=Rennes+M%C3%A9tropole", "epci=243500139", 1, 0),
            ("epci=999999999", "", 0, 1),
            ("epci=quatre+rivieres", "", 0, 1),
            ("autour=35238-20km", "autour=35238-20km", 0, 0),
            ("autour=35238-20", "autour=35238-20km", 0, 0),
            ("autour=Rennes&rayon=30", "autour=35238-30km", 1, 0),
            ("rayon=30&autour=35238", "autour=35238-30km", 0, 0),
            ("autour=&rayon=30", "", 0, 0),
            ("autour=35238-5km&autour=Nantes&rayon=30", "autour=35238-5km&autour=44109-30km", 1, 0),
            ("autour=Rennes&rayon=lointain", "", 0, 1),
            ("autour=35238-500km", "", 0, 1),
            ("autour=Monpelier", "", 0, 1),
        ];
        for (query, written, guessed, misread) in cases {
            let filters = Filters::parse(query);
            let found = (filters.guessed.len(), filters.misread.len());
            assert_eq!(found, (guessed, misread), "{query}: {filters:?}");
            assert_eq!(filters.address("").trim_start_matches('?'), written, "{query}");
        }
        let said = |query| Filters::parse(query).guessed.concat();
        assert!(said("commune=Saint-Denis").contains("« Saint-Denis 974 »"));
        for alone in ["commune=Montpellier", "commune=Saint-Denis+93"] {
            assert!(!said(alone).contains("d’autres communes"), "{alone}");
        }
        let nearly = Filters::parse("autour=Monpelier").misread.concat();
        assert!(nearly.contains("Montpellier (34172)"), "{nearly}");
    }
}
