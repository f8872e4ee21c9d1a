//! What an act's facts and flags are made of, for the OpenAPI description. What an act does not say
//! is absent, never null. A test compares the names with the types.

use super::schemas::Field;

/// Of an act: `facts`.
pub(crate) const FACTS: [Field; 20] = [
    ("legal_refs", "string[]", "Textes cités, sous une forme unique (CSI L242-5, loi 2023-380)"),
    (
        "valid_from",
        "string",
        "Début d’effet : jour, ou instant quand l’acte donne l’heure (ISO 8601)",
    ),
    ("valid_to", "string", "Fin d’effet, de même"),
    (
        "purposes",
        "string[]",
        "Finalités que la loi donne aux caméras sur aéronefs (gatherings, terrorism…)",
    ),
    ("applicant", "string", "Qui a demandé"),
    ("beneficiary", "string", "Qui peut s’en servir"),
    ("cameras", "integer", "Le plus grand nombre de caméras"),
    ("aircraft", "integer", "Nombre d’aéronefs"),
    ("communes", "Place[]", "Communes nommées par le titre ou le dispositif"),
    ("place", "string", "Le lieu, dans les mots de l’acte"),
    ("retention_days", "integer", "Durée de conservation des images, en jours"),
    ("amends", "string[]", "Actes que celui-ci change, par leur nom"),
    ("amended", "ActReference[]", "Les mêmes, avec ce qui leur arrive"),
    ("published_on", "date", "Jour de publication du recueil"),
    ("signed_on", "date", "Jour de signature"),
    (
        "notice_hours",
        "number",
        "Heures de la publication au début d’effet ; négatif : publié après le début",
    ),
    ("doubts", "string[]", "Contradictions de l’acte (31 juin, fin avant le début)"),
    ("legal_doubts", "LegalDoubt[]", "Ce que la loi pourrait ne pas prévoir"),
    ("evidence", "object", "Par nom de fait, les mots dont il vient (Span)"),
    ("traces", "object", "Par nom de fait, la partie de l’acte où il a été lu (Trace)"),
];

/// A commune that an act names.
pub(crate) const PLACE: [Field; 2] =
    [("insee", "string", "Code INSEE, cinq caractères"), ("name", "string", "Nom officiel")];

/// An act that another one changes.
pub(crate) const ACT_REFERENCE: [Field; 4] = [
    ("change", "string", "modifies, extends, renews ou repeals"),
    ("kind", "string", "arrêté, décision…"),
    ("number", "string", "Son numéro, comme imprimé"),
    ("signed_on", "date", "Son jour de signature"),
];

/// Where a fact was read.
pub(crate) const TRACE: [Field; 5] = [
    ("region", "string", "title, heading, visas, reasons, article ou ending"),
    ("article", "integer", "Numéro de l’article ; 0 sans articles"),
    ("cue", "string", "Le mot qui dit de quoi il s’agit"),
    ("distance", "integer", "Octets entre ce mot et le fait"),
    ("to_check", "boolean", "« à vérifier » : il n’entre dans aucun chiffre"),
];

/// Of an act: one of `flags`.
pub(crate) const FLAG: [Field; 6] = [
    ("category", "string", "Catégorie"),
    ("level", "string", "authorises, restricts, concerns ou mentions"),
    ("rule", "string", "La règle (drone/captation)"),
    ("to_check", "boolean", "Présent si un humain doit confirmer"),
    ("basis", "string", "Ce qui a été lu pour décider"),
    ("evidence", "Span[]", "Les mots qui font le signalement"),
];

/// Words of an act, where they stand.
pub(crate) const SPAN: [Field; 4] = [
    ("page", "integer", "Page du PDF, à partir de 1"),
    ("start", "integer", "Premier caractère dans le texte de la page, à partir de 0"),
    ("end", "integer", "Un après le dernier"),
    ("text", "string", "Les mots"),
];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use chrono::NaiveDate;
    use guetteur_model::{
        ActReference, Basis, Category, Change, Commune, Facts, Flag, LegalDoubt, LegalDoubtKind,
        Level, Purpose, Region, Span, Trace, When,
    };
    use serde_json::{Value, to_value};

    use super::*;
    use crate::api::schemas::LEGAL_DOUBT;

    fn assert_describes(fields: &[Field], value: &Value) {
        let described: BTreeSet<&str> = fields.iter().map(|(name, ..)| *name).collect();
        let written: BTreeSet<&str> =
            value.as_object().expect("object").keys().map(String::as_str).collect();
        assert_eq!(described, written);
    }

    /// Every field is filled by name: a new one does not compile before it is described.
    #[test]
    fn names_are_those_of_the_types() {
        let day = NaiveDate::from_ymd_opt(2026, 8, 14).expect("day");
        let span = Span { page: 1, start: 0, end: 2, text: "du".to_owned() };
        let category = || Category::new("drone").expect("category");
        let doubt = LegalDoubt {
            kind: LegalDoubtKind::ALL[0],
            category: category(),
            text: "csi-l242-5".to_owned(),
            says: "…".to_owned(),
            dispelled_by: "…".to_owned(),
            evidence: vec![span.clone()],
        };
        let commune = Commune { insee: "34172".to_owned(), name: "Montpellier".to_owned() };
        let amended = ActReference {
            change: Change::Repeals,
            kind: "arrêté".to_owned(),
            number: Some("12".to_owned()),
            signed_on: Some(day),
        };
        let trace = Trace {
            region: Region::Article,
            article: Some(1),
            cue: Some("valable".to_owned()),
            distance: Some(3),
            to_check: true,
        };
        let flag = Flag {
            category: category(),
            level: Level::Authorises,
            rule: "drone/captation".to_owned(),
            to_check: true,
            basis: Basis::Body,
            evidence: vec![span.clone()],
        };
        let facts = Facts {
            legal_refs: vec!["CSI L242-5".to_owned()],
            valid_from: Some(When::Day(day)),
            valid_to: Some(When::Day(day)),
            purposes: vec![Purpose::Gatherings],
            applicant: Some("…".to_owned()),
            beneficiary: Some("…".to_owned()),
            cameras: Some(1),
            aircraft: Some(1),
            communes: vec![commune.clone()],
            place: Some("…".to_owned()),
            retention_days: Some(7),
            amends: vec![amended.clone()],
            published_on: Some(day),
            signed_on: Some(day),
            notice_hours: Some(1.5),
            doubts: vec!["31 juin".to_owned()],
            legal_doubts: vec![doubt.clone()],
            evidence: BTreeMap::from([("valid_from".to_owned(), vec![span.clone()])]),
            traces: BTreeMap::from([("valid_from".to_owned(), trace.clone())]),
        };
        assert_describes(&FACTS, &to_value(&facts).expect("JSON"));
        assert_describes(&PLACE, &to_value(&commune).expect("JSON"));
        assert_describes(&ACT_REFERENCE, &to_value(&amended).expect("JSON"));
        assert_describes(&TRACE, &to_value(&trace).expect("JSON"));
        assert_describes(&FLAG, &to_value(&flag).expect("JSON"));
        assert_describes(&SPAN, &to_value(&span).expect("JSON"));
        assert_describes(&LEGAL_DOUBT, &to_value(&doubt).expect("JSON"));
    }
}
