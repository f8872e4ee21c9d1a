//! One act drawn by lot: a title as prefectures write them, its pages, the facts and the flag that
//! belong to it.

use chrono::{Days, NaiveDate};
use guetteur_model::{
    Act, ActPage, ActReference, Basis, Category, Change, Commune, Facts, Flag, Level, Method, Page,
    PageSpan, Purpose, Span, When,
};

use crate::dice::{Dice, Lots};
use crate::france::France;
use crate::words::Words;

/// What an act may be: how its title begins, its flag, and the days that it lasts.
struct Kind {
    title: &'static str,
    flag: Option<(&'static str, Level)>,
    days: u64,
}

/// Of a hundred flagged acts, how many are of which kind.
const FLAGGED: [(u64, Kind); 10] = [
    (
        46,
        flagged(
            "portant autorisation d'installer un système de vidéoprotection pour",
            "videoprotection",
            Level::Authorises,
            1_826,
        ),
    ),
    (
        24,
        flagged(
            "autorisant la captation, l'enregistrement et la transmission d'images au moyen de caméras installées sur des aéronefs à l'occasion de",
            "drone",
            Level::Authorises,
            2,
        ),
    ),
    (
        8,
        flagged(
            "portant composition de la commission départementale de vidéoprotection pour",
            "videoprotection",
            Level::Mentions,
            0,
        ),
    ),
    (
        6,
        flagged(
            "autorisant l'enregistrement audiovisuel des interventions des agents de la police municipale lors de",
            "camera-mobile",
            Level::Authorises,
            1_095,
        ),
    ),
    (
        5,
        flagged(
            "instituant un périmètre de protection à l'occasion de",
            "perimetre",
            Level::Authorises,
            3,
        ),
    ),
    (
        3,
        flagged(
            "autorisant la visite des véhicules et la fouille des bagages lors de",
            "fouille",
            Level::Authorises,
            1,
        ),
    ),
    (
        3,
        flagged("abrogeant l'autorisation d'usage de drones lors de", "drone", Level::Restricts, 0),
    ),
    (
        2,
        flagged(
            "autorisant un dispositif de lecture automatisée de plaques pour",
            "lapi",
            Level::Authorises,
            365,
        ),
    ),
    (
        2,
        flagged(
            "autorisant des agents de sécurité privée à exercer sur la voie publique lors de",
            "garde-privee",
            Level::Authorises,
            5,
        ),
    ),
    (1, flagged("concernant la vidéoprotection de", "videoprotection", Level::Concerns, 0)),
];

const fn flagged(title: &'static str, category: &'static str, level: Level, days: u64) -> Kind {
    Kind { title, flag: Some((category, level)), days }
}

const OTHERS: [&str; 10] = [
    "portant délégation de signature à la secrétaire générale pour",
    "portant réglementation temporaire de la circulation lors de",
    "portant autorisation de captage et périmètre de protection de la source de",
    "fixant les dates d'ouverture de la chasse au sanglier dans",
    "portant agrément d'un établissement d'enseignement de la conduite pour",
    "portant habilitation dans le domaine funéraire pour",
    "portant subdélégation de signature aux agents de",
    "déclarant d'utilité publique les travaux de",
    "portant composition du comité social pour",
    "portant renouvellement de la commission de",
];

const OCCASIONS: [&str; 10] = [
    "la manifestation du 10 septembre",
    "la fête de la musique",
    "la course cycliste",
    "la gare du Nord",
    "la mairie",
    "la pharmacie de la place",
    "le carnaval",
    "la visite du ministre",
    "le tabac du centre",
    "la rave party",
];

/// How the acts are drawn.
pub(crate) struct Generator {
    pub(crate) france: France,
    pub(crate) words: Words,
    flagged: Lots<&'static Kind>,
    /// Pages of an act, and characters of each.
    pages: usize,
    chars: usize,
}

impl Generator {
    /// `real_size`: three pages of 2,500 characters an act; else one of 1,400, as most acts have.
    pub(crate) fn new(france: France, real_size: bool) -> Self {
        let (pages, chars) = if real_size { (3, 2_500) } else { (1, 1_400) };
        Self {
            france,
            words: Words::new(),
            flagged: Lots::new(FLAGGED.iter().map(|(weight, kind)| (kind, *weight))),
            pages,
            chars,
        }
    }

