//! A template with its blanks filled in for one prefecture and one day.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeZone};
use guetteur_model::dates::{WEEKDAYS, format_french_date, month_label};
use guetteur_model::{ActReference, Change, Commune, Facts, When};

use super::departement::{Departement, a, de};
use super::library::{Library, Period, Service, Signer, Template};
use super::{BulletinSpec, CorpusError, Layout};

const NUMERALS: [&str; 10] =
    ["zéro", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"];

/// An act ready to be set.
pub(super) struct Filled {
    pub(super) title: String,
    pub(super) heading: String,
    pub(super) body: String,
    /// Number that the national tool gives.
    pub(super) tool_number: String,
    pub(super) own_number: String,
    pub(super) kind: String,
    pub(super) service: String,
    pub(super) letterhead: Vec<String>,
    pub(super) signed_on: NaiveDate,
    pub(super) signed_by: String,
    pub(super) capacity: String,
    pub(super) facts: Facts,
}

/// Fills in act number `rank` (from 0) of a bulletin.
pub(super) fn fill(
    library: &Library,
    spec: &BulletinSpec,
    template: &Template,
    rank: usize,
) -> Result<Filled, CorpusError> {
    let departement = library.departement(&spec.departement)?;
    let service = library.service(&template.service)?;
    let seed = mix(spec.seed, rank as u64);
    let signed_on = spec.published_on - Days::new(seed % 2);
    let own_number = own_number(seed, service, signed_on, rank);
    let mut blanks = Blanks::new();
    blanks.places(departement);
    blanks.choices(template, seed);
    blanks.set("own", own_number.clone());
    blanks.set("annee", signed_on.year().to_string());
    blanks.set("seq", format!("{:03}", seed % 700 + 100));
    blanks.set("signe", format_french_date(signed_on));
    let mut facts = blanks.facts(template, departement, spec.published_on, seed);
    facts.published_on = Some(spec.published_on);
    facts.signed_on = Some(signed_on);
    if template.amends {
        let old = older_number(spec, service, signed_on, seed);
        facts.amends = vec![ActReference {
            change: Change::Modifies,
            kind: "arrêté".to_owned(),
            number: Some(old.0.clone()),
            signed_on: None,
        }];
        blanks.set("ancien", old.0);
        blanks.set("ancien_date", format_french_date(old.1));
    }
    let (signed_by, capacity) = signatory(template.signer, departement, seed);
    let visas = visas(template.signer, departement, &signed_by, seed);
    let heading = template.heading.as_deref().unwrap_or(&template.title);
    Ok(Filled {
        title: blanks.apply(&template.title),
        heading: blanks.apply(heading),
        body: unbreakable(&with_visas(&blanks.apply(template.body.trim()), &visas)),
        tool_number: tool_number(&spec.departement, signed_on, rank + 1),
        own_number,
        kind: template.kind.clone(),
        service: blanks.apply(&service.entry),
        letterhead: service.letterhead.clone(),
        signed_on,
        signed_by,
        capacity,
        facts,
    })
}

/// Words for the names in braces.
struct Blanks(BTreeMap<String, String>);

impl Blanks {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }

    fn places(&mut self, departement: &Departement) {
        self.set("du_dept", departement.du());
        self.set("code", departement.code.clone());
        self.set("le_prefet", departement.le_prefet());
        for index in 1..=8 {
            let name = departement.commune(index).name;
            self.set(&format!("de_c{index}"), de(&name));
            self.set(&format!("a_c{index}"), a(&name));
            self.set(&format!("c{index}"), name);
        }
    }

    fn choices(&mut self, template: &Template, seed: u64) {
        for (name, words) in &template.choices {
            if let Some(word) = pick(words, seed) {
                self.set(name, word.clone());
            }
        }
    }

    /// Sets counts and dates, and returns them as facts.
    fn facts(
        &mut self,
        template: &Template,
        departement: &Departement,
        published_on: NaiveDate,
        seed: u64,
    ) -> Facts {
        let mut facts = Facts {
            cameras: pick(&template.cameras, seed).copied(),
            aircraft: pick(&template.aircraft, seed).copied(),
            purposes: template.purposes.clone(),
            retention_days: template.retention,
            communes: communes(template, departement),
            ..Facts::default()
        };
        if let Some(count) = facts.cameras {
            self.set("cam", numeral(count));
            self.set("cameras_txt", counted(count, "caméra"));
        }
        if let Some(count) = facts.aircraft {
            self.set("aeronefs_txt", counted(count, "aéronef").replace("une a", "un a"));
        }
        if let Some(period) = &template.period {
            let (from, to) = bounds(period, published_on);
            self.instant("debut", from.0, &period.from);
            self.instant("fin", to.0, &period.to);
            let says = |what: &str| template.body.contains(what) || template.title.contains(what);
            facts.valid_from = says("_debut}").then(|| when(from));
            let last = (to.0 + Days::new(u64::from(period.nightly)), to.1);
            facts.valid_to = says("_fin}").then(|| when(last));
        }
        facts
    }

    fn instant(&mut self, end: &str, day: NaiveDate, hour: &str) {
        let weekday = WEEKDAYS[day.weekday().num_days_from_monday() as usize];
        self.set(&format!("jour_{end}"), format_french_date(day));
        self.set(&format!("long_{end}"), format!("{weekday} {}", format_french_date(day)));
        self.set(&format!("mois_{end}"), month_label(day.month()).unwrap_or_default());
        self.set(&format!("heure_{end}"), hour);
    }

    /// Replaces each `{name}`; an unknown one stays, for the test of the data to find.
    fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else { break };
            let name = &rest[open + 1..open + close];
            out.push_str(&rest[..open]);
            match self.0.get(name) {
                Some(word) => out.push_str(word),
                None => out.push_str(&rest[open..=open + close]),
            }
            rest = &rest[open + close + 1..];
        }
        out + rest
    }
}

