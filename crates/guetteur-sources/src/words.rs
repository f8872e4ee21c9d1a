//! The words by which labels are told apart: those that name a bulletin, those that are mere
//! structure (numbers, dates, series), those that name something else.
//!
//! Everything here works on [`plain`] text.

mod lists;
mod publisher;

use std::sync::LazyLock;

use guetteur_model::dates::month_number;
use guetteur_model::fold::fold;
use regex::Regex;

use self::lists::{ACTS, GUIDES, OTHER_DOCUMENTS, STOP, STRUCTURE};
pub(crate) use self::publisher::{names_departement, names_region};

/// A pattern of this crate.
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the crate's own patterns are valid: tests compile them all")
}

/// Folded text with `_` as space: file names and labels then read alike.
pub(crate) fn plain(text: &str) -> String {
    fold(&text.replace('_', " ")).trim().to_owned()
}

static BULLETIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\braa[a-z]{0,2}\d*\b|\br\.a\.a\b|\bbia\b|\bb\.i\.a\b|\bactes? administratifs?\b|\bactes?-administratifs?\b|\bbulletins? (officiels?|d'informations? administratives?)",
    )
});
static RECUEIL: LazyLock<Regex> = LazyLock::new(|| pattern(r"\brecueils?\b"));
/// `Recueil des usages locaux`, `recueil de textes`: not ours.
static OTHER_RECUEIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\brecueils?[ -](des?[ -](usages|textes|donnees|bonnes|regles|fiches|recommandations|temoignages|pratiques|jurisprudence|delib)|des[ -]([b-z]|a[a-bd-z]))",
    )
});

/// Whether the text names a recueil des actes administratifs.
pub(crate) fn names_bulletin(text: &str) -> bool {
    BULLETIN.is_match(text) || (RECUEIL.is_match(text) && !OTHER_RECUEIL.is_match(text))
}

/// Whether the text names a collection of another kind: `Recueil des usages locaux`, `Bulletin de
/// veille hydrologique`.
pub(crate) fn names_other_bulletin(text: &str) -> bool {
    static OTHER_BULLETIN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\bbulletins? (de |d'|du |des )?(veille|situation|sante|sanitaire|etiage|neige|avalanche|meteo|hydrologi|vigilance|liaison|inscription|adhesion|municipa|phytosanitaire)",
        )
    });
    !BULLETIN.is_match(text) && (OTHER_RECUEIL.is_match(text) || OTHER_BULLETIN.is_match(text))
}

/// Letters-only and digits-only runs.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    static TOKEN: LazyLock<Regex> = LazyLock::new(|| pattern(r"[a-z]+|\d+"));
    TOKEN.find_iter(text).map(|found| found.as_str())
}

/// The first word that says something: neither number nor stop word.
fn first_word(text: &str) -> Option<&str> {
    tokens(text).find(|token| token.as_bytes()[0].is_ascii_alphabetic() && !STOP.contains(token))
}

/// Whether the label opens with a word that names something else than a bulletin.
pub(crate) fn opens_other_document(text: &str) -> bool {
    first_word(text).is_some_and(|word| OTHER_DOCUMENTS.contains(&word) || GUIDES.contains(&word))
}

/// Whether the label opens with a word that names what can be no act: a guide, a report, a form.
pub(crate) fn opens_guide(text: &str) -> bool {
    first_word(text).is_some_and(|word| GUIDES.contains(&word))
}

/// Whether the label opens as a single act does.
pub(crate) fn opens_act(text: &str) -> bool {
    first_word(text).is_some_and(|word| ACTS.contains(&word))
}

/// Whether every word is structure: a number, a date, a series, a word of the bulletin's name, or
/// one of `own` (the département's name).
pub(crate) fn only_structure(text: &str, own: &[String]) -> bool {
    let mut any = false;
    for token in tokens(text) {
        any = true;
        let known = token.as_bytes()[0].is_ascii_digit()
            || STOP.contains(&token)
            || STRUCTURE.contains(&token)
            || month_number(token).is_some()
            || token.starts_with("raa")
            || matches!(
                token,
                "recueil" | "recueils" | "acte" | "actes" | "administratif" | "administratifs"
            )
            || own.iter().any(|word| word == token);
        if !known {
            return false;
        }
    }
    any
}

