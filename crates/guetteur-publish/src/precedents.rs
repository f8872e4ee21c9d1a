//! What courts decided: as readers see it, as a table to take away, as a file to record from.
//!
//! What an operator takes away is what another one records from: the columns are the same, those of
//! the act beside them are passed over.

use crate::boxed;
use std::collections::HashMap;

use chrono::NaiveDate;
use guetteur_model::{ActId, Category, Ground, Ruling};
use guetteur_store::{NewOutcome, Outcome};
use serde_json::{Value, json};

use crate::catalogue::{Catalogue, CatalogueError};
use crate::export::{Cell, SEPARATOR};
use crate::kept_table::{Fields, KeptTable};
use crate::published::PublishedAct;
use crate::standing::authorised;

/// A decision with the act that it is about.
#[derive(Debug, Clone)]
pub struct Precedent {
    /// The decision.
    pub outcome: Outcome,
    /// The act.
    pub act: PublishedAct,
}

impl Precedent {
    /// Categories of the measures that were before the court: what the act authorises, or what it is
    /// about otherwise.
    #[must_use]
    pub fn categories(&self) -> Vec<&Category> {
        let authorised: Vec<&Category> = authorised(&self.act).collect();
        match authorised.is_empty() {
            true => self.act.categories().into_iter().map(|(category, _)| category).collect(),
            false => authorised,
        }
    }

    /// A row under [`HEADINGS`].
    pub fn cells(&self, base_url: &str) -> impl Iterator<Item = Cell> {
        let Self { outcome, act } = self;
        let text =
            |value: Option<&str>| value.map_or(Cell::Empty, |value| Cell::Text(value.to_owned()));
        let categories = self.categories().into_iter().map(ToString::to_string);
        [
            Cell::Integer(outcome.act.0),
            text(Some(&outcome.court)),
            text(Some(&outcome.number)),
            Cell::Day(outcome.decided_on),
            text(Some(outcome.ruling.as_str())),
            text(outcome.ground.map(Ground::as_str)),
            text(outcome.source.as_deref()),
            text(outcome.note.as_deref()),
            text(Some(outcome.ruling.label())),
            text(outcome.ground.map(Ground::label)),
            Cell::Text(categories.collect::<Vec<_>>().join(SEPARATOR)),
            text(Some(&act.prefecture.code)),
            text(Some(&act.title)),
            text(act.cited_number()),
            act.published_on().map_or(Cell::Empty, Cell::Day),
            Cell::Text(format!("{base_url}{}", act.path())),
        ]
        .into_iter()
    }

    /// As programs read it.
    #[must_use]
    pub fn to_json(&self, base_url: &str) -> Value {
        let Self { outcome, act } = self;
        json!({
            "id": outcome.id,
            "court": outcome.court,
            "number": outcome.number,
            "decided_on": outcome.decided_on,
            "ruling": outcome.ruling,
            "ground": outcome.ground,
            "source": outcome.source,
            "note": outcome.note,
            "recorded_at": outcome.recorded_at,
            "act": act.id,
            "act_title": act.title,
            "act_url": format!("{base_url}{}", act.path()),
            "prefecture": act.prefecture.code,
            "categories": self.categories(),
        })
    }
}

/// The columns of a table of decisions. A contract: add at the end, never rename.
pub const HEADINGS: [&str; 16] = [
    "acte",
    "juridiction",
    "numero",
    "date",
    "issue",
    "motif",
    "source",
    "note",
    "issue_en_clair",
    "motif_en_clair",
    "categories",
    "prefecture",
    "titre",
    "numero_acte",
    "publie_le",
    "adresse",
];

impl Catalogue {
    /// All decisions, the last first, each with its act.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn precedents(&self) -> Result<Vec<Precedent>, CatalogueError> {
        let outcomes = self.store.outcomes().await?;
        let mut ids: Vec<ActId> = outcomes.iter().map(|outcome| outcome.act).collect();
        ids.sort_unstable();
        ids.dedup();
        // An act that is gone from its bulletin was judged all the same.
        let acts = self.publish(self.store.acts_by_ids(&ids).await?).await?;
        let acts: HashMap<ActId, PublishedAct> =
            acts.into_iter().map(|act| (act.id, act)).collect();
        let with_act = |outcome: Outcome| {
            let act = acts.get(&outcome.act)?.clone();
            Some(Precedent { outcome, act })
        };
        Ok(outcomes.into_iter().filter_map(with_act).collect())
    }

    /// Decisions that took an act away whose measure `act` allows too, on a ground on which one of
    /// its doubts of law could stand; those about itself left out.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn precedents_for(
        &self,
        act: &PublishedAct,
    ) -> Result<Vec<Precedent>, CatalogueError> {
        let mut precedents = self.precedents().await?;
        let doubts = &act.facts.legal_doubts;
        precedents.retain(|precedent| {
            let Precedent { outcome, act: other } = precedent;
            let fits = |ground| {
                doubts.iter().any(|doubt| {
                    Ground::of_doubt(doubt.kind) == ground
                        && precedent.categories().contains(&&doubt.category)
                })
            };
            let took_it_away = matches!(outcome.ruling, Ruling::Suspended | Ruling::Annulled);
            other.id != act.id && took_it_away && outcome.ground.is_some_and(fits)
        });
        Ok(precedents)
    }
}

