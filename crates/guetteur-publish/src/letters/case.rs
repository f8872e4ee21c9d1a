//! What a draft application to a judge is filled with: one act, its legal doubts, its court.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use guetteur_law::{Court, Library};
use guetteur_model::{Category, LegalDoubt};
use serde::Serialize;

use super::cited::{Cited, uses};
use super::deadline::last_day_to_contest;
use crate::precedents::Precedent;
use crate::published::{PublishedAct, pdf_page_path};
use crate::site::Site;
use crate::state::{self, judged};
use crate::{french, standing};

/// The category of what may be a measure against one person.
const PERSONAL: &str = "interdiction-paraitre";

/// No court judges an application for annulment in so many days.
const BRIEF_DAYS: i64 = 90;
/// Farther days are told by their date alone.
const DAYS_COUNTED: i64 = 60;

/// Words of the act, with the page that they stand on.
#[derive(Debug, Clone, Serialize)]
struct Quoted {
    page: u32,
    text: String,
    /// The archived PDF at that page, where the site serves it.
    url: Option<String>,
}

/// A legal doubt as an application puts it.
#[derive(Debug, Clone, Serialize)]
struct Doubted {
    label: &'static str,
    says: String,
    /// The text of law in full.
    text: String,
    dispelled_by: String,
    words: Vec<Quoted>,
}

/// Everything that a template of kind `refere` may ask for; `docs/writing-a-letter.md` is its list.
#[derive(Debug, Clone, Serialize)]
pub struct Case {
    act: Cited,
    prefecture: String,
    /// `Tribunal administratif de Montpellier`; none when the authority's seat is not known.
    court: Option<String>,
    /// Whether it may be a measure against a person, judged where that person lives (text
    /// `cja-r312-8`).
    personal: bool,
    doubts: Vec<Doubted>,
    /// Decisions that took acts like it away, on a ground on which one of its doubts could stand.
    precedents: Vec<String>,
    /// When effect begins or ends, seen from today; none without dates.
    countdown: Option<String>,
    /// Whether the act has ceased to have effect.
    over: bool,
    /// Whether it ends before a court can have judged it in ordinary proceedings.
    brief: bool,
    /// How long before its effect it was published.
    notice: Option<String>,
    /// Last day on which an annulment may be asked for.
    annul_until: Option<String>,
    /// Whether that day has passed.
    late: bool,
    /// For each category (`camera_mobile`), whether the act authorises it.
    uses: BTreeMap<String, bool>,
    today: String,
    site: Site,
}

impl Case {
    /// Of an act that is contested before `court`, on the day `today`.
    #[must_use]
    pub fn new(
        act: &PublishedAct,
        court: Option<&Court>,
        precedents: &[Precedent],
        law: &Library,
        today: NaiveDate,
        site: &Site,
    ) -> Self {
        let used: Vec<&Category> = standing::authorised(act).collect();
        let (from, to) = (&act.facts.valid_from, &act.facts.valid_to);
        let over = act.is_ended() || to.as_ref().is_some_and(|to| to.date() < today);
        // What bars a person is judged where that person lives, from the day it was told to them.
        let personal = used.iter().any(|category| category.as_str() == PERSONAL);
        let published = act.published_on().filter(|_| !personal);
        let annul_until = published.and_then(last_day_to_contest);
        let in_force = !over && from.as_ref().is_some_and(|from| from.date() <= today);
        Self {
            act: Cited::new(act, in_force, site),
            prefecture: act.prefecture.name.clone(),
            court: court.filter(|_| !personal).map(Court::name),
            personal,
            doubts: act.facts.legal_doubts.iter().map(|d| doubted(d, act, law, site)).collect(),
            precedents: precedents.iter().map(|p| judged(&p.outcome)).collect(),
            countdown: countdown(act, today),
            over,
            brief: to.as_ref().is_some_and(|to| (to.date() - today).num_days() <= BRIEF_DAYS),
            notice: notice(act),
            annul_until: annul_until.map(french::day),
            late: annul_until.is_some_and(|day| day < today),
            uses: uses(&used),
            today: french::day(today),
            site: site.clone(),
        }
    }

