//! `guetteur archive`: where the PDFs lie.

use clap::{Args, Subcommand};
use guetteur_archive::{Archive, Copied, Location, Near, StoreSettings};
use guetteur_model::Sha256;
use serde::Serialize;

use super::count_bar::CountBar;
use super::words::count;
use super::{Context, Failure, in_french, output};
use crate::app::{self, App};

#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Copie une archive dans une autre (dossier ou s3://BUCKET/PREFIXE), relue et reprise où elle
    /// s'était arrêtée ; l'ancienne reste
    Move(Move),
    /// Dit que l'archive des réglages est bien celle de la base
    Adopt,
}

#[derive(Args)]
struct Move {
    /// D'où : un dossier ou s3://BUCKET/PREFIXE
    from: String,
    /// Vers où
    to: String,
}

/// A document that could not be copied.
#[derive(Serialize)]
struct Line {
    sha256: Sha256,
    status: &'static str,
    error: String,
}

/// The last line.
#[derive(Serialize, Default)]
struct Summary {
    copied: u64,
    bytes: u64,
    already_there: u64,
    unsound: u64,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        match self.command {
            Command::Move(between) => between.run(&context).await,
            Command::Adopt => {
                let app = App::open(context.config).await?;
                app::adopt(&app.store, &app.archive).await?;
                eprintln!("{} est l'archive de {}", app.archive.location(), app.store.location());
                Ok(())
            }
        }
    }
}

impl Move {
    async fn run(self, context: &Context) -> Result<(), Failure> {
        let data = &context.config.data;
        std::fs::create_dir_all(data).map_err(anyhow::Error::from)?;
        // What passes through a store's near folder on its way needs no place there.
        let passing = tempfile::tempdir_in(data).map_err(anyhow::Error::from)?;
        let open = |given: &str, side: &str| -> Result<Archive, Failure> {
            let location = Location::parse(given).map_err(|error| Failure::Usage(error.into()))?;
            let near = Near { folder: passing.path().join(side), limit_bytes: 0 };
            let settings = StoreSettings::of_environment();
            Ok(Archive::open_at(location, near, &settings).map_err(anyhow::Error::from)?)
        };
        if let Ok(Location::Folder(folder)) = Location::parse(&self.from)
            && !folder.is_dir()
        {
            let why = anyhow::anyhow!("{} n'est pas un dossier", folder.display());
            return Err(Failure::Usage(why));
        }
        let (from, to) = (open(&self.from, "from")?, open(&self.to, "to")?);
        if from.location() == to.location() {
            return Err(Failure::Usage(anyhow::anyhow!("les deux archives sont la même")));
        }
        let mut summary = Summary::default();
        let mut bar = None;
        let journal = data.join("archive-move.journal");
        let copied = guetteur_archive::copy(&from, &to, &journal, |total, sha256, copied| {
            let bar = bar.get_or_insert_with(|| CountBar::over(total as u64, "PDF copiés"));
            bar.step();
            match copied {
                Copied::Now(bytes) => {
                    summary.copied += 1;
                    summary.bytes += bytes;
                }
                Copied::Before => summary.already_there += 1,
                Copied::Unsound(error) => {
                    summary.unsound += 1;
                    let error = in_french(&anyhow::anyhow!(error.to_string()));
                    let line = Line { sha256, status: "unsound", error };
                    let told = || match context.json {
                        true => output::json_line(&line),
                        false => output::line(&format!("non copié : {}", line.error)),
                    };
                    bar.aside(told)?;
                }
            }
            anyhow::Ok(())
        });
        copied.await?;
        if let Some(bar) = bar {
            bar.finish();
        }
        let told = [
            count(summary.copied, "PDF copié et relu", "PDF copiés et relus"),
            count(summary.already_there, "déjà là", "déjà là"),
            count(summary.unsound, "non copié", "non copiés"),
        ];
        eprintln!("{} : {} → {}", told.join(", "), from.location(), to.location());
        let unsound = summary.unsound;
        if context.json {
            output::json_line(&summary)?;
        }
        if unsound > 0 {
            return Err(anyhow::anyhow!(
                "{unsound} PDF de {} ne sont plus intacts : rendez-les-lui depuis une sauvegarde, \
                 puis recommencez",
                from.location()
            )
            .into());
        }
        eprintln!(
            "Mettez archive.url = \"{}\" et redémarrez ; {} peut être effacée ensuite.",
            to.location(),
            from.location()
        );
        Ok(())
    }
}
