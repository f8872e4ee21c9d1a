//! The words by which labels are told apart: those that name a bulletin, those that are mere
//! structure (numbers, dates, series), those that name something else.
//!
//! Everything here works on [`plain`] text.

use std::sync::LazyLock;

use guetteur_model::dates::month_number;
use guetteur_model::fold::fold;
use regex::Regex;

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
        r"\braa[a-z]{0,2}\d*\b|\br\.a\.a\b|\bactes? administratifs?\b|\bactes?-administratifs?\b|\bbulletins? (officiels?|d'informations? administratives?)",
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

/// First words of what is published beside bulletins and is not one.
const OTHER_DOCUMENTS: &[&str] = &[
    "accessibilite",
    "actualite",
    "actualites",
    "affiche",
    "agenda",
    "annexe",
    "annexes",
    "annuaire",
    "appel",
    "attestation",
    "avis",
    "bareme",
    "bilan",
    "brochure",
    "calendrier",
    "carte",
    "cartographie",
    "catalogue",
    "cerfa",
    "charte",
    "circulaire",
    "comment",
    "communique",
    "compte",
    "concours",
    "conditions",
    "convention",
    "declaration",
    "delegation",
    "delegations",
    "deliberation",
    "demande",
    "depliant",
    "discours",
    "document-type",
    "dossier",
    "enquete",
    "etude",
    "faq",
    "fiche",
    "flyer",
    "foire",
    "formulaire",
    "glossaire",
    "guide",
    "information",
    "informations",
    "instruction",
    "invitation",
    "lettre",
    "liste",
    "livret",
    "marche",
    "memento",
    "mentions",
    "mode",
    "modele",
    "newsletter",
    "note",
    "notice",
    "organigramme",
    "plan",
    "plaquette",
    "politique",
    "presentation",
    "programme",
    "projet",
    "protocole",
    "questions",
    "rapport",
    "referentiel",
    "reglement",
    "resultats",
    "schema",
    "sommaire",
    "statistiques",
    "table",
    "tableau",
    "tarifs",
    "tutoriel",
];

/// First words of single acts: unrelated among bulletins, the very thing where a source publishes
/// act by act.
const ACTS: &[&str] = &["arrete", "arretes", "arr", "ap", "decision", "decisions", "ordre"];

/// Words that say nothing by themselves.
const STOP: &[&str] = &[
    "le",
    "la",
    "les",
    "l",
    "un",
    "une",
    "du",
    "de",
    "d",
    "des",
    "au",
    "aux",
    "a",
    "en",
    "et",
    "pour",
    "telecharger",
    "telechargez",
    "telechargement",
    "consulter",
    "consultez",
    "voir",
    "lire",
    "ouvrir",
    "afficher",
    "acceder",
    "nouveau",
];

/// Words that a bulletin's or a period's label may be made of, beside numbers and months.
const STRUCTURE: &[&str] = &[
    "n",
    "no",
    "num",
    "numero",
    "numeros",
    "special",
    "speciaux",
    "speciale",
    "speciales",
    "normal",
    "normaux",
    "ordinaire",
    "ordinaires",
    "nominatif",
    "nominatifs",
    "nominative",
    "nominatives",
    "bis",
    "ter",
    "quater",
    "partie",
    "parties",
    "part",
    "tome",
    "volume",
    "vol",
    "fascicule",
    "cahier",
    "edition",
    "edite",
    "edites",
    "publie",
    "publies",
    "publication",
    "publications",
    "paru",
    "parus",
    "parution",
    "date",
    "annee",
    "annees",
    "mois",
    "trimestre",
    "semestre",
    "quadrimestre",
    "semaine",
    "quinzaine",
    "premier",
    "premiere",
    "deuxieme",
    "second",
    "seconde",
    "troisieme",
    "quatrieme",
    "er",
    "ere",
    "e",
    "eme",
    "nd",
    "st",
    "prefecture",
    "prefet",
    "prefete",
    "departement",
    "departemental",
    "departementaux",
    "departementale",
    "pdf",
    "document",
    "documents",
    "fichier",
    "mise",
    "jour",
    "ligne",
    "suite",
    "complement",
    "complementaire",
    "additif",
    "rectificatif",
    "rectificative",
    "erratum",
    "cours",
    "courant",
    "courante",
    "hebdomadaire",
    "hebdomadaires",
    "mensuel",
    "mensuels",
    "rs",
    "rn",
    "t",
    "s",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "partir",
    "depuis",
    "page",
    "liste",
];

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
    first_word(text).is_some_and(|word| OTHER_DOCUMENTS.contains(&word))
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
            r"\bfaq\b|foire aux questions|\bquestions\b|mode d'emploi|\bguide\b|qu'est.ce|c'est quoi|s'abonner|abonnement|abonnez|informations? generales?|informations? pratiques?|\bpresentation\b|\brecherche\b|rechercher|\btest\b|mentions legales|\bcontacts?\b|contacter|plan du site|en savoir plus|accessibilite|donnees personnelles|\bcomment\b|\bdelegations? de signature\b",
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

/// Regions of today and of before 2016, folded. A site of a regional capital keeps the region's
/// bulletins beside the département's.
const REGIONS: &[&str] = &[
    "alsace",
    "aquitaine",
    "auvergne",
    "basse-normandie",
    "bourgogne",
    "bretagne",
    "centre-val de loire",
    "champagne-ardenne",
    "franche-comte",
    "grand est",
    "haute-normandie",
    "hauts-de-france",
    "ile-de-france",
    "ile de france",
    "languedoc-roussillon",
    "limousin",
    "lorraine",
    "midi-pyrenees",
    "nord-pas-de-calais",
    "normandie",
    "nouvelle-aquitaine",
    "occitanie",
    "paca",
    "pays de la loire",
    "picardie",
    "poitou-charentes",
    "provence-alpes-cote d'azur",
    "rhone-alpes",
];

/// Whether a page's label says that it gathers a region's (or a defence zone's) bulletins.
pub(crate) fn names_region(text: &str) -> bool {
    static REGION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\bregion\b|\bregiona(l|le|ux|les)\b|\bsgar\b|\bzone de defense\b|\bzona(l|ux)\b|\binterdepartementa",
        )
    });
    let text_with_spaces = text.replace('-', " ");
    REGION.is_match(text)
        || REGIONS.iter().any(|region| contains_words(&text_with_spaces, &region.replace('-', " ")))
}

/// Whether a page's label says that it gathers a département's bulletins.
pub(crate) fn names_departement(text: &str, own: &str) -> bool {
    static DEPARTEMENT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\bdepartement(al|ale|aux|ales)?\b"));
    DEPARTEMENT.is_match(text)
        || (!own.is_empty() && contains_words(&without_regions(text), &own.replace('-', " ")))
}

/// The text without names of regions: `Rhône` is no département in `Auvergne-Rhône-Alpes`.
fn without_regions(text: &str) -> String {
    REGIONS
        .iter()
        .fold(text.replace('-', " "), |text, region| text.replace(&region.replace('-', " "), "@"))
}

/// Whether `words` stand in `text` with nothing glued to them.
fn contains_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
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
