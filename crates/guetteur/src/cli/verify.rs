//! `guetteur verify`.

use std::io::IsTerminal;

use clap::Args;
use guetteur_model::{BulletinId, Sha256};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::words::count;
use super::{Context, Failure, output};
use crate::app::App;
use crate::verify::{Looked, Standing, Tally, verify};

/// Outside a terminal, a line every so many documents.
const TOLD_EVERY: u64 = 5_000;

#[derive(Args)]
pub(super) struct Arguments {}

/// A document that is not sound.
#[derive(Serialize)]
struct Line {
    sha256: Sha256,
    status: &'static str,
    bulletin: Option<BulletinId>,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let app = App::open(context.config).await?;
        let documents = app.store.totals().await.map_err(anyhow::Error::from)?.documents;
        let progress = Progress::over(documents);
        let tally = verify(&app.store, &app.archive, |looked| {
            progress.step();
            let Looked { sha256, standing, bulletin } = looked;
            let line = Line { sha256, status: standing.as_str(), bulletin };
            match standing {
                Standing::Sound => Ok(()),
                _ if json => progress.aside(|| output::json_line(&line)),
                _ => progress.aside(|| output::line(&in_words(&looked))),
            }
        });
        let tally = tally.await?;
        progress.bar.finish_and_clear();
        eprintln!("{}", sentence(&tally));
        if tally.is_sound() {
            return Ok(());
        }
        Err(anyhow::anyhow!(
            "l'archive {} ne prouve plus tout ce que dit la base : rendez-lui ces PDF depuis une \
             sauvegarde (et vérifiez que le bon disque est monté), puis recommencez",
            app.archive.location()
        )
        .into())
    }
}

fn in_words(looked: &Looked) -> String {
    let status = match looked.standing {
        Standing::Sound => "intact",
        Standing::Altered => "altéré",
        Standing::Missing => "manquant",
        Standing::Orphan => "orphelin",
    };
    let of = looked.bulletin.map(|id| format!(" (recueil {})", id.0)).unwrap_or_default();
    format!("{status} : {}{of}", looked.sha256)
}

fn sentence(tally: &Tally) -> String {
    let mut told = vec![
        count(tally.sound, "PDF intact", "PDF intacts"),
        count(tally.altered, "altéré", "altérés"),
        count(tally.missing, "manquant", "manquants"),
        count(tally.orphans, "orphelin sans recueil", "orphelins sans recueil"),
    ];
    if tally.strangers > 0 {
        told.push(count(tally.strangers, "fichier étranger", "fichiers étrangers"));
    }
    told.join(", ")
}

/// A bar for people, a line now and then for logs.
struct Progress {
    bar: ProgressBar,
    plain: bool,
}

impl Progress {
    fn over(documents: u64) -> Self {
        let plain = !std::io::stderr().is_terminal();
        let target =
            if plain { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(documents), target);
        let style = "{elapsed_precise} [{bar:30}] {pos}/{len} PDF · reste {eta}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style.progress_chars("█▌ "));
        }
        Self { bar, plain }
    }

    fn step(&self) {
        self.bar.inc(1);
        let done = self.bar.position();
        if self.plain && done.is_multiple_of(TOLD_EVERY) {
            eprintln!("{done}/{} PDF vérifiés", self.bar.length().unwrap_or(done));
        }
    }

    /// Writes to stdout without tearing the bar.
    fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }
}