/// Whether the label says nothing of what it leads to: `Télécharger le document`, `PDF`, nothing.
pub(crate) fn is_generic(text: &str) -> bool {
    const GENERIC: &[&str] = &[
        "document",
        "documents",
        "fichier",
        "pdf",
        "ici",
        "lien",
        "cliquer",
        "cliquez",
        "format",
        "recueil",
        "raa",
        "acte",
        "arrete",
        "suite",
        "plus",
        "savoir",
        "detail",
        "details",
    ];
    tokens(text).all(|token| STOP.contains(&token) || GENERIC.contains(&token))
}

/// Pages of a site that are about something else, whatever else their label says.
pub(crate) fn is_about_something_else(text: &str) -> bool {
    static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\bfaq\b|foire aux questions|\bquestions\b|mode d'emploi|\bguide\b|qu'est.ce|c'est quoi|s'abonner|abonnement|abonnez|informations? generales?|informations? pratiques?|\bpresentation\b|\brecherche\b|rechercher|\btest\b|mentions legales|\bcontacts?\b|contacter|plan du site|en savoir plus|accessibilite|donnees personnelles|\bcomment\b",
        )
    });
    ELSEWHERE.is_match(text)
}

/// Whether the label announces bulletins of the past, without saying which years.
pub(crate) fn is_archive(text: &str) -> bool {
    static ARCHIVE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\barchiv|\bannees? (anterieur|precedent|passe)|\banterieurs?\b|\banciens?\b|\bprecedents? recueils\b|\bhistorique\b",
        )
    });
    ARCHIVE.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bulletins_and_others() {
        let bulletins = [
            "RAA n°194",
            "RAAE n° 157",
            "RAAA normal n°3",
            "RAAS n°73",
            "R.A.A. 2026",
            "recueil-13-2026-249",
            "RAA_etat74_20260820_380",
            "Recueil du 12 août",
            "RAA2026",
            "Les actes administratifs de l'année 2026",
            "Recueil des actes administratifs",
        ];
        for label in bulletins {
            assert!(names_bulletin(&plain(label)), "{label}");
        }
        for label in [
            "Recueil des usages locaux",
            "Arrêté massif",
            "Rapport 2026",
            "Terraasse",
            "Recueil de textes",
        ] {
            assert!(!names_bulletin(&plain(label)), "{label}");
        }
    }

    #[test]
    fn structure() {
        let own = vec!["ain".to_owned()];
        for label in [
            "Spécial n° 11 du lundi 17 août 2026",
            "2026-08 spécial 3",
            "155",
            "Août 2026",
            "1er trimestre",
            "RAA Ain 2026",
        ] {
            assert!(only_structure(&plain(label), &own), "{label}");
        }
        for label in ["Arrêté CAB/SPAS/2026", "Élections 2026", "", "—"] {
            assert!(!only_structure(&plain(label), &own), "{label}");
        }
    }

    #[test]
    fn openings() {
        assert!(opens_other_document(&plain("2026 - Le guide du RAA")));
        assert!(opens_other_document(&plain("Rapport d'activité 2025")));
        assert!(!opens_other_document(&plain("RAA spécial - rapport")));
        assert!(opens_act(&plain("Télécharger Arrêté CAB/SPAS/2026")));
        assert!(is_generic(&plain("Télécharger le document")) && is_generic(""));
        assert!(!is_generic(&plain("Télécharger 155")));
    }

    #[test]
    fn scope() {
        assert!(names_region(&plain("Recueil (Occitanie)")));
        assert!(names_region(&plain("RAA régionaux")));
        assert!(!names_region(&plain("Recueil des Ardennes")));
        assert!(names_departement(&plain("RAA du département de Paris"), ""));
        assert!(names_departement(&plain("RAA du Puy-de-Dôme"), "puy-de-dome"));
        assert!(!names_departement(&plain("RAA Auvergne-Rhône-Alpes"), "rhone"));
        assert!(!names_departement(&plain("RAA des Pays de la Loire"), "loire"));
        assert!(is_archive(&plain("Années antérieures")) && is_archive(&plain("ARCHIVES RAA")));
        assert!(is_about_something_else(&plain("FAQ relative aux RAA")));
    }
}
