//! The columns of an export: one table, read by the exporters and by the page that documents them.
//!
//! To add one: a row of [`COLUMNS`]. Names and meanings are a contract with people's spreadsheets:
//! add at the end, never rename.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use chrono_tz::Europe::Paris;
use guetteur_model::{ActReference, When};

use crate::facts;
use crate::french;
use crate::published::PublishedAct;
use crate::reviews::reviewed;
use crate::state::judged;

/// A value before it is written in one format or another.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing is known.
    Empty,
    /// Words.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A day.
    Day(NaiveDate),
    /// An instant, on the clock of the prefecture.
    Instant(DateTime<FixedOffset>),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Days, ISO 8601 in text formats.
    Day,
    /// Days, or instants when the act gives the hour.
    DayOrInstant,
    /// Instants.
    Instant,
}

impl Kind {
    /// The French word of the documentation.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Text => "texte",
            Self::Integer => "nombre entier",
            Self::Number => "nombre",
            Self::Day => "date",
            Self::DayOrInstant => "date, ou date et heure",
            Self::Instant => "date et heure",
        }
    }
}

/// One column.
pub struct Column {
    /// Its heading.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it means, in French.
    pub about: &'static str,
    /// Its value. The second argument is the site's base address, without a slash at its end.
    pub value: fn(&PublishedAct, &str) -> Cell,
}

/// Between the values of a cell that holds several.
pub const SEPARATOR: &str = " | ";

const fn column(
    name: &'static str,
    kind: Kind,
    about: &'static str,
    value: fn(&PublishedAct, &str) -> Cell,
) -> Column {
    Column { name, kind, about, value }
}

