//! `guetteur export`.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use guetteur_model::Level;
use guetteur_publish::Catalogue;
use guetteur_publish::export::{Format, Table, write_database};
use guetteur_publish::listing::export_to;
use guetteur_publish::reviews::labelled;

use super::filters::FilterArguments;
use super::{Context, Failure};
use crate::app::{Access, App};
use crate::pipeline::Follower;
use crate::site;

#[derive(Args)]
pub(super) struct Arguments {
    /// Recherche (comme sur le site) ; tous les actes signalés sinon
    query: Vec<String>,
    /// csv (pour Excel français), rfc4180, xlsx, jsonl ou zip (paquet de données)
    #[arg(long, default_value = "csv", value_parser = parse_format)]
    format: Format,
    /// Une ligne par commune nommée, au lieu d'une par acte (csv, rfc4180)
    #[arg(long)]
    communes: bool,
    /// Les actes que l'exploitant a relus, en cas étiquetés (une ligne JSON chacun)
    #[arg(long, conflicts_with_all = ["query", "format", "communes"])]
    labels: bool,
    /// Écrit tout en un fichier SQLite : tables, clés, recherche plein texte (datasette, DuckDB…)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "communes", "labels", "output"])]
    sqlite: Option<PathBuf>,
    /// Fichier à écrire ; la sortie standard sinon
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    filters: FilterArguments,
}

fn parse_format(text: &str) -> Result<Format, String> {
    text.parse().map_err(|_| format!("« {text} » : attendu csv, rfc4180, xlsx, jsonl ou zip"))
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let query = self.query.join(" ");
        let mut filters =
            self.filters.list_filters(&query, &context.config).map_err(Failure::Usage)?;
        // Findings: acts with a flag, of any level unless told otherwise.
        if filters.levels.is_empty() {
            filters.levels = Level::ALL.to_vec();
        }
        let app = App::open(context.config).await?;
        let (index, access) = app.open_index()?;
        let index = Arc::new(index);
        if access == Access::Write {
            let follower = Follower {
                store: app.store.clone(),
                index: Arc::clone(&index),
                registry: Arc::clone(&app.registry),
            };
            follower.catch_up().await?;
        }
        let catalogue = site::catalogue(&app, index, &app.config.site_url());
        if let Some(path) = &self.sqlite {
            let count = write_database(&catalogue, &filters, path)
                .await
                .with_context(|| format!("écriture de {}", path.display()))?;
            eprintln!("{count} actes exportés");
            return Ok(());
        }
        let mut out = self.out()?;
        if self.labels {
            return Ok(write_labels(&catalogue, &mut out).await?);
        }
        let table = if self.communes { Table::Communes } else { Table::Acts };
        let count = export_to(&catalogue, &filters, self.format, table, &mut out)
            .await
            .map_err(anyhow::Error::from)?;
        out.flush().map_err(anyhow::Error::from)?;
        eprintln!("{count} actes exportés");
        Ok(())
    }

    fn out(&self) -> anyhow::Result<Box<dyn Write + Send>> {
        Ok(match &self.output {
            Some(path) => {
                let file = std::fs::File::create(path)
                    .with_context(|| format!("écriture de {}", path.display()))?;
                Box::new(std::io::BufWriter::new(file))
            }
            None => Box::new(std::io::BufWriter::new(std::io::stdout())),
        })
    }
}

async fn write_labels(catalogue: &Catalogue, out: &mut impl Write) -> anyhow::Result<()> {
    let acts = catalogue.reviewed_acts().await?;
    for line in labelled(&acts, &catalogue.site.base_url)? {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    eprintln!("{} actes relus exportés", acts.len());
    Ok(())
}