    /// Invented ones, that templates are tried with: with everything, of an act that is over, of an
    /// act that says nothing.
    pub(crate) fn samples() -> [Self; 3] {
        let text = || "texte".to_owned();
        let words =
            Quoted { page: 4, text: "du 2 mars au 30 juillet".to_owned(), url: Some(text()) };
        let doubt = Doubted {
            label: guetteur_model::LegalDoubtKind::TooLong.label(),
            says: text(),
            text: text(),
            dispelled_by: text(),
            words: vec![words.clone(), Quoted { url: None, ..words }],
        };
        let drone = Category::new("drone").ok();
        let full = Self {
            act: Cited::sample(),
            prefecture: "Préfecture de l’Hérault".to_owned(),
            court: guetteur_law::court_of("34").map(Court::name),
            personal: false,
            doubts: vec![doubt],
            precedents: vec![text()],
            countdown: Some("L’acte prend effet demain, le 15 août 2026.".to_owned()),
            over: false,
            brief: true,
            notice: Some(text()),
            annul_until: Some("14 octobre 2026".to_owned()),
            late: false,
            uses: uses(&drone.iter().collect::<Vec<_>>()),
            today: "14 août 2026".to_owned(),
            site: Site::default(),
        };
        let over = Self { over: true, late: true, doubts: Vec::new(), ..full.clone() };
        let bare = Self {
            act: Cited::bare_sample(),
            court: None,
            personal: true,
            doubts: Vec::new(),
            precedents: Vec::new(),
            countdown: None,
            notice: None,
            annul_until: None,
            uses: uses(&[]),
            ..full.clone()
        };
        [full, over, bare]
    }

    /// `Tribunal administratif de Montpellier`.
    #[must_use]
    pub fn court(&self) -> Option<&str> {
        self.court.as_deref()
    }

    /// When effect begins or ends, in one sentence.
    #[must_use]
    pub fn countdown(&self) -> Option<&str> {
        self.countdown.as_deref()
    }

    /// Whether the act has ceased to have effect.
    #[must_use]
    pub fn over(&self) -> bool {
        self.over
    }

    /// Whether it may be a measure against a person.
    #[must_use]
    pub fn personal(&self) -> bool {
        self.personal
    }

    /// Whether the last day on which an annulment may be asked for has passed.
    #[must_use]
    pub fn late(&self) -> bool {
        self.late
    }

    /// Last day on which an annulment may be asked for.
    #[must_use]
    pub fn annul_until(&self) -> Option<&str> {
        self.annul_until.as_deref()
    }
}

fn doubted(doubt: &LegalDoubt, act: &PublishedAct, law: &Library, site: &Site) -> Doubted {
    let page_url =
        |page| Some(format!("{}{}", site.base_url, pdf_page_path(act.served_pdf()?, page)));
    Doubted {
        label: doubt.kind.label(),
        says: doubt.says.clone(),
        text: law.text(&doubt.text).map_or_else(|| doubt.text.clone(), |text| text.in_full()),
        dispelled_by: doubt.dispelled_by.clone(),
        words: doubt
            .evidence
            .iter()
            .map(|span| Quoted {
                page: span.page,
                text: span.text.split_whitespace().collect::<Vec<_>>().join(" "),
                url: page_url(span.page),
            })
            .collect(),
    }
}

fn countdown(act: &PublishedAct, today: NaiveDate) -> Option<String> {
    if act.is_ended() {
        let note = state::note(act).unwrap_or_default();
        return Some(format!("L’acte ne produit plus d’effets. {note}"));
    }
    let from = act.facts.valid_from.as_ref()?.date();
    let to = act.facts.valid_to.as_ref().map(guetteur_model::When::date);
    let days = |until: NaiveDate| match (until - today).num_days() {
        0 => "aujourd’hui".to_owned(),
        1 => "demain".to_owned(),
        n => format!("dans {n} jours"),
    };
    let far = |until: NaiveDate| (until - today).num_days() > DAYS_COUNTED;
    Some(match to {
        Some(to) if to < today => {
            format!("L’acte a cessé de produire ses effets le {}.", french::day(to))
        }
        _ if far(from) => format!("L’acte prend effet le {}.", french::day(from)),
        Some(to) if from <= today && far(to) => {
            format!("L’acte produit ses effets ; ils cessent le {}.", french::day(to))
        }
        _ if from > today => {
            format!("L’acte prend effet {}, le {}.", days(from), french::day(from))
        }
        Some(to) => {
            format!("L’acte produit ses effets ; ils cessent {}, le {}.", days(to), french::day(to))
        }
        None => format!(
            "L’acte produit ses effets depuis le {} ; il ne donne pas de fin qui ait été lue.",
            french::day(from)
        ),
    })
}

fn notice(act: &PublishedAct) -> Option<String> {
    let hours = act.facts.notice_hours?;
    let published = act.published_on().map(french::day)?;
    Some(if hours < 0.0 {
        format!("Publié le {published}, il avait déjà pris effet.")
    } else {
        let n = hours.round() as u64;
        let notice = french::count(n, "heure", "heures");
        format!("Publié le {published}, {notice} au plus avant son effet.")
    })
}