type Bound = (NaiveDate, Option<NaiveTime>);

fn bounds(period: &Period, published_on: NaiveDate) -> (Bound, Bound) {
    let first = published_on + chrono::Duration::days(period.start);
    let (from, to) = (hour(&period.from), hour(&period.to));
    ((first, from), (first + chrono::Duration::days(period.days), to))
}

/// `18h00`; none if empty.
fn hour(text: &str) -> Option<NaiveTime> {
    let (hours, minutes) = text.split_once('h')?;
    NaiveTime::from_hms_opt(hours.parse().ok()?, minutes.parse().ok()?, 0)
}

/// In Paris time: the corpus has no overseas site.
fn when((day, time): Bound) -> When {
    let instant = time.and_then(|time| {
        chrono_tz::Europe::Paris.from_local_datetime(&day.and_time(time)).earliest()
    });
    instant.map_or(When::Day(day), |at| When::Instant(at.fixed_offset()))
}

fn communes(template: &Template, departement: &Departement) -> Vec<Commune> {
    let mut communes: Vec<Commune> = template
        .communes
        .iter()
        .filter_map(|name| name.strip_prefix('c')?.parse().ok())
        .map(|index| departement.commune(index))
        .collect();
    communes.sort();
    communes.dedup();
    communes
}

fn numeral(count: u32) -> String {
    NUMERALS.get(count as usize).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

fn counted(count: u32, noun: &str) -> String {
    let plural = if count > 1 { "s" } else { "" };
    format!("{} {noun}{plural}", numeral(count))
}

fn pick<T>(items: &[T], seed: u64) -> Option<&T> {
    (!items.is_empty()).then(|| &items[(seed >> 8) as usize % items.len()])
}

fn tool_number(departement: &str, signed_on: NaiveDate, rank: usize) -> String {
    format!("{departement}-{signed_on}-{rank:05}")
}

/// Each prefecture has its own way: the service's code, or the day of the year.
fn own_number(seed: u64, service: &Service, signed_on: NaiveDate, rank: usize) -> String {
    let (year, serial) = (signed_on.year(), 100 + (seed >> 4) % 800 + rank as u64);
    match (seed >> 20) % 3 {
        0 => format!("{year}-{}-{serial}", service.code),
        1 => format!("{}/{year}/{serial}", service.code),
        _ => format!("{year}{:03}-{:04}", signed_on.ordinal(), rank + 1),
    }
}

fn older_number(
    spec: &BulletinSpec,
    service: &Service,
    signed_on: NaiveDate,
    seed: u64,
) -> (String, NaiveDate) {
    let day = signed_on - Days::new(12 + (seed >> 6) % 60);
    let number = if spec.layout == Layout::National {
        tool_number(&spec.departement, day, 3 + (seed >> 9) as usize % 9)
    } else {
        own_number(seed & !(3 << 20), service, day, 0)
    };
    (number, day)
}

fn signatory(signer: Signer, departement: &Departement, seed: u64) -> (String, String) {
    let le = departement.le_prefet();
    let by = format!("Pour {le} et par délégation,\n");
    let (name, capacity) = match signer {
        Signer::Prefet => {
            let capital = if le == "le préfet" { "Le préfet" } else { "La préfète" };
            (departement.prefet.clone(), format!("{capital},"))
        }
        Signer::Dircab => (departement.directeur.clone(), format!("{by}le directeur de cabinet,")),
        Signer::Secgen => (departement.secretaire.clone(), format!("{by}le secrétaire général,")),
        Signer::Souspref => {
            let names = ["Josselin Aymard", "Capucine Lerouge"];
            let name = names[(seed >> 3) as usize % 2].to_owned();
            (name, format!("{by}le sous-préfet d'arrondissement,"))
        }
        Signer::Directeur => {
            let names = ["Rodrigue Estève", "Pascaline Guérineau", "Ambroise Tillier"];
            let name = names[(seed >> 3) as usize % 3].to_owned();
            (name, format!("{by}le directeur départemental,"))
        }
    };
    (name, capacity)
}

/// The visas that stand in every act: names, numbers and dates that are not the act's own.
fn visas(signer: Signer, departement: &Departement, signed_by: &str, seed: u64) -> String {
    let (prefet, le) = (de(&departement.prefet), departement.le_prefet());
    let office = le.trim_start_matches("le ").trim_start_matches("la ");
    let day = 2 + seed % 26;
    let mut visas = format!(
        "Vu le décret du {day} juin 2024 portant nomination {prefet} en qualité de {office} {} ;",
        departement.du()
    );
    if signer != Signer::Prefet {
        let serial = 2 + (seed >> 5) % 70;
        visas.push_str(&format!(
            "\nVu l'arrêté n° {}-2025-09-{day:02}-{serial:05} du {day} septembre 2025 portant \
             délégation de signature à {signed_by} ;",
            departement.code
        ));
    }
    visas
}

/// Puts `visas` after the act's own.
fn with_visas(body: &str, visas: &str) -> String {
    let own = body.lines().take_while(|line| line.starts_with("Vu ")).count();
    let mut lines: Vec<&str> = body.lines().collect();
    lines.insert(own, visas);
    lines.join("\n")
}

/// French sets a space before `;`, `:` and `»` and after `«` at which no line breaks.
fn unbreakable(text: &str) -> String {
    [
        (" ;", "\u{a0};"),
        (" :", "\u{a0}:"),
        (" »", "\u{a0}»"),
        ("« ", "«\u{a0}"),
        ("n° ", "n°\u{a0}"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (plain, bound)| text.replace(plain, bound))
}

/// Two numbers stirred into one.
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let mut x = a ^ b.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A number from text.
pub(super) fn seed_of(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
