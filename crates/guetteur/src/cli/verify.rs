//! `guetteur verify`.

use clap::Args;
use guetteur_model::{BulletinId, Sha256};
use serde::Serialize;

use super::count_bar::CountBar;
use super::words::count;
use super::{Context, Failure, output};
use crate::app::App;
use crate::verify::{Looked, Standing, Tally, verify};

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
        let progress = CountBar::over(documents, "PDF vérifiés");
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
        progress.finish();
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
