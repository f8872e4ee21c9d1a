//! France by département: acts, days covered, notice, and whether anybody looked.

use std::collections::BTreeMap;

use guetteur_figures::count::question::{Calendar, Notices, Question, Verdict};
use guetteur_figures::map::{CREDIT, Coloured, departements, map};
use guetteur_figures::{Classes, Ink, ink_of_share, legend_of_shares};
use guetteur_model::TownStep;
use guetteur_publish::french;
use guetteur_publish::register::Register;

use super::super::Chart;
use super::super::book::looked_at;
use super::super::scope::Period;
use super::super::table::{Table, TableCell, column, per_cent, percent};
use super::Sources;

/// What the map is coloured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Measure {
    /// Number of acts.
    #[default]
    Acts,
    /// Days covered.
    Days,
    /// Acts in force on a day of the period.
    InForce,
    /// Share published less than 48 hours before effect.
    Notice,
    /// Towns of the register.
    Register,
}

impl Measure {
    /// All, with the value of `mesure` and the words shown.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Acts, "actes", "Nombre d’actes"),
        (Self::Days, "jours", "Jours couverts"),
        (Self::InForce, "en-vigueur", "Actes en vigueur"),
        (Self::Notice, "preavis", "Préavis de moins de 48 h"),
        (Self::Register, "registre", "Communes interpellées"),
    ];

    /// The value of `mesure`.
    pub(crate) fn id(self) -> &'static str {
        Self::ALL.iter().find(|(measure, ..)| *measure == self).map_or("", |(_, id, _)| id)
    }

    fn title(self) -> &'static str {
        match self {
            Self::Acts => "Actes qui autorisent, par département",
            Self::Days => "Jours couverts par au moins un acte en vigueur, par département",
            Self::InForce => "Actes qui autorisent, en vigueur, par département",
            Self::Register => "Communes interpellées, par département",
            Self::Notice => "Part des actes publiés moins de 48 h avant leur effet, ou après",
        }
    }
}

/// The numbers of a département.
struct Place {
    name: &'static str,
    acts: u64,
    /// Acts in force on a day of the period.
    in_force: u64,
    calendar: Calendar,
    notices: Notices,
    /// Bulletins read of its sources, and the day of the oldest.
    bulletins: u64,
    since: Option<chrono::NaiveDate>,
    looked: bool,
    /// Towns of the register: asked, having answered, having voted.
    towns: [u64; TownStep::ALL.len()],
}

/// The map with its table, and how many acts stand in no département.
pub(crate) fn chart(sources: &Sources<'_>, register: &Register, measure: Measure) -> (Chart, u64) {
    let mut places = empty(sources);
    for (code, place) in &mut places {
        place.towns = register.counts_of(code);
    }
    let off_map = fill(sources, &mut places);
    let shown = |place: &Place| shown(measure, place);
    let classes = Classes::of(places.values().filter_map(shown));
    let coloured: Vec<Coloured> = places
        .iter()
        .map(|(code, place)| {
            let ink = ink(measure, place, &classes);
            Coloured {
                code: (*code).to_owned(),
                ink,
                name: format!("{} ({code}) : {}", place.name, words(measure, place, ink)),
                href: sources.catalogue.source(code).map(|s| format!("/prefecture/{}", s.code)),
            }
        })
        .collect();
    let period = sources.asked.period;
    // What towns were asked has no period.
    let title = match measure {
        Measure::Register => measure.title().to_owned(),
        _ => format!("{}, {}", measure.title(), period.words()),
    };
    let mut drawing = map("carte", &title, &coloured);
    drawing.legend = legend(measure, &classes);
    drawing.about = "Chaque département est un lien vers sa préfecture. Hachuré : personne n’a \
                     regardé. Les mêmes nombres sont dans le tableau."
        .into();
    let table = table(&places, period);
    (Chart { drawing, table, credit: Some(CREDIT) }, off_map)
}