/// All columns in order.
pub const COLUMNS: &[Column] = &[
    column("id", Kind::Integer, "Identifiant de l’acte dans Guetteur", |a, _| {
        Cell::Integer(a.id.0)
    }),
    column("adresse", Kind::Text, "Page de l’acte sur ce site, permanente", |a, base| {
        Cell::Text(format!("{base}{}", a.path()))
    }),
    column("prefecture", Kind::Text, "Code de la préfecture (34, 2A, ppparis…)", |a, _| {
        Cell::Text(a.prefecture.code.clone())
    }),
    column("prefecture_nom", Kind::Text, "Nom de la préfecture", |a, _| {
        Cell::Text(a.prefecture.name.clone())
    }),
    column("region", Kind::Text, "Région", |a, _| Cell::Text(a.prefecture.region.clone())),
    column("titre", Kind::Text, "Titre de l’acte", |a, _| Cell::Text(a.title.clone())),
    column("nature", Kind::Text, "arrêté, décision, avis…", |a, _| text(a.kind.as_deref())),
    column("numero_recueil", Kind::Text, "Numéro de l’acte dans le recueil", |a, _| {
        text(a.number.as_deref())
    }),
    column(
        "numero_acte",
        Kind::Text,
        "Numéro propre de l’acte, tel qu’imprimé en tête",
        |a, _| text(a.own_number.as_deref()),
    ),
    column("service", Kind::Text, "Service, tel qu’imprimé", |a, _| text(a.service.as_deref())),
    column(
        "niveau",
        Kind::Text,
        "Niveau le plus fort : authorises (autorise), restricts \
        (restreint), concerns (concerne), mentions (mentionne) ; vide sans signalement",
        |a, _| text(a.level().map(|level| level.as_str())),
    ),
    column(
        "categories",
        Kind::Text,
        "Catégories que l’acte autorise, restreint ou concerne, la plus forte en premier ; celles          qu’il cite seulement sont dans « mentions »",
        |a, _| several(a.categories().iter().map(|(category, _)| category.as_str().to_owned())),
    ),
    column(
        "signalements",
        Kind::Text,
        "Chaque catégorie avec son niveau, mentions comprises (drone:authorises)",
        |a, _| {
            several(a.by_category().iter().map(|(category, level)| format!("{category}:{level}")))
        },
    ),
    column(
        "a_verifier",
        Kind::Text,
        "« oui » quand un humain doit confirmer le signalement",
        |a, _| text(a.to_check().then_some("oui")),
    ),
    column("publie_le", Kind::Day, "Jour de publication du recueil", |a, _| day(a.published_on())),
    column("signe_le", Kind::Day, "Jour de signature", |a, _| {
        day(a.signed_on.or(a.facts.signed_on))
    }),
    column("signataire", Kind::Text, "Nom du signataire, tel qu’imprimé", |a, _| {
        text(a.signed_by.as_deref())
    }),
    column("qualite", Kind::Text, "Qualité du signataire", |a, _| text(a.capacity.as_deref())),
    column("effet_debut", Kind::DayOrInstant, "Début d’effet, à l’heure locale", |a, _| {
        when(a.facts.valid_from.as_ref())
    }),
    column("effet_fin", Kind::DayOrInstant, "Fin d’effet, à l’heure locale", |a, _| {
        when(a.facts.valid_to.as_ref())
    }),
    column(
        "preavis_heures",
        Kind::Number,
        "Heures de la publication au début d’effet ; négatif : \
        publié après",
        |a, _| a.facts.notice_hours.map_or(Cell::Empty, Cell::Number),
    ),
    column(
        "finalites",
        Kind::Text,
        "Finalités que la loi donne aux caméras sur aéronefs, en mots (identifiants : JSON)",
        |a, _| several(a.facts.purposes.iter().map(|p| french::purpose(*p).to_owned())),
    ),
    column("demandeur", Kind::Text, "Qui a demandé", |a, _| text(a.facts.applicant.as_deref())),
    column("beneficiaire", Kind::Text, "Qui peut user de la mesure", |a, _| {
        text(a.facts.beneficiary.as_deref())
    }),
    column("cameras", Kind::Integer, "Nombre maximal de caméras", |a, _| whole(a.facts.cameras)),
    column("aeronefs", Kind::Integer, "Nombre d’aéronefs", |a, _| whole(a.facts.aircraft)),
    column("communes", Kind::Text, "Communes nommées", |a, _| {
        several(a.facts.communes.iter().map(|commune| commune.name.clone()))
    }),
    column("communes_insee", Kind::Text, "Leurs codes INSEE, dans le même ordre", |a, _| {
        several(a.facts.communes.iter().map(|commune| commune.insee.clone()))
    }),
    column("lieu", Kind::Text, "Lieu, dans les mots de l’acte", |a, _| {
        text(a.facts.place.as_deref())
    }),
    column("conservation_jours", Kind::Integer, "Durée de conservation des images", |a, _| {
        whole(a.facts.retention_days)
    }),
    column("textes_cites", Kind::Text, "Textes cités (CSI L242-5…)", |a, _| {
        several(a.facts.legal_refs.iter().cloned())
    }),
    column(
        "actes_modifies",
        Kind::Text,
        "Numéros des actes modifiés, prolongés ou abrogés",
        |a, _| several(a.facts.amends.iter().map(ActReference::name)),
    ),
    column("doutes", Kind::Text, "Contradictions relevées, à vérifier dans l’acte", |a, _| {
        several(a.facts.doubts.iter().cloned())
    }),
    column("doutes_de_droit", Kind::Text, "Ce que la loi ne semble pas prévoir", |a, _| {
        let told =
            |doubt: &guetteur_model::LegalDoubt| format!("{} ({})", doubt.kind.label(), doubt.text);
        several(a.facts.legal_doubts.iter().map(told))
    }),
    column("preuve", Kind::Text, "Les mots qui font le signalement le plus fort", |a, _| {
        text(a.lead_evidence().map(|span| span.text.as_str()))
    }),
    column("preuve_page", Kind::Integer, "La page du PDF où ils se lisent", |a, _| {
        whole(a.lead_evidence().map(|span| span.page))
    }),
    column("page_debut", Kind::Integer, "Première page de l’acte dans le PDF", |a, _| {
        whole(Some(a.pages.from))
    }),
    column("page_fin", Kind::Integer, "Dernière page de l’acte dans le PDF", |a, _| {
        whole(Some(a.pages.to))
    }),
    column("recueil", Kind::Text, "Titre du recueil, tel que le site le liste", |a, _| {
        Cell::Text(a.bulletin.title.clone())
    }),
    column("recueil_numero", Kind::Text, "Numéro du recueil", |a, _| {
        text(a.bulletin.number.as_deref())
    }),
    column("source", Kind::Text, "Adresse du PDF sur le site de la préfecture", |a, _| {
        Cell::Text(a.bulletin.url.clone())
    }),
    column("pdf_archive", Kind::Text, "Le PDF archivé ici, à la page de la preuve", |a, base| {
        a.pdf_path().map_or(Cell::Empty, |path| Cell::Text(format!("{base}{path}")))
    }),
    column("pdf_sha256", Kind::Text, "Empreinte SHA-256 du PDF archivé", |a, _| {
        a.pdf_sha256.map_or(Cell::Empty, |sha| Cell::Text(sha.to_string()))
    }),
    column(
        "vu_le",
        Kind::Instant,
        "Quand Guetteur a vu le recueil pour la première fois",
        |a, _| Cell::Instant(a.first_seen_at.with_timezone(&Paris).fixed_offset()),
    ),
    column("mentions", Kind::Text, "Catégories que l’acte cite seulement", |a, _| {
        several(a.mentions().iter().map(|category| category.as_str().to_owned()))
    }),
    column(
        "etat",
        Kind::Text,
        "Ce qu’il en est : to_confirm (tiré du sommaire, pas encore lu), confirmed (lu), corrected \
        (première alerte corrigée à la lecture), withdrawn (retirée), restored (rétablie), repealed \
        (abrogé ou retiré), suspended (suspendu), annulled (annulé), changed (modifié par un \
        nouveau PDF)",
        |a, _| text(Some(a.state().id())),
    ),
    column(
        "faits_a_verifier",
        Kind::Text,
        "Faits dont la place dans l’acte laisse un doute : à vérifier avant de s’en servir",
        |a, _| several(facts::to_check(&a.facts).map(str::to_owned)),
    ),
    column(
        "decisions",
        Kind::Text,
        "Ce que des juges ont décidé de l’acte : issue, juridiction, jour, numéro, motif",
        |a, _| several(a.outcomes.iter().map(judged)),
    ),
    column(
        "pdf_cree",
        Kind::Text,
        "Création, d’après le PDF : l’horloge de qui l’a fait ; sans décalage, le PDF n’en dit pas",
        |a, _| a.hour.pdf_created.map_or(Cell::Empty, |at| Cell::Text(at.to_string())),
    ),
    column(
        "pdf_modifie",
        Kind::Text,
        "Dernière modification, d’après le PDF, de même",
        |a, _| a.hour.pdf_modified.map_or(Cell::Empty, |at| Cell::Text(at.to_string())),
    ),
    column(
        "serveur_modifie",
        Kind::Instant,
        "Dernière modification, d’après le serveur de la préfecture (Last-Modified)",
        |a, _| instant(a.hour.last_modified),
    ),
    column(
        "publie_au_plus_tot",
        Kind::Instant,
        "Mis en ligne à cette heure au plus tôt, d’après le PDF ou le serveur : un indice",
        |a, _| instant(a.hour.not_before),
    ),
    column(
        "publie_au_plus_tard",
        Kind::Instant,
        "Mis en ligne à cette heure au plus tard : Guetteur l’avait ; vide pour un recueil trouvé plus \
        d’une semaine après son jour",
        |a, _| instant(a.hour.not_after),
    ),
    column(
        "preavis_au_plus_heures",
        Kind::Number,
        "Heures de « publie_au_plus_tot » au début d’effet ; négatif : publié après",
        |a, _| a.hour.notice_at_most.map_or(Cell::Empty, Cell::Number),
    ),
    column(
        "preavis_au_moins_heures",
        Kind::Number,
        "Heures de « publie_au_plus_tard » au début d’effet ; négatif : vu après",
        |a, _| a.hour.notice_at_least.map_or(Cell::Empty, Cell::Number),
    ),
    column(
        "verifications",
        Kind::Text,
        "Ce que l’exploitant du site a relu : sujet, confirmé, écarté ou corrigé, jour, raison",
        |a, _| several(a.reviews.iter().map(reviewed)),
    ),
    column(
        "prefecture_code",
        Kind::Text,
        "« prefecture » en une forme qu’aucun logiciel ne prend pour un nombre : dep-01, dep-2A, ppparis",
        |a, _| Cell::Text(prefecture_code(&a.prefecture.code)),
    ),
    column(
        "communes_codes",
        Kind::Text,
        "« communes_insee » en une telle forme : com-01004",
        |a, _| several(a.facts.communes.iter().map(|commune| commune_code(&commune.insee))),
    ),
    column(
        "reference",
        Kind::Text,
        "Numéros de l’acte et du recueil, en une forme qu’aucun logiciel ne prend pour une date : \
        n° 2026-01-02, recueil n° 12",
        |a, _| reference(a),
    ),
    column(
        "fuseau",
        Kind::Text,
        "Fuseau des heures de « effet_debut » et « effet_fin » (Europe/Paris, Indian/Reunion…) ; les \
        autres heures sont celles de Paris",
        |a, _| Cell::Text(a.prefecture.zone.name().to_owned()),
    ),
];

