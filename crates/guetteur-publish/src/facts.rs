//! The facts of an act as rows to read: a label, a value in French, the words it came from.

use guetteur_model::{ActReference, Facts, Span};
use serde::Serialize;

use crate::french;
use crate::published::PublishedAct;

/// One row of the facts table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FactRow {
    /// Field of [`Facts`], which is the key of its evidence.
    pub key: &'static str,
    /// What it is.
    pub label: &'static str,
    /// Its value in French.
    pub value: String,
    /// The words it came from.
    pub quotes: Vec<Span>,
    /// Whether a human must confirm it (« à vérifier »).
    pub to_check: bool,
}

/// What readers call the facts, by field of [`Facts`], in the order a reader asks for them.
const LABELS: [(&str, &str); 16] = [
    ("valid_from", "Début d’effet"),
    ("valid_to", "Fin d’effet"),
    ("notice_hours", "Préavis"),
    ("beneficiary", "Bénéficiaire"),
    ("applicant", "Demandeur"),
    ("purposes", "Finalités"),
    ("cameras", "Caméras"),
    ("aircraft", "Aéronefs"),
    ("communes", "Communes"),
    ("place", "Lieu"),
    ("retention_days", "Conservation des images"),
    ("signed_on", "Signé le"),
    ("signed_by", "Signataire"),
    ("published_on", "Publié le"),
    ("legal_refs", "Textes cités"),
    ("amends", "Actes modifiés"),
];

/// What readers call the fact of a field of [`Facts`]; `None` for what is no fact.
#[must_use]
pub fn label(field: &str) -> Option<&'static str> {
    LABELS.iter().find(|(key, _)| *key == field).map(|(_, label)| *label)
}

/// The facts that a human must confirm, as readers call them.
pub fn to_check(facts: &Facts) -> impl Iterator<Item = &'static str> {
    LABELS.iter().filter(|(field, _)| facts.is_to_check(field)).map(|(_, label)| *label)
}

/// All facts that the act states, in the order a reader asks for them.
#[must_use]
pub fn rows(act: &PublishedAct) -> Vec<FactRow> {
    let facts = &act.facts;
    let mut rows = Rows { facts, rows: Vec::new() };
    rows.period();
    rows.add("notice_hours", facts.notice_hours.map(french::notice));
    rows.add("beneficiary", facts.beneficiary.clone());
    rows.add("applicant", facts.applicant.clone());
    rows.add("purposes", joined(facts.purposes.iter().map(|p| french::purpose(*p)), " ; "));
    rows.add("cameras", facts.cameras.map(|n| at_most(n, "caméra", "caméras")));
    rows.add("aircraft", facts.aircraft.map(|n| at_most(n, "aéronef", "aéronefs")));
    rows.add("communes", joined(facts.communes.iter().map(|c| c.name.as_str()), ", "));
    rows.add("place", facts.place.clone());
    rows.add(
        "retention_days",
        facts.retention_days.map(|n| french::count(n.into(), "jour", "jours")),
    );
    rows.add("signed_on", act.signed_on.or(facts.signed_on).map(french::day));
    rows.add("signed_by", signatory(act));
    rows.add("published_on", act.published_on().map(french::day));
    rows.add("legal_refs", joined(facts.legal_refs.iter().map(String::as_str), ", "));
    let amends: Vec<String> = facts.amends.iter().map(ActReference::name).collect();
    rows.add("amends", joined(amends.iter().map(String::as_str), ", "));
    rows.row("doubts", "À vérifier", joined(facts.doubts.iter().map(String::as_str), " ; "));
    rows.rows
}

struct Rows<'a> {
    facts: &'a Facts,
    rows: Vec<FactRow>,
}

impl Rows<'_> {
    fn add(&mut self, key: &'static str, value: Option<String>) {
        self.row(key, label(key).unwrap_or(key), value);
    }

    fn row(&mut self, key: &'static str, label: &'static str, value: Option<String>) {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            let quotes = self.facts.evidence.get(key).cloned().unwrap_or_default();
            let to_check = self.facts.is_to_check(key);
            self.rows.push(FactRow { key, label, value, quotes, to_check });
        }
    }

    /// Start and end are one sentence to a reader, with the words of both.
    fn period(&mut self) {
        let facts = self.facts;
        let value = french::period(facts.valid_from.as_ref(), facts.valid_to.as_ref());
        self.row("valid_from", "Période", value);
        if let Some(row) = self.rows.last_mut() {
            row.to_check |= facts.is_to_check("valid_to");
            for span in facts.evidence.get("valid_to").into_iter().flatten() {
                if !row.quotes.contains(span) {
                    row.quotes.push(span.clone());
                }
            }
        }
    }
}

fn at_most(n: u32, one: &str, many: &str) -> String {
    format!("{} au plus", french::count(n.into(), one, many))
}

fn joined<'a>(parts: impl Iterator<Item = &'a str>, by: &str) -> Option<String> {
    let parts: Vec<&str> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(by))
}

fn signatory(act: &PublishedAct) -> Option<String> {
    match (&act.signed_by, &act.capacity) {
        (Some(name), Some(capacity)) => Some(format!("{name} ({capacity})")),
        (name, capacity) => name.clone().or_else(|| capacity.clone()),
    }
}
