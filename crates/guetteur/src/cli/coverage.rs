//! `guetteur coverage`.

use chrono::{DateTime, Datelike, Utc};
use clap::Args;
use guetteur_store::SourceStatus;
use guetteur_store::coverage::missing_numbers;
use serde::Serialize;

use super::{Context, Failure, output};
use crate::app::App;

#[derive(Args)]
pub(super) struct Arguments {
    /// Codes (34, 2A, ppparis…) ; toutes les sources sinon
    codes: Vec<String>,
}

#[derive(Serialize)]
struct Line {
    code: String,
    last_ok: Option<DateTime<Utc>>,
    last_error: Option<String>,
    bulletins: u64,
    acts: u64,
    flagged: u64,
    /// Numbers missing this year.
    missing: Vec<String>,
    status: SourceStatus,
    /// Bulletins given up.
    failed: u64,
    /// Bulletins not done yet.
    pending: u64,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let app = App::open(context.config).await?;
        let sources = app.sources(&self.codes).map_err(Failure::Usage)?;
        let states = app.store.source_states().await.map_err(anyhow::Error::from)?;
        let now = app.clock.now();
        let mut rows = Vec::new();
        for source in sources {
            let state = states.iter().find(|state| state.code == source.code);
            let numbers =
                app.store.numbers(&source.code, now.year()).await.map_err(anyhow::Error::from)?;
            let known = state.cloned().unwrap_or_default();
            let line = Line {
                status: SourceStatus::of(state, now),
                missing: missing_numbers(&numbers),
                code: source.code,
                last_ok: known.last_ok_at,
                last_error: known.last_error,
                bulletins: known.bulletins,
                acts: known.acts,
                flagged: known.flagged,
                failed: known.failed,
                pending: known.pending,
            };
            if json {
                output::json_line(&line)?;
            } else {
                rows.push(row(&line));
            }
        }
        if !json {
            let header = [
                "source",
                "état",
                "dernier succès",
                "recueils",
                "actes",
                "signalés",
                "échecs",
                "manquants",
            ];
            output::line(&output::table(&header, &rows))?;
        }
        Ok(())
    }
}

fn row(line: &Line) -> Vec<String> {
    let last_ok = line.last_ok.map(|at| at.format("%d/%m/%Y %H:%M").to_string());
    vec![
        line.code.clone(),
        line.status.to_string(),
        last_ok.unwrap_or_else(|| "jamais".to_owned()),
        line.bulletins.to_string(),
        line.acts.to_string(),
        line.flagged.to_string(),
        line.failed.to_string(),
        line.missing.join(", "),
    ]
}
