//! `guetteur outcomes`: what courts decided about acts.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use guetteur_model::OutcomeId;
use guetteur_publish::export::write_csv;
use guetteur_publish::precedents::{HEADINGS, read_outcomes};
use guetteur_store::Recorded;
use serde::Serialize;

use super::{Context, Failure, csv_file, output};
use crate::app::App;
use crate::site;

#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Prend des décisions dans un fichier CSV : acte;juridiction;numero;date;issue;motif;source;note
    Import {
        /// Fichier CSV
        file: PathBuf,
    },
    /// Écrit toutes les décisions, en CSV (avec --json, une ligne JSON chacune)
    Export,
    /// Oublie la décision de ce numéro (colonne « id » de --json)
    Remove {
        /// Numéro de la décision
        id: OutcomeId,
    },
}

/// What an import did.
#[derive(Debug, Default, Serialize)]
struct ImportSummary {
    /// Rows of the file, the header apart.
    rows: u64,
    /// Decisions that were unknown.
    new: u64,
    /// Decisions that were known and say something else now.
    changed: u64,
    /// Decisions that were known as they are.
    known: u64,
    /// Rows that could not be used.
    skipped: u64,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let app = App::open(context.config).await?;
        match self.action {
            Action::Import { file } => import(&app, &file, json).await,
            Action::Export => Ok(export(&app, json).await?),
            Action::Remove { id } => remove(&app, id).await,
        }
    }
}

async fn import(app: &App, path: &std::path::Path, json: bool) -> Result<(), Failure> {
    let now = app.clock.now();
    let today = guetteur_publish::french::today(now);
    let file = csv_file::read(path, |text| read_outcomes(text, today))?;
    let mut summary = ImportSummary::default();
    let mut faults = file.faults;
    for (line, outcome) in file.rows {
        match app.store.record_outcome(&outcome, now).await.map_err(anyhow::Error::from)? {
            Recorded::New(_) => summary.new += 1,
            Recorded::Changed(_) => summary.changed += 1,
            Recorded::Known(_) => summary.known += 1,
            Recorded::NoAct => faults.push((line, format!("il n'y a pas d'acte {}", outcome.act))),
        }
    }
    faults.sort_unstable_by_key(|(line, _)| *line);
    csv_file::tell_faults(&faults);
    summary.skipped = faults.len() as u64;
    summary.rows = summary.new + summary.changed + summary.known + summary.skipped;
    if json {
        output::json_line(&summary)?;
    } else {
        output::line(&format!(
            "{} lignes : {} décisions nouvelles, {} changées, {} connues, {} lignes écartées",
            summary.rows, summary.new, summary.changed, summary.known, summary.skipped
        ))?;
    }
    Ok(())
}

async fn export(app: &App, json: bool) -> anyhow::Result<()> {
    let (index, _) = app.open_index()?;
    let catalogue = site::catalogue(app, Arc::new(index), &app.config.site_url());
    let base = &catalogue.site.base_url;
    let precedents = catalogue.precedents().await?;
    if json {
        for precedent in &precedents {
            output::json_line(&precedent.to_json(base))?;
        }
        return Ok(());
    }
    let rows = precedents.iter().map(|precedent| precedent.cells(base));
    Ok(write_csv(&HEADINGS, rows, &mut std::io::stdout().lock())?)
}

async fn remove(app: &App, id: OutcomeId) -> Result<(), Failure> {
    let now = app.clock.now();
    if !app.store.forget_outcome(id, now).await.map_err(anyhow::Error::from)? {
        return Err(Failure::Usage(anyhow::anyhow!("il n'y a pas de décision {id}")));
    }
    eprintln!("décision {id} oubliée");
    Ok(())
}
