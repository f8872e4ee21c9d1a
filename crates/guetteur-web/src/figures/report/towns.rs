//! The towns where a measure is authorised, all of them, by département; and the départements of which
//! nothing was read, where no town can be told.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use guetteur_communes::{communes, departement_of};
use guetteur_figures::count::question::{Question, Scope, Verdict};
use guetteur_figures::map::departements;
use guetteur_model::Category;
use guetteur_publish::register::Register;

use super::super::book::Book;
use super::super::table::{Table, TableCell, column};

/// What is known of a town.
pub(crate) struct Town {
    /// INSEE code.
    pub(crate) insee: String,
    pub(crate) name: &'static str,
    /// Acts that authorise it there.
    pub(crate) acts: u64,
    /// Those that are in force today, their days being known.
    pub(crate) in_force: u64,
    /// Day of publication of the last.
    pub(crate) last: Option<NaiveDate>,
}

/// The towns of a département.
pub(crate) struct Place {
    pub(crate) name: &'static str,
    /// Whether a bulletin of its sources was read.
    pub(crate) looked: bool,
    /// By name.
    pub(crate) towns: Vec<Town>,
}

/// Places by code of the département.
pub(crate) type Places = BTreeMap<&'static str, Place>;

/// The towns that acts name which authorise `category`. Acts that are set apart do not count: read from
/// the sommaire alone, to check, a mere change of another.
pub(crate) fn towns(book: &Book, category: &Category, today: NaiveDate) -> Places {
    let mut places: Places = departements()
        .map(|(code, name)| (code, Place { name, looked: false, towns: Vec::new() }))
        .collect();
    for source in book.spans.values().map(|span| &span.source) {
        let here = book.territories.of_source(source).and_then(|code| places.get_mut(code));
        here.into_iter().for_each(|place| place.looked = true);
    }
    let mut named: BTreeMap<&str, Town> = BTreeMap::new();
    let scope = Scope { categories: vec![category.clone()], ..Scope::default() };
    for (act, verdict) in scope.ask(Question::Authorisations, &book.ledger) {
        if verdict != Verdict::One {
            continue;
        }
        let days = book.ledger.in_force(act.id).ok().flatten();
        let in_force = days.is_some_and(|(from, to)| (from..=to).contains(&today));
        for insee in &act.communes {
            let Some(record) = communes().record(insee) else { continue };
            let town = named.entry(insee).or_insert_with(|| Town {
                insee: record.insee.to_owned(),
                name: record.name,
                acts: 0,
                in_force: 0,
                last: None,
            });
            town.acts += 1;
            town.in_force += u64::from(in_force);
            town.last = town.last.max(act.published_on);
        }
    }
    for (insee, town) in named {
        if let Some(place) = places.get_mut(departement_of(insee)) {
            // An act of a region, or of a neighbour, tells of it all the same.
            place.looked = true;
            place.towns.push(town);
        }
    }
    for place in places.values_mut() {
        place.towns.sort_by_key(|town| guetteur_communes::name_key(town.name));
    }
    places
}

/// A row a town; for a département of which nothing was read, one row that says so.
pub(crate) fn table(places: &Places, register: &Register, base_url: &str, caption: &str) -> Table {
    let mut rows = Vec::new();
    for (code, place) in places {
        let of = |looked: &str| {
            vec![TableCell::text(*code), TableCell::text(place.name), TableCell::text(looked)]
        };
        if !place.looked {
            rows.push(of("non").into_iter().chain((0..8).map(|_| TableCell::none())).collect());
        }
        for town in &place.towns {
            let step = register.last(&town.insee);
            let told = [
                TableCell::text(&town.insee),
                TableCell::text(town.name),
                TableCell::count(town.acts),
                TableCell::count(town.in_force),
                town.last.map_or_else(TableCell::none, TableCell::day),
                step.map_or_else(TableCell::none, |step| TableCell::text(step.step.label())),
                step.map_or_else(TableCell::none, |step| TableCell::day(step.happened_on)),
                TableCell::text(format!("{base_url}/commune/{}", town.insee)),
            ];
            rows.push(of("oui").into_iter().chain(told).collect());
        }
    }
    Table {
        caption: caption.to_owned(),
        columns: vec![
            column("departement", "Code"),
            column("departement_nom", "Département"),
            column("regarde", "Regardé"),
            column("insee", "INSEE"),
            column("commune", "Commune"),
            column("actes", "Actes"),
            column("en_vigueur", "En vigueur"),
            column("dernier_publie_le", "Dernier publié"),
            column("registre", "Au registre"),
            column("registre_le", "Depuis"),
            column("adresse", "Page"),
        ],
        rows,
    }
}