/// `dep-01`: programs read `01` as a number and `2E1` as a large one.
pub(super) fn prefecture_code(code: &str) -> String {
    match code.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("dep-{code}"),
        false => code.to_owned(),
    }
}

/// `com-01004`.
pub(super) fn commune_code(insee: &str) -> String {
    format!("com-{insee}")
}

fn reference(act: &PublishedAct) -> Cell {
    let own = act.cited_number().map(|number| format!("n° {number}"));
    let bulletin = act.bulletin.number.as_ref().map(|number| format!("recueil n° {number}"));
    let parts: Vec<String> = own.into_iter().chain(bulletin).collect();
    if parts.is_empty() { Cell::Empty } else { Cell::Text(parts.join(", ")) }
}

/// On the clock of Paris, as all instants of the table.
fn instant(at: Option<DateTime<Utc>>) -> Cell {
    at.map_or(Cell::Empty, |at| Cell::Instant(at.with_timezone(&Paris).fixed_offset()))
}

pub(super) fn text(value: Option<&str>) -> Cell {
    value.map_or(Cell::Empty, |value| Cell::Text(value.to_owned()))
}

pub(super) fn several(values: impl Iterator<Item = String>) -> Cell {
    let values: Vec<String> = values.collect();
    if values.is_empty() { Cell::Empty } else { Cell::Text(values.join(SEPARATOR)) }
}