    /// The `nth` act of a bulletin, one in twenty flagged.
    pub(crate) fn draw(
        &self,
        dice: &mut Dice,
        source: &str,
        bulletin: usize,
        day: NaiveDate,
        nth: usize,
    ) -> Drawn {
        let kind = if dice.percent(5) { Some(*self.flagged.draw(dice)) } else { None };
        let named = dice.percent(if kind.is_some() { 75 } else { 40 });
        let commune = self.france.commune(source, dice).filter(|_| named).cloned();
        let begins = kind.map_or_else(|| *dice.of(&OTHERS), |kind| kind.title);
        let at = commune.as_ref().map(|commune| format!(" à {}", commune.name));
        let title =
            format!("Arrêté {begins} {}{}", dice.of(&OCCASIONS), at.as_deref().unwrap_or_default());
        let first = nth * self.pages + 1;
        let pages: Vec<u32> = (first..first + self.pages).map(|page| page as u32).collect();
        let text = |page: &u32| ActPage {
            number: *page,
            offset: 0,
            text: self.words.text(dice, &title, self.chars, kind.is_some()),
        };
        let text: Vec<ActPage> = pages.iter().map(text).collect();
        let span =
            Span { page: pages[0], start: 0, end: 40, text: title.chars().take(40).collect() };
        let flag = kind.and_then(|kind| kind.flag);
        let flags = flag.into_iter().filter_map(|(id, level)| flag_of(id, level, span.clone()));
        let flags: Vec<Flag> = flags.collect();
        let facts = match kind {
            Some(kind) => facts(dice, kind, source, day, commune),
            None => Facts {
                communes: commune.into_iter().collect(),
                published_on: Some(day),
                ..Facts::default()
            },
        };
        let act = Act {
            number: Some(number(source, day, bulletin, nth)),
            own_number: None,
            title_raw: title.clone(),
            title,
            title_span: None,
            kind: Some("arrêté".to_owned()),
            service: Some("Préfecture / Cabinet".to_owned()),
            signed_on: Some(day),
            signed_by: None,
            capacity: Some("Le préfet".to_owned()),
            pages: PageSpan { from: pages[0], to: pages[pages.len() - 1] },
            text,
            confidence: 0.9,
        };
        Drawn { act, facts, flags }
    }
}

fn number(source: &str, day: NaiveDate, bulletin: usize, nth: usize) -> String {
    format!("{source}-{day}-{bulletin:05}-{nth:02}")
}

/// What a flagged act says of itself.
fn facts(
    dice: &mut Dice,
    kind: &Kind,
    source: &str,
    day: NaiveDate,
    commune: Option<Commune>,
) -> Facts {
    let drone = kind.title.contains("aéronefs");
    let cctv = kind.title.contains("installer un système");
    let repeals = kind.title.starts_with("abrogeant");
    // Most acts take effect within the days of their publication, some before.
    let from = day + Days::new(dice.below(8) as u64) - Days::new(dice.below(3) as u64);
    let begins = kind.days > 0;
    let place = commune.as_ref().map_or("du département", |commune| commune.name.as_str());
    let beneficiary = match drone {
        true if dice.percent(50) => "groupement de gendarmerie départementale".to_owned(),
        true => "direction départementale de la police nationale".to_owned(),
        false => format!("commune de {place}"),
    };
    Facts {
        valid_from: begins.then_some(When::Day(from)),
        valid_to: begins.then(|| When::Day(from + Days::new(kind.days))),
        notice_hours: begins.then(|| (from - day).num_hours() as f64),
        beneficiary: dice.percent(80).then_some(beneficiary),
        purposes: drone
            .then(|| *dice.of(&[Purpose::Gatherings, Purpose::Traffic]))
            .into_iter()
            .collect(),
        cameras: (cctv || drone).then(|| 1 + dice.below(30) as u32),
        aircraft: drone.then(|| 1 + dice.below(3) as u32),
        amends: repeals.then(|| repealed(dice, source, day)).into_iter().collect(),
        communes: commune.into_iter().collect(),
        published_on: Some(day),
        ..Facts::default()
    }
}

fn repealed(dice: &mut Dice, source: &str, day: NaiveDate) -> ActReference {
    ActReference {
        change: Change::Repeals,
        kind: "arrêté".to_owned(),
        number: Some(number(source, day, dice.below(100_000), 0)),
        signed_on: Some(day),
    }
}

/// An act with what was found in it.
pub(crate) struct Drawn {
    pub(crate) act: Act,
    pub(crate) facts: Facts,
    pub(crate) flags: Vec<Flag>,
}

impl Drawn {
    /// The pages that it stands on.
    pub(crate) fn pages(&self) -> impl Iterator<Item = Page> {
        self.act.text.iter().map(|text| Page {
            number: text.number,
            method: Method::Text,
            text: text.text.clone(),
            confidence: 1.0,
            ms: 1,
            note: None,
        })
    }

    /// What it can be looked up by, and what it repeals.
    pub(crate) fn keys(&self) -> (Vec<String>, Vec<String>) {
        let own = self.act.number.iter().cloned().collect();
        (own, self.facts.amends.iter().filter_map(|other| other.number.clone()).collect())
    }
}

fn flag_of(id: &str, level: Level, span: Span) -> Option<Flag> {
    Some(Flag {
        category: Category::new(id).ok()?,
        level,
        rule: format!("{id}/bench"),
        to_check: false,
        basis: Basis::Title,
        evidence: vec![span],
    })
}