/// Reads a CSV of decisions: `acte` (number or address), `juridiction`, `numero`, `date`, `issue`,
/// and if there are any `motif`, `source`, `note`. `today` is the last day on which a decision can
/// have been made.
///
/// # Errors
/// When a column is missing, in words for the operator.
pub fn read_outcomes(text: &str, today: NaiveDate) -> Result<KeptTable<NewOutcome>, String> {
    KeptTable::read(text, &HEADINGS[..5], |fields| read_outcome(fields, today))
}

/// A decision from its fields, by the names of [`HEADINGS`].
///
/// # Errors
/// Which field cannot be used and why, in words for the operator.
pub fn read_outcome(fields: &Fields<'_>, today: NaiveDate) -> Result<NewOutcome, String> {
    let act = fields.needed("acte")?;
    let number = act.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let act = number.parse().map_err(|_| {
        format!("acte « {act} » : attendu son numéro, ou son adresse (…/acte/NUMÉRO)")
    })?;
    let decided_on = fields.past_day("date", today)?;
    let ruling = fields.needed("issue")?;
    let ruling = ruling.parse::<Ruling>().map_err(|_| {
        let known: Vec<&str> = Ruling::ALL.iter().map(|ruling| ruling.label()).collect();
        format!("issue « {ruling} » inconnue ; connues : {}", known.join(", "))
    })?;
    let ground = match fields.text("motif") {
        None => None,
        Some(given) => Some(given.parse::<Ground>().map_err(|_| {
            let known: Vec<&str> = Ground::ALL.iter().map(|ground| ground.label()).collect();
            format!("motif « {given} » inconnu ; connus : {}", known.join(", "))
        })?),
    };
    Ok(NewOutcome {
        act,
        court: fields.needed("juridiction")?,
        number: fields.needed("numero")?,
        decided_on,
        ruling,
        ground,
        source: fields.address("source")?,
        note: fields.text("note"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        "2026-08-14".parse().expect("day")
    }

    #[test]
    fn a_file_gives_its_decisions_and_says_what_it_cannot_use() {
        let text = "\u{feff}Acte;juridiction;numero;date;issue;motif;source\r\n\
            12;Tribunal administratif de Nîmes;2603001;10/08/2026;suspendu;durée excessive;\r\n\
            https://g.example/acte/13;Conseil d’État;49;2026-08-01;rejected;;https://ce.example/49\r\n\
            x;TA;1;2026-08-01;suspendu;;\r\n\
            14;;1;2026-08-01;suspendu;;\r\n\
            14;TA;1;2026-09-01;suspendu;;\r\n\
            14;TA;1;2026-08-01;gagné;;\r\n\
            14;TA;1;2026-08-01;annulé;beau;\r\n\
            14;TA;1;2026-08-01;annulé;;javascript:alert(1)\r\n";
        let file = read_outcomes(text, today()).expect("columns");
        let acts: Vec<i64> = file.rows.iter().map(|(_, outcome)| outcome.act.0).collect();
        assert_eq!(acts, [12, 13]);
        let first = &file.rows[0].1;
        assert_eq!((first.ruling, first.ground), (Ruling::Suspended, Some(Ground::Duration)));
        assert_eq!(first.decided_on.to_string(), "2026-08-10");
        let faults: Vec<u64> = file.faults.iter().map(|(line, _)| *line).collect();
        assert_eq!(faults, [4, 5, 6, 7, 8, 9], "{:?}", file.faults);
        assert!(file.faults[1].1.contains("juridiction"), "{:?}", file.faults);
    }

    #[test]
    fn a_file_without_its_columns_is_refused() {
        let error = read_outcomes("acte,numero\n1,2\n", today()).expect_err("refused");
        assert!(error.contains("juridiction") && error.contains("issue"), "{error}");
        assert!(read_outcomes("", today()).is_err());
    }
}
