//! `guetteur sources`.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{Context, Failure, check, output, probe, record};
use crate::app;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    /// Codes (34, 2A, ppparis…) ; toutes les sources sinon
    codes: Vec<String>,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Propose une entrée du registre pour une page, et montre ce qu'elle trouverait
    Probe(probe::Arguments),
    /// Regarde brièvement les sites : une liste et le début d'un PDF chacun
    Check(check::Arguments),
    /// Fait d'un site une description pour les sites simulés
    Record(record::Arguments),
}

#[derive(Serialize)]
struct Line<'a> {
    code: &'a str,
    name: &'a str,
    kind: guetteur_model::SourceKind,
    timezone: chrono_tz::Tz,
    roots: &'a [String],
    hint: Option<&'a str>,
}

impl Arguments {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        match self.action {
            Some(Action::Probe(arguments)) => return arguments.run(context).await,
            Some(Action::Check(arguments)) => return arguments.run(context).await,
            Some(Action::Record(arguments)) => return arguments.run(context).await,
            None => {}
        }
        let registry = app::registry(&context.config)?;
        let sources = app::select(&registry, &self.codes).map_err(Failure::Usage)?;
        for source in &sources {
            if context.json {
                output::json_line(&Line {
                    code: &source.code,
                    name: &source.name,
                    kind: source.kind,
                    timezone: source.timezone,
                    roots: &source.roots,
                    hint: source.hint.as_deref(),
                })?;
            }
        }
        if !context.json {
            let rows: Vec<_> = sources
                .iter()
                .map(|s| vec![s.code.clone(), s.name.clone(), s.roots.join(" ")])
                .collect();
            output::line(&output::table(&["code", "nom", "racines"], &rows))?;
        }
        Ok(())
    }
}
