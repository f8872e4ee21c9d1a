//! One act drawn by lot: a title as prefectures write them, a body of some 1,500 characters, the facts
//! and the flag that belong to it.

use chrono::{Days, NaiveDate};
use guetteur_model::{
    Act, ActPage, Basis, Category, Commune, Facts, Flag, Level, Method, Page, PageSpan, Purpose,
    Span, When,
};

/// A small generator of numbers (SplitMix64): the same at each run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new() -> Self {
        Self(2026)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn of<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.below(choices.len())]
    }
}

const KINDS: [(&str, Option<(&str, Level)>); 8] = [
    (
        "Arrêté autorisant la captation, l'enregistrement et la transmission d'images au moyen de \
         caméras installées sur des aéronefs à l'occasion de",
        Some(("drone", Level::Authorises)),
    ),
    (
        "Arrêté portant autorisation d'installer un système de vidéoprotection pour",
        Some(("videoprotection", Level::Authorises)),
    ),
    ("Arrêté portant délégation de signature à la secrétaire générale pour", None),
    ("Arrêté portant réglementation temporaire de la circulation lors de", None),
    ("Arrêté portant autorisation de captage et périmètre de protection de la source de", None),
    (
        "Arrêté portant composition de la commission départementale de vidéoprotection pour",
        Some(("videoprotection", Level::Mentions)),
    ),
    ("Arrêté fixant les dates d'ouverture de la chasse au sanglier dans", None),
    (
        "Arrêté abrogeant l'autorisation d'usage de drones lors de",
        Some(("drone", Level::Restricts)),
    ),
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

const COMMUNES: [(&str, &str); 12] = [
    ("34172", "Montpellier"),
    ("13055", "Marseille"),
    ("33063", "Bordeaux"),
    ("59350", "Lille"),
    ("31555", "Toulouse"),
    ("69123", "Lyon"),
    ("44109", "Nantes"),
    ("67482", "Strasbourg"),
    ("06088", "Nice"),
    ("35238", "Rennes"),
    ("30189", "Nîmes"),
    ("76540", "Rouen"),
];

const WORDS: [&str; 40] = [
    "préfet",
    "arrêté",
    "département",
    "sécurité",
    "intérieure",
    "publique",
    "code",
    "article",
    "autorisation",
    "vu",
    "considérant",
    "gendarmerie",
    "nationale",
    "police",
    "images",
    "caméras",
    "captation",
    "transmission",
    "enregistrement",
    "aéronefs",
    "drone",
    "hélicoptère",
    "commune",
    "voirie",
    "circulation",
    "environnement",
    "eau",
    "forêt",
    "agriculture",
    "chasse",
    "pêche",
    "délégation",
    "signature",
    "directeur",
    "cabinet",
    "secrétaire",
    "générale",
    "commission",
    "périmètre",
    "protection",
];

/// An act with what was found in it.
pub(crate) struct Drawn {
    pub(crate) act: Act,
    pub(crate) facts: Facts,
    pub(crate) flags: Vec<Flag>,
}

impl Drawn {
    /// The act on page `page` of bulletin `bulletin`.
    pub(crate) fn new(
        dice: &mut Dice,
        source: &str,
        bulletin: usize,
        day: NaiveDate,
        page: usize,
    ) -> Self {
        let (kind, flag) = KINDS[dice.below(KINDS.len())];
        let (insee, commune) = COMMUNES[dice.below(COMMUNES.len())];
        let title = format!("{kind} {} à {commune}", dice.of(&OCCASIONS));
        let mut text = format!("{title}\n");
        while text.len() < 1_500 {
            text.push_str(dice.of(&WORDS));
            text.push(if dice.below(12) == 0 { '\n' } else { ' ' });
        }
        let span =
            Span { page: page as u32, start: 0, end: 40, text: title.chars().take(40).collect() };
        let flags = flag.into_iter().filter_map(|(id, level)| flag_of(id, level, &span)).collect();
        let from = day + Days::new(dice.below(10) as u64);
        let facts = Facts {
            valid_from: flag.map(|_| When::Day(from)),
            valid_to: flag.map(|_| When::Day(from + Days::new(3))),
            notice_hours: flag.map(|_| dice.below(240) as f64 - 24.0),
            beneficiary: flag.map(|_| format!("groupement de gendarmerie de {commune}")),
            purposes: flag.map(|_| Purpose::Gatherings).into_iter().collect(),
            communes: vec![Commune { insee: insee.to_owned(), name: commune.to_owned() }],
            published_on: Some(day),
            ..Facts::default()
        };
        let act = Act {
            number: Some(format!("{source}-{day}-{bulletin:05}-{page:02}")),
            own_number: None,
            title_raw: title.clone(),
            title,
            title_span: None,
            kind: Some("arrêté".to_owned()),
            service: Some("Préfecture / Cabinet".to_owned()),
            signed_on: Some(day),
            signed_by: None,
            capacity: Some("Le préfet".to_owned()),
            pages: PageSpan { from: page as u32, to: page as u32 },
            text: vec![ActPage { number: page as u32, offset: 0, text }],
            confidence: 0.9,
        };
        Self { act, facts, flags }
    }

    /// The page that it stands on.
    pub(crate) fn page(&self) -> Page {
        let text = &self.act.text[0];
        Page {
            number: text.number,
            method: Method::Text,
            text: text.text.clone(),
            confidence: 1.0,
            ms: 1,
            note: None,
        }
    }
}

fn flag_of(id: &str, level: Level, span: &Span) -> Option<Flag> {
    Some(Flag {
        category: Category::new(id).ok()?,
        level,
        rule: format!("{id}/bench"),
        to_check: false,
        basis: Basis::Title,
        evidence: vec![span.clone()],
    })
}
