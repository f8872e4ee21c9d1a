//! `guetteur import`: bulletins of the national index (data.gouv.fr).

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use chrono::NaiveDate;
use clap::Args;
use guetteur_model::BulletinLink;
use guetteur_sources::{Registry, indexed_bulletin};
use serde::Serialize;

use super::{Context, Failure, output};
use crate::app::App;

/// Rows stored in one transaction.
const BATCH: usize = 2000;
/// Bad rows told one by one; the rest is counted.
const SHOWN: usize = 20;

#[derive(Args)]
pub(super) struct Arguments {
    /// Fichier CSV : titre;url;departement;mise_a_jour
    file: PathBuf,
}

/// What an import did.
#[derive(Debug, Default, Serialize)]
struct ImportSummary {
    /// Rows of the file, the header apart.
    rows: u64,
    /// Bulletins that were unknown, now to be fetched.
    new: u64,
    /// Bulletins that were known.
    known: u64,
    /// Rows that could not be used.
    skipped: u64,
}

/// Where the columns are.
struct Columns {
    title: usize,
    url: usize,
    departement: usize,
    updated: Option<usize>,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let app = App::open(context.config).await?;
        let summary = import(&app, &self.file).await?;
        if json {
            output::json_line(&summary)?;
        } else {
            output::line(&format!(
                "{} lignes : {} recueils nouveaux, {} connus, {} lignes écartées",
                summary.rows, summary.new, summary.known, summary.skipped
            ))?;
        }
        Ok(())
    }
}

async fn import(app: &App, file: &std::path::Path) -> anyhow::Result<ImportSummary> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        // With CRLF for the end of a line the crate counts lines one short; the CR is trimmed.
        .terminator(csv::Terminator::Any(b'\n'))
        .trim(csv::Trim::All)
        .from_path(file)
        .with_context(|| format!("lecture de {}", file.display()))?;
    let columns =
        Columns::find(reader.byte_headers()?).with_context(|| file.display().to_string())?;
    let mut summary = ImportSummary::default();
    let today = app.clock.now().date_naive();
    let mut batch: BTreeMap<String, Vec<BulletinLink>> = BTreeMap::new();
    for record in reader.byte_records() {
        let record = record.with_context(|| file.display().to_string())?;
        summary.rows += 1;
        match columns.link(&record, &app.registry, today) {
            Ok((code, link)) => batch.entry(code).or_default().push(link),
            Err(why) => {
                summary.skipped += 1;
                let line = record.position().map_or(0, csv::Position::line);
                if summary.skipped <= SHOWN as u64 {
                    eprintln!("ligne {line} écartée : {why}");
                }
            }
        }
        if summary.rows.is_multiple_of(BATCH as u64) {
            record_batch(app, &mut batch, &mut summary).await?;
            if summary.rows.is_multiple_of(10 * BATCH as u64) {
                eprintln!("{} lignes…", summary.rows);
            }
        }
    }
    record_batch(app, &mut batch, &mut summary).await?;
    Ok(summary)
}

async fn record_batch(
    app: &App,
    batch: &mut BTreeMap<String, Vec<BulletinLink>>,
    summary: &mut ImportSummary,
) -> anyhow::Result<()> {
    for (code, links) in std::mem::take(batch) {
        let found = app.store.record_indexed(&code, &links, app.clock.now()).await?;
        summary.new += u64::from(found.new);
        summary.known += u64::from(found.known);
    }
    Ok(())
}

impl Columns {
    fn find(headers: &csv::ByteRecord) -> anyhow::Result<Self> {
        let names: Vec<String> = headers
            .iter()
            .map(|name| {
                String::from_utf8_lossy(name).trim_start_matches('\u{feff}').trim().to_lowercase()
            })
            .collect();
        let column = |wanted: &str| names.iter().position(|name| name == wanted);
        let (Some(title), Some(url), Some(departement)) =
            (column("titre"), column("url"), column("departement"))
        else {
            bail!(
                "colonnes attendues : titre;url;departement;mise_a_jour ; trouvées : {}",
                names.join(";")
            );
        };
        Ok(Self { title, url, departement, updated: column("mise_a_jour") })
    }

    fn link(
        &self,
        record: &csv::ByteRecord,
        registry: &Registry,
        today: NaiveDate,
    ) -> Result<(String, BulletinLink), String> {
        let cell =
            |column: usize| record.get(column).map(String::from_utf8_lossy).unwrap_or_default();
        let code = cell(self.departement);
        let source =
            registry.get(code.trim()).map_err(|_| format!("département inconnu « {code} »"))?;
        let address = cell(self.url);
        let url = url::Url::parse(address.trim())
            .map_err(|error| format!("adresse illisible « {address} » ({error})"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("adresse « {address} » : attendu http:// ou https://"));
        }
        let title = cell(self.title);
        let updated = self.updated.map(cell).unwrap_or_default();
        Ok((source.code.clone(), indexed_bulletin(title.trim(), &url, updated.trim(), today)))
    }
}