fn whole(value: Option<u32>) -> Cell {
    value.map_or(Cell::Empty, |value| Cell::Integer(value.into()))
}

fn day(value: Option<NaiveDate>) -> Cell {
    value.map_or(Cell::Empty, Cell::Day)
}

pub(super) fn when(value: Option<&When>) -> Cell {
    match value {
        None => Cell::Empty,
        Some(When::Day(day)) => Cell::Day(*day),
        Some(When::Instant(at)) => Cell::Instant(*at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_no_number_whatever_reads_it() {
        let codes = ["01", "2A", "974", "ppparis"].map(prefecture_code);
        assert_eq!(codes, ["dep-01", "dep-2A", "dep-974", "ppparis"]);
        assert_eq!(commune_code("01004"), "com-01004");
        let mut act = crate::published::sample::act_of(1, &[], guetteur_model::Facts::default());
        assert_eq!(reference(&act), Cell::Empty);
        act.number = Some("2026-01-02".into());
        act.bulletin.number = Some("12".into());
        assert_eq!(reference(&act), Cell::Text("n° 2026-01-02, recueil n° 12".into()));
    }

    #[test]
    fn names_are_unique_plain_and_documented() {
        let mut seen = std::collections::HashSet::new();
        for column in COLUMNS {
            assert!(seen.insert(column.name), "{} twice", column.name);
            assert!(
                column.name.bytes().all(|b| b.is_ascii_lowercase() || b"_0123456789".contains(&b))
            );
            assert!(column.about.len() > 5, "{} is not documented", column.name);
        }
    }
}
