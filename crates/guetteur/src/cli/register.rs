//! `guetteur register`: what towns were asked, answered and voted.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use guetteur_model::TownStepId;
use guetteur_publish::export::write_csv;
use guetteur_publish::register::{HEADINGS, read_steps};
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
    /// Prend des étapes dans un fichier CSV : insee (ou commune;departement);etape;date;resume;source
    Import {
        /// Fichier CSV
        file: PathBuf,
    },
    /// Écrit tout le registre, en CSV (avec --json, une ligne JSON par étape)
    Export,
    /// Raye l'étape de ce numéro (colonne « id » de --json)
    Remove {
        /// Numéro de l'étape
        id: TownStepId,
    },
}

/// What an import did.
#[derive(Debug, Default, Serialize)]
struct ImportSummary {
    /// Rows of the file, the header apart.
    rows: u64,
    /// Steps that stand in the register now.
    recorded: u64,
    /// Rows that could not be used.
    skipped: u64,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let app = App::open(context.config).await?;
        match self.action {
            Action::Import { file } => Ok(import(&app, &file, json).await?),
            Action::Export => Ok(export(&app, json).await?),
            Action::Remove { id } => remove(&app, id).await,
        }
    }
}

async fn import(app: &App, path: &Path, json: bool) -> anyhow::Result<()> {
    let now = app.clock.now();
    let today = guetteur_publish::french::today(now);
    let read = csv_file::read(path, |text| read_steps(text, today))?;
    csv_file::tell_faults(&read.faults);
    for (_, step) in &read.rows {
        app.store.record_step(step, now).await?;
    }
    let (recorded, skipped) = (read.rows.len() as u64, read.faults.len() as u64);
    let summary = ImportSummary { rows: recorded + skipped, recorded, skipped };
    if json {
        return output::json_line(&summary);
    }
    output::line(&format!(
        "{} lignes : {recorded} étapes inscrites, {skipped} lignes écartées",
        summary.rows
    ))
}

async fn export(app: &App, json: bool) -> anyhow::Result<()> {
    if json {
        for step in app.store.steps().await? {
            output::json_line(&step)?;
        }
        return Ok(());
    }
    let (index, _) = app.open_index()?;
    let catalogue = site::catalogue(app, std::sync::Arc::new(index), &app.config.site_url());
    let register = catalogue.register().await?;
    let rows = register.rows(&catalogue.site.base_url);
    Ok(write_csv(&HEADINGS, rows, &mut std::io::stdout().lock())?)
}

async fn remove(app: &App, id: TownStepId) -> Result<(), Failure> {
    if !app.store.forget_step(id).await.map_err(anyhow::Error::from)? {
        return Err(Failure::Usage(anyhow::anyhow!("il n'y a pas d'étape {id} au registre")));
    }
    eprintln!("étape {id} rayée");
    Ok(())
}
