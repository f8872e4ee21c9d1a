//! What a letter is filled with: a commune, and acts of it as a letter cites them.

use std::collections::BTreeMap;

use guetteur_communes::CommuneRecord;
use guetteur_model::Category;
use serde::Serialize;

use crate::french;
use crate::published::{PublishedAct, web_address};
use crate::site::Site;
use crate::standing::{Standing, authorised};
use crate::state::judged;

/// The commune of a letter.
#[derive(Debug, Clone, Serialize)]
pub struct Town {
    /// Official name.
    name: String,
    /// `de Montpellier`, `du Mans`.
    de: String,
    /// `à Montpellier`, `au Mans`.
    a: String,
    /// INSEE code.
    insee: String,
    /// Its page on this site.
    url: String,
    /// Whether it is an arrondissement of a city.
    part: bool,
    /// `conseil municipal`, `conseil d’arrondissement`.
    council: &'static str,
}

impl Town {
    /// From the record of a commune.
    pub fn new(commune: &CommuneRecord, site: &Site) -> Self {
        let part = commune.part_of.is_some();
        Self {
            name: commune.name.to_owned(),
            de: commune.with_de(),
            a: commune.with_a(),
            insee: commune.insee.to_owned(),
            url: format!("{}/commune/{}", site.base_url, commune.insee),
            part,
            council: if part { "conseil d’arrondissement" } else { "conseil municipal" },
        }
    }
}

/// An act as a letter cites it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Cited {
    /// Title.
    title: String,
    /// `N° 34-2026-08-12-00003, signé le 12 août 2026, publié le 13 août 2026 au recueil…`
    reference: String,
    /// `du samedi 22 février 2025 à 12 h au lundi 24 février 2025 à 8 h`.
    period: Option<String>,
    /// Whether it is in force on the day of the letter.
    in_force: bool,
    /// Purposes of art. L. 242-5 CSI.
    purposes: Vec<&'static str>,
    /// What a court decided, where that takes its effect away.
    decision: Option<String>,
    /// Who may use the measure.
    beneficiary: Option<String>,
    /// `2 caméras au plus, 1 aéronef au plus`.
    devices: Option<String>,
    /// What is authorised: names of categories.
    categories: Vec<String>,
    /// Its page on this site.
    url: String,
    /// The archived PDF at its page.
    pdf: Option<String>,
    /// The PDF's SHA-256.
    sha256: Option<String>,
    /// Where the prefecture published it.
    source: Option<String>,
}

impl Cited {
    /// From an act of the database; nothing is added to what it says.
    pub(super) fn new(act: &PublishedAct, in_force: bool, site: &Site) -> Self {
        let absolute = |path: String| format!("{}{path}", site.base_url);
        let facts = &act.facts;
        let pdf = act.pdf_path();
        Self {
            title: act.title.trim().trim_end_matches('.').to_owned(),
            reference: reference(act),
            period: french::period(facts.valid_from.as_ref(), facts.valid_to.as_ref()),
            in_force,
            decision: act.struck_by().map(judged),
            purposes: facts.purposes.iter().map(|purpose| french::purpose(*purpose)).collect(),
            beneficiary: facts.beneficiary.clone(),
            devices: devices(act),
            categories: authorised(act).map(|category| category.label().to_owned()).collect(),
            url: absolute(act.path()),
            sha256: pdf.as_ref().and(act.pdf_sha256).map(|sha| sha.to_string()),
            pdf: pdf.map(absolute),
            source: web_address(&act.bulletin.url).map(str::to_owned),
        }
    }

    /// An invented act: what templates are tried with.
    pub(super) fn sample() -> Self {
        let text = || "texte".to_owned();
        Self {
            title: text(),
            reference: text(),
            period: Some(text()),
            in_force: true,
            purposes: vec!["finalité"],
            decision: Some(text()),
            beneficiary: Some(text()),
            devices: Some(text()),
            categories: vec![text()],
            url: text(),
            pdf: Some(text()),
            sha256: Some(text()),
            source: Some(text()),
        }
    }

    /// The same of an act that says next to nothing.
    pub(super) fn bare_sample() -> Self {
        Self {
            period: None,
            purposes: Vec::new(),
            decision: None,
            beneficiary: None,
            devices: None,
            pdf: None,
            sha256: None,
            source: None,
            ..Self::sample()
        }
    }
}