fn empty(sources: &Sources<'_>) -> BTreeMap<&'static str, Place> {
    let period = sources.asked.period;
    let mut places: BTreeMap<&str, Place> = departements()
        .map(|(code, name)| {
            let place = Place {
                name,
                acts: 0,
                in_force: 0,
                calendar: Calendar::new(period.from, period.to),
                notices: Notices::default(),
                bulletins: 0,
                since: None,
                looked: false,
                towns: [0; TownStep::ALL.len()],
            };
            (code, place)
        })
        .collect();
    for span in sources.book.spans.values() {
        let code = sources.book.territories.of_source(&span.source);
        let Some(place) = code.and_then(|code| places.get_mut(code)) else { continue };
        let (first, last) = looked_at(span);
        place.bulletins += span.bulletins;
        place.since = Some(place.since.map_or(span.first, |since| since.min(span.first)));
        place.looked |= first <= period.to && period.from <= last;
    }
    places
}

/// Adds all acts up; gives how many stand in no département.
fn fill(sources: &Sources<'_>, places: &mut BTreeMap<&'static str, Place>) -> u64 {
    let scope = sources.asked.scope();
    let mut off_map = 0;
    for question in [Question::Authorisations, Question::Days, Question::Notice] {
        for (act, verdict) in scope.ask(question, &sources.book.ledger) {
            let here = sources.book.territories.of_act(act);
            off_map += u64::from(verdict == Verdict::One && here.is_empty());
            for code in here {
                let Some(place) = places.get_mut(code) else { continue };
                match verdict {
                    Verdict::One => place.acts += 1,
                    Verdict::Days(days) => {
                        place.in_force += u64::from(days.is_some());
                        days.iter().for_each(|days| place.calendar.add(*days));
                    }
                    Verdict::Notice(hours) => place.notices.add(hours),
                    Verdict::Examined(_) | Verdict::Apart(_) => {}
                }
            }
        }
    }
    off_map
}

/// The number that makes the class, for measures with classes made from their numbers.
fn shown(measure: Measure, place: &Place) -> Option<u64> {
    match measure {
        Measure::Acts => Some(place.acts),
        Measure::Days => Some(place.calendar.covered()),
        Measure::InForce => Some(place.in_force),
        Measure::Register => Some(place.towns.iter().sum()),
        Measure::Notice => None,
    }
}

fn ink(measure: Measure, place: &Place, classes: &Classes) -> Ink {
    let found = place.acts > 0 || place.calendar.covered() > 0;
    if !place.looked && !found && measure != Measure::Register {
        return Ink::NotLooked;
    }
    match (shown(measure, place), place.notices) {
        (Some(value), _) => classes.ink(value),
        (None, Notices { known: 0, .. }) => Ink::Undecided,
        (None, notices) => ink_of_share(per_cent(notices.under_48, notices.known)),
    }
}

fn words(measure: Measure, place: &Place, ink: Ink) -> String {
    match (ink, measure) {
        (Ink::NotLooked, _) => "pas regardé".to_owned(),
        (_, Measure::Acts) => french::count(place.acts, "acte", "actes"),
        (_, Measure::InForce) => {
            french::count(place.in_force, "acte en vigueur", "actes en vigueur")
        }
        (_, Measure::Days) => french::count(place.calendar.covered(), "jour", "jours"),
        (_, Measure::Register) => match place.towns {
            [0, 0, 0] => "aucune commune au registre".to_owned(),
            [asked, answered, voted] => [
                (asked, "commune interpellée", "communes interpellées"),
                (answered, "commune a répondu", "communes ont répondu"),
                (voted, "commune a voté", "communes ont voté"),
            ]
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| french::count(count, one, many))
            .collect::<Vec<_>>()
            .join(", "),
        },
        (Ink::Undecided, Measure::Notice) => "aucun préavis à mesurer".to_owned(),
        (_, Measure::Notice) => {
            let Notices { known, under_48, .. } = place.notices;
            let share = per_cent(under_48, known).to_string().replace('.', ",");
            format!("{share}\u{202f}% ({under_48} sur {known})")
        }
    }
}

fn legend(measure: Measure, classes: &Classes) -> Vec<(Ink, String)> {
    let unit = |(ink, words): (Ink, String)| {
        let unit = match measure {
            Measure::Days if words == "1" => " jour",
            Measure::Days => " jours",
            Measure::Register if words == "1" => " commune",
            Measure::Register => " communes",
            _ if words == "1" => " acte",
            _ => " actes",
        };
        (ink, words + unit)
    };
    let mut legend = vec![(Ink::NotLooked, "pas regardé sur cette période".to_owned())];
    match measure {
        Measure::Notice => {
            legend.push((Ink::Undecided, "aucun préavis à mesurer".to_owned()));
            legend.push((Ink::Zero, "0 %".to_owned()));
            legend.extend(legend_of_shares());
        }
        Measure::Register => {
            legend = vec![(Ink::Zero, "aucune commune au registre".to_owned())];
            legend.extend(classes.legend().into_iter().map(unit));
        }
        _ => {
            legend.push((Ink::Zero, "rien trouvé".to_owned()));
            legend.extend(classes.legend().into_iter().map(unit));
        }
    }
    legend
}

fn table(places: &BTreeMap<&'static str, Place>, period: Period) -> Table {
    let row = |(code, place): (&&str, &Place)| {
        let Notices { known, under_48, .. } = place.notices;
        let looked = if place.looked { "oui" } else { "non" };
        // Nobody looked: no number, which 0 would be.
        let is_told = place.looked || place.acts > 0 || place.in_force > 0;
        let count = |n| if is_told { TableCell::count(n) } else { TableCell::none() };
        vec![
            TableCell::text(place.name),
            TableCell::text(*code),
            TableCell::text(looked),
            count(place.acts),
            count(place.calendar.covered()),
            count(known),
            count(under_48),
            TableCell::share(under_48, known),
            TableCell::count(place.bulletins),
            place.since.map_or_else(TableCell::none, TableCell::day),
            count(place.in_force),
            TableCell::count(place.towns.iter().sum()),
        ]
    };
    Table {
        caption: format!("Par département, {}", period.words()),
        columns: vec![
            column("departement", "Département"),
            column("code", "Code"),
            column("regarde", "Regardé"),
            column("actes", "Actes"),
            column("jours", "Jours couverts"),
            column("preavis_mesures", "Préavis mesurés"),
            column("moins_48h", "< 48 h"),
            percent("part_48h", "Part < 48 h"),
            column("recueils_lus", "Recueils lus"),
            column("lu_depuis", "Lu depuis"),
            column("en_vigueur", "En vigueur"),
            column("communes_au_registre", "Communes au registre"),
        ],
        rows: places.iter().map(row).collect(),
    }
}
