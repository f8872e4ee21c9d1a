//! What an investigation answers: tables and drawings of the same verdicts.

mod beneficiaries;
mod days;
mod doubts;
mod drones;
pub(crate) mod map;
mod notice;
pub(crate) mod towns;

use std::collections::BTreeMap;

use guetteur_figures::count::Reason;
use guetteur_figures::count::question::{Question, Verdict};
use guetteur_publish::Catalogue;
use serde_json::{Value, json};

use super::Chart;
use super::book::Book;
use super::scope::{Asked, Period};
use super::table::{Table, TableCell, column};

pub(crate) use beneficiaries::kinds as kinds_of_beneficiary;

/// The answer to one question.
pub(crate) struct Report {
    /// Acts that count.
    pub(crate) counted: u64,
    /// Acts set apart, by reason.
    pub(crate) apart: BTreeMap<Reason, u64>,
    /// The answer in one sentence.
    pub(crate) headline: String,
    /// Drawings with their tables.
    pub(crate) charts: Vec<Chart>,
    /// Tables without a drawing, by the name of their file.
    pub(crate) tables: Vec<(&'static str, Table)>,
}

/// Everything a report is made from.
pub(crate) struct Sources<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) book: &'a Book,
    pub(crate) asked: &'a Asked,
}

impl Report {
    /// Answers a question.
    pub(crate) fn of(question: Question, sources: &Sources<'_>) -> Self {
        let scope = sources.asked.scope();
        let verdicts = scope.ask(question, &sources.book.ledger).collect::<Vec<_>>();
        let mut report = match question {
            Question::Authorisations => drones::report(sources, &verdicts),
            Question::Notice => notice::report(sources, &verdicts),
            Question::Days => days::report(sources, &verdicts),
            Question::Doubts => doubts::report(sources, &verdicts),
        };
        for (_, verdict) in &verdicts {
            match verdict {
                Verdict::Apart(reason) => *report.apart.entry(*reason).or_default() += 1,
                _ => report.counted += 1,
            }
        }
        report
    }

    /// Acts set apart, a row a reason.
    pub(crate) fn apart_table(&self) -> Table {
        let row = |(reason, count): (&Reason, &u64)| {
            vec![
                TableCell::text(reason.label()),
                TableCell::text(reason.id()),
                TableCell::count(*count),
            ]
        };
        Table {
            caption: "Actes mis à part : ils ne sont dans aucun des chiffres de cette page".into(),
            columns: vec![
                column("motif", "Motif"),
                column("motif_id", "Dans le CSV"),
                column("actes", "Actes"),
            ],
            rows: self.apart.iter().map(row).collect(),
        }
    }

    /// Acts set apart, all reasons together.
    pub(crate) fn apart_total(&self) -> u64 {
        self.apart.values().sum()
    }

    /// As programs read it.
    pub(crate) fn to_json(&self, period: Period) -> Value {
        let charts = self.charts.iter().map(|chart| (&*chart.drawing.id, &chart.table));
        let tables = self.tables.iter().map(|(id, table)| (*id, table));
        let tables: serde_json::Map<String, Value> =
            charts.chain(tables).map(|(id, table)| (id.to_owned(), table.to_json())).collect();
        json!({
            "from": period.from,
            "to": period.to,
            "counted": self.counted,
            "apart": self.apart_table().to_json(),
            "tables": tables,
        })
    }
}

impl Sources<'_> {
    /// The name of a source for a row, leading to its page.
    fn source(&self, code: &str) -> [TableCell; 2] {
        let publisher = self.catalogue.publisher(code);
        let href = format!("/prefecture/{}", publisher.code);
        [TableCell::text(publisher.name).link(href), TableCell::text(publisher.code)]
    }
}

/// Rows in the order of their numbers, the highest first.
fn by_number<K: Ord, V>(rows: BTreeMap<K, V>, number: impl Fn(&V) -> u64) -> Vec<(K, V)> {
    let mut rows: Vec<(K, V)> = rows.into_iter().collect();
    rows.sort_by_key(|(_, value)| std::cmp::Reverse(number(value)));
    rows
}

type Verdicts<'a> = [(&'a guetteur_figures::count::CountedAct, Verdict)];
