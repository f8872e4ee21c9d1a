//! The facts of an act as rows to read: a label, a value in French, the words it came from.

use guetteur_model::{Facts, Span};
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
}

/// All facts that the act states, in the order a reader asks for them.
#[must_use]
pub fn rows(act: &PublishedAct) -> Vec<FactRow> {
    let facts = &act.facts;
    let mut rows = Rows { facts, rows: Vec::new() };
    rows.period();
    rows.add("notice_hours", "Préavis", facts.notice_hours.map(french::notice));
    rows.add("beneficiary", "Bénéficiaire", facts.beneficiary.clone());
    rows.add("applicant", "Demandeur", facts.applicant.clone());
    rows.add(
        "purposes",
        "Finalités",
        joined(facts.purposes.iter().map(|p| french::purpose(*p)), " ; "),
    );
    rows.add("cameras", "Caméras", facts.cameras.map(|n| at_most(n, "caméra", "caméras")));
    rows.add("aircraft", "Aéronefs", facts.aircraft.map(|n| at_most(n, "aéronef", "aéronefs")));
    rows.add("communes", "Communes", joined(facts.communes.iter().map(|c| c.name.as_str()), ", "));
    rows.add("place", "Lieu", facts.place.clone());
    rows.add(
        "retention_days",
        "Conservation des images",
        facts.retention_days.map(|n| french::count(n.into(), "jour", "jours")),
    );
    rows.add("signed_on", "Signé le", act.signed_on.or(facts.signed_on).map(french::day));
    rows.add("signed_by", "Signataire", signatory(act));
    rows.add("published_on", "Publié le", act.published_on().map(french::day));
    rows.add(
        "legal_refs",
        "Textes cités",
        joined(facts.legal_refs.iter().map(String::as_str), ", "),
    );
    rows.add("amends", "Actes modifiés", joined(facts.amends.iter().map(String::as_str), ", "));
    rows.add("doubts", "À vérifier", joined(facts.doubts.iter().map(String::as_str), " ; "));
    rows.rows
}

struct Rows<'a> {
    facts: &'a Facts,
    rows: Vec<FactRow>,
}

impl Rows<'_> {
    fn add(&mut self, key: &'static str, label: &'static str, value: Option<String>) {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            let quotes = self.facts.evidence.get(key).cloned().unwrap_or_default();
            self.rows.push(FactRow { key, label, value, quotes });
        }
    }

    /// Start and end are one sentence to a reader, with the words of both.
    fn period(&mut self) {
        let facts = self.facts;
        let value = french::period(facts.valid_from.as_ref(), facts.valid_to.as_ref());
        self.add("valid_from", "Période", value);
        if let Some(row) = self.rows.last_mut() {
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
