//! The register of towns: which were asked about surveillance, which answered, which voted. The operator
//! keeps it; what is taken away as CSV is what another operator records from.

use crate::boxed;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use guetteur_communes::{CommuneRecord, How, communes, departement_name, departement_of};
use guetteur_model::TownStep;
use guetteur_store::{NewStep, RecordedStep};

use crate::catalogue::{Catalogue, CatalogueError};
use crate::export::Cell;
use crate::kept_table::{Fields, KeptTable};

/// The columns of the register as a table. A contract: add at the end, never rename.
pub const HEADINGS: [&str; 9] = [
    "insee",
    "commune",
    "departement",
    "etape",
    "date",
    "resume",
    "source",
    "etape_en_clair",
    "adresse",
];

/// Columns without which no line can be used; and one of `insee` and `commune`.
const NEEDED: [&str; 2] = ["etape", "date"];

/// All steps of all towns.
#[derive(Debug, Default)]
pub struct Register {
    /// Steps of each town by INSEE code, the last first.
    towns: BTreeMap<String, Vec<RecordedStep>>,
}

impl Register {
    fn of(steps: Vec<RecordedStep>) -> Self {
        let mut towns: BTreeMap<String, Vec<RecordedStep>> = BTreeMap::new();
        for step in steps {
            towns.entry(step.insee.clone()).or_default().push(step);
        }
        // Of one day, a vote comes after an answer, and that after the question.
        for steps in towns.values_mut() {
            steps.sort_by_key(|step| std::cmp::Reverse((step.happened_on, step.step)));
        }
        Self { towns }
    }

    /// Towns by INSEE code, each with its steps, the last first.
    pub fn towns(&self) -> impl Iterator<Item = (&str, &[RecordedStep])> {
        self.towns.iter().map(|(insee, steps)| (&**insee, &**steps))
    }

    /// How far a town has come: its last step.
    #[must_use]
    pub fn last(&self, insee: &str) -> Option<&RecordedStep> {
        self.towns.get(insee)?.first()
    }

    /// How many towns of a département came so far: in the order of [`TownStep::ALL`], a town that
    /// voted being counted there alone.
    #[must_use]
    pub fn counts_of(&self, departement: &str) -> [u64; TownStep::ALL.len()] {
        let here = self.towns.iter().filter(|(insee, _)| departement_of(insee) == departement);
        TownStep::ALL.map(|step| {
            let so_far = |steps: &Vec<RecordedStep>| steps.first().map(|last| last.step);
            here.clone().filter(|(_, steps)| so_far(steps) == Some(step)).count() as u64
        })
    }

    /// A row under [`HEADINGS`] for each step, by town.
    pub fn rows(&self, base_url: &str) -> impl Iterator<Item = Vec<Cell>> {
        self.towns.values().flatten().map(move |step| cells(step, base_url))
    }
}

fn cells(step: &RecordedStep, base_url: &str) -> Vec<Cell> {
    let text =
        |value: Option<&str>| value.map_or(Cell::Empty, |value| Cell::Text(value.to_owned()));
    vec![
        text(Some(&step.insee)),
        text(communes().record(&step.insee).map(|town| town.name)),
        text(Some(departement_of(&step.insee))),
        text(Some(step.step.as_str())),
        Cell::Day(step.happened_on),
        text(step.says.as_deref()),
        text(step.source.as_deref()),
        text(Some(step.step.label())),
        Cell::Text(format!("{base_url}/commune/{}", step.insee)),
    ]
}

impl Catalogue {
    /// The register of towns.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn register(&self) -> Result<Register, CatalogueError> {
        Ok(Register::of(self.store.steps().await?))
    }
}

/// Reads a CSV of steps: `insee`, or `commune` with `departement` where several bear the name; `etape`,
/// `date`, and if there are any `resume`, `source`. `today` is the last day on which one can have
/// happened.
///
/// # Errors
/// When a column is missing, in words for the operator.
pub fn read_steps(text: &str, today: NaiveDate) -> Result<KeptTable<NewStep>, String> {
    KeptTable::read(text, &NEEDED, |fields| read_step(fields, today))
}

/// A step from its fields, by the names of [`HEADINGS`].
///
/// # Errors
/// Which field cannot be used and why, in words for the operator.
pub fn read_step(fields: &Fields<'_>, today: NaiveDate) -> Result<NewStep, String> {
    let step = fields.needed("etape")?;
    let step = step.parse::<TownStep>().map_err(|_| {
        let known: Vec<&str> = TownStep::ALL.iter().map(|step| step.label()).collect();
        format!("étape « {step} » inconnue ; connues : {}", known.join(", "))
    })?;
    Ok(NewStep {
        insee: town(fields)?.insee.to_owned(),
        step,
        happened_on: fields.past_day("date", today)?,
        says: fields.text("resume"),
        source: fields.address("source")?,
    })
}