/// For each category (`camera_mobile`), whether it is among those `used`.
pub(super) fn uses(used: &[&Category]) -> BTreeMap<String, bool> {
    let one = |(id, _): &(&str, &str)| {
        let used = used.iter().any(|category| category.as_str() == *id);
        (id.replace('-', "_"), used)
    };
    Category::BUILT_IN.iter().map(one).collect()
}

fn reference(act: &PublishedAct) -> String {
    let mut parts = Vec::new();
    parts.extend(act.cited_number().map(|number| format!("n° {number}")));
    let signed = act.signed_on.or(act.facts.signed_on);
    parts.extend(signed.map(|day| format!("signé le {}", french::day(day))));
    let bulletin = match &act.bulletin.number {
        Some(number) => format!("au recueil n° {number}"),
        None => "à son recueil".to_owned(),
    };
    let published = act.published_on().map(|day| format!("le {} ", french::day(day)));
    let publisher = &act.prefecture.name;
    parts.push(match &act.bulletin.number {
        _ if publisher.is_empty() => format!("publié {}{bulletin}", published.unwrap_or_default()),
        Some(_) => format!("publié {}{bulletin} ({publisher})", published.unwrap_or_default()),
        None => format!("publié {}({publisher})", published.unwrap_or_default()),
    });
    format!("{}.", french::capitalised(&parts.join(", ")))
}

fn devices(act: &PublishedAct) -> Option<String> {
    let at_most = |number: Option<u32>, one, many| {
        number.map(|number| format!("{} au plus", french::count(number.into(), one, many)))
    };
    let all = [
        at_most(act.facts.cameras, "caméra", "caméras"),
        at_most(act.facts.aircraft, "aéronef", "aéronefs"),
    ];
    let all: Vec<String> = all.into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// The site, as a letter names it.
#[derive(Debug, Clone, Serialize)]
struct Named {
    title: String,
    url: String,
}

/// Everything that a template may ask for; `docs/writing-a-letter.md` is its list.
#[derive(Debug, Clone, Serialize)]
pub struct Filling {
    commune: Town,
    /// `Préfecture de l'Hérault`.
    prefecture: String,
    acts: Vec<Cited>,
    /// `3 autres actes sont`; empty when all are cited.
    left_out: String,
    /// `2 autorisations sont en vigueur`.
    in_force: String,
    /// For each category (`camera_mobile`), whether an act authorises it.
    uses: BTreeMap<String, bool>,
    /// `14 août 2026`.
    today: String,
    site: Named,
}

impl Filling {
    /// A letter about `commune`, of which `standing` is known, with `acts`; `left_out` more exist.
    pub fn new(
        commune: Town,
        prefecture: String,
        acts: &[PublishedAct],
        standing: &Standing,
        left_out: usize,
        today: String,
        site: &Site,
    ) -> Self {
        let cite = |act| Cited::new(act, standing.in_force.contains(&act.id), site);
        let used: Vec<&Category> = acts.iter().flat_map(authorised).collect();
        Self {
            commune,
            prefecture,
            acts: acts.iter().map(cite).collect(),
            left_out: match left_out {
                0 => String::new(),
                1 => "un autre acte est".to_owned(),
                many => format!("{} sont", french::count(many as u64, "", "autres actes")),
            },
            in_force: standing.in_words(),
            uses: uses(&used),
            today,
            site: Named { title: site.title.clone(), url: site.base_url.clone() },
        }
    }

    /// Of invented acts: what templates are tried with.
    pub fn sample() -> Self {
        let act = Cited::sample();
        let text = || "texte".to_owned();
        let mut sample = Self::sample_without_acts();
        sample.acts = vec![act];
        sample.left_out = text();
        sample.uses.values_mut().for_each(|used| *used = true);
        sample
    }

    /// The same where no act is known.
    pub fn sample_without_acts() -> Self {
        let town = Town {
            name: "Montpellier".into(),
            de: "de Montpellier".into(),
            a: "à Montpellier".into(),
            insee: "34172".into(),
            url: "https://guetteur.example/commune/34172".into(),
            part: false,
            council: "conseil municipal",
        };
        let site = Site::default();
        Self::new(
            town,
            "Préfecture".into(),
            &[],
            &Standing::default(),
            0,
            "14 août 2026".into(),
            &site,
        )
    }
}
