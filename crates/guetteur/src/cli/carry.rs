//! `guetteur move`: one database into another.

use std::path::Path;

use clap::Args;
use guetteur_store::{MoveStep, Store};
use serde::Serialize;

use super::words::count;
use super::{Context, Failure, output};

#[derive(Args)]
pub(super) struct Arguments {
    /// La base à porter : sqlite:CHEMIN ou postgres://…
    #[arg(long, value_name = "URL")]
    from: String,
    /// La base vide qui la reçoit
    #[arg(long, value_name = "URL")]
    to: String,
}

/// A table that is the same on both sides.
#[derive(Serialize)]
struct Line<'a> {
    table: &'a str,
    rows: u64,
    hash: &'a str,
}

/// The last line.
#[derive(Serialize)]
struct Summary {
    tables: usize,
    rows: u64,
    from: String,
    to: String,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        if let Some(path) = missing(&self.from) {
            return Err(Failure::Usage(anyhow::anyhow!(
                "pas de base à porter : {} n’existe pas",
                path.display()
            )));
        }
        let open = async |url: &str| Store::open(url).await.map_err(anyhow::Error::from);
        let (from, to) = (open(&self.from).await?, open(&self.to).await?);
        if from.location() == to.location() {
            return Err(Failure::Usage(anyhow::anyhow!("les deux bases sont la même")));
        }
        let (mut table, mut copied) = (String::new(), 0);
        let moved = from.move_to(&to, |step| {
            match step {
                MoveStep::Copied(name, rows) => {
                    copied = if name == table { copied + rows } else { rows };
                    name.clone_into(&mut table);
                    eprintln!("{name} : {}", count(copied, "ligne copiée", "lignes copiées"));
                }
                MoveStep::Compared(moved) => eprintln!(
                    "{} : {}",
                    moved.name,
                    count(moved.rows, "ligne, la même", "lignes, les mêmes")
                ),
            }
            Ok(())
        });
        let moved = moved.await.map_err(anyhow::Error::from)?;
        let rows = moved.iter().map(|table| table.rows).sum();
        let summary = Summary {
            tables: moved.len(),
            rows,
            from: from.location().to_owned(),
            to: to.location().to_owned(),
        };
        if context.json {
            for table in &moved {
                let line = Line { table: &table.name, rows: table.rows, hash: &table.hash };
                output::json_line(&line)?;
            }
            output::json_line(&summary)?;
        }
        eprintln!(
            "{} et {} portées de {} à {} : donnez-la par --database-url ou database_url",
            count(summary.tables as u64, "table", "tables"),
            count(rows, "ligne", "lignes"),
            summary.from,
            summary.to
        );
        Ok(())
    }
}

/// The file of the source, if there is none: opening would make an empty one.
fn missing(url: &str) -> Option<&Path> {
    let path = Path::new(url.trim_start_matches("sqlite:"));
    (!url.contains("://") && !path.exists()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_is_not_there_is_not_made() {
        let folder = tempfile::tempdir().expect("folder");
        let there = folder.path().to_string_lossy();
        assert_eq!(missing(&format!("sqlite:{there}")), None);
        let typo = format!("{there}/guetteur.sqlit");
        assert_eq!(missing(&format!("sqlite:{typo}")), Some(Path::new(&typo)));
        assert_eq!(missing(&typo), Some(Path::new(&typo)));
        assert_eq!(missing("postgres://there/guetteur"), None);
    }
}