/// The commune that a line is about.
fn town(fields: &Fields<'_>) -> Result<CommuneRecord, String> {
    if let Some(insee) = fields.text("insee") {
        let code = insee.to_uppercase();
        let known = communes().record(&code).or_else(|| communes().today(&code));
        return known.ok_or_else(|| format!("« {insee} » n’est le code INSEE d’aucune commune"));
    }
    let name =
        fields.text("commune").ok_or_else(|| "« insee » ou « commune » manque".to_owned())?;
    let asked = match fields.text("departement") {
        Some(departement) => format!("{name} {departement}"),
        None => name.clone(),
    };
    let found = communes().find(&asked);
    match (&*found.communes, found.how) {
        ([one], How::Exact) => Ok(*one),
        ([], _) => Err(format!("aucune commune ne s’appelle « {asked} »")),
        (several, _) => {
            let shown = several.iter().take(4).map(|town| {
                let code = departement_of(town.insee);
                let name = departement_name(code).unwrap_or(code);
                format!("{} ({name}, {})", town.name, town.insee)
            });
            Err(format!(
                "« {asked} » : plusieurs communes possibles, {} ; donnez le code INSEE",
                shown.collect::<Vec<_>>().join(", ")
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use guetteur_model::TownStepId;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("day")
    }

    #[test]
    fn a_table_gives_its_steps_and_says_what_it_cannot_use() {
        let text = "\u{feff}Commune;Departement;Insee;Etape;Date;Resume;Source\r\n\
            ;;34172;interpellée;01/03/2026;Ne jamais déployer;\r\n\
            Sète;34;;réponse;2026-04-02;;https://sete.example/reponse\r\n\
            Montpellier;;;a voté;2026-06-10;Vœu adopté;\r\n\
            Saint-Denis;;;vote;2026-06-10;;\r\n\
            ;;99999;vote;2026-06-10;;\r\n\
            ;;34172;dansé;2026-06-10;;\r\n\
            ;;34172;vote;2027-06-10;;\r\n\
            ;;34172;vote;2026-06-10;;javascript:x\r\n\
            ;;;vote;2026-06-10;;\r\n";
        let read = read_steps(text, day("2026-08-14")).expect("columns");
        let towns: Vec<_> = read.rows.iter().map(|(_, step)| (&*step.insee, step.step)).collect();
        assert_eq!(
            towns,
            [("34172", TownStep::Asked), ("34301", TownStep::Answered), ("34172", TownStep::Voted)]
        );
        let faults: Vec<u64> = read.faults.iter().map(|(line, _)| *line).collect();
        assert_eq!(faults, [5, 6, 7, 8, 9, 10], "{:?}", read.faults);
        assert!(read.faults[0].1.contains("donnez le code INSEE"), "{:?}", read.faults);
        let error = read_steps("insee;etape\n34172;vote\n", day("2026-08-14")).expect_err("no day");
        assert!(error.contains("date"), "{error}");
    }

    #[test]
    fn a_town_stands_where_its_last_step_is() {
        let step = |id, insee: &str, step, on: &str| RecordedStep {
            id: TownStepId(id),
            insee: insee.to_owned(),
            step,
            happened_on: day(on),
            says: None,
            source: None,
            recorded_at: chrono::DateTime::UNIX_EPOCH,
        };
        let register = Register::of(vec![
            step(3, "34172", TownStep::Answered, "2026-03-01"),
            step(2, "34172", TownStep::Voted, "2026-03-01"),
            step(1, "34172", TownStep::Asked, "2026-02-01"),
            step(4, "34301", TownStep::Asked, "2026-05-01"),
            step(5, "2A004", TownStep::Asked, "2026-05-01"),
        ]);
        assert_eq!(register.last("34172").map(|step| step.step), Some(TownStep::Voted));
        assert_eq!(register.last("75056"), None);
        assert_eq!(register.counts_of("34"), [1, 0, 1]);
        assert_eq!(register.counts_of("2A"), [1, 0, 0]);
        let rows: Vec<Vec<Cell>> = register.rows("https://g.example").collect();
        assert_eq!(rows.len(), 5);
        assert_eq!(rows[0][0], Cell::Text("2A004".into()));
        assert!(rows.iter().all(|row| row.len() == HEADINGS.len()));
    }
}
