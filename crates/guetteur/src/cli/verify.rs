//! `guetteur verify`.

use clap::Args;
use guetteur_model::{BulletinId, Sha256};
use guetteur_store::ScrubKind;
use serde::Serialize;

use super::count_bar::CountBar;
use super::words::count;
use super::{Context, Failure, output};
use crate::app::App;
use crate::scrub;
use crate::verify::{Looked, Standing, Tally, verify};

#[derive(Args)]
pub(super) struct Arguments {
    /// Recommencer du début, même si la vérification précédente a été interrompue
    #[arg(long)]
    restart: bool,
}

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
        let from = begin(&app, self.restart).await?;
        let documents = app.store.totals().await.map_err(anyhow::Error::from)?.documents;
        let progress = CountBar::over(documents, "PDF vérifiés");
        progress.add(from.1);
        // What another archive lacks, or a disk that is not mounted, is told; nothing is noted of it.
        let is_there = scrub::is_there(&app).await?;
        let see = |looked: Looked| {
            progress.step();
            let Looked { sha256, standing, bulletin } = looked;
            let line = Line { sha256, status: standing.as_str(), bulletin };
            match standing {
                Standing::Sound => Ok(()),
                _ if json => progress.aside(|| output::json_line(&line)),
                _ => progress.aside(|| output::line(&in_words(&looked))),
            }
        };
        let mut at = from.0;
        let keep = async |looked: &[Looked], to: Option<Sha256>| {
            for one in looked.iter().filter(|one| is_there && one.standing != Standing::Sound) {
                scrub::note(&app, one.sha256, one.standing).await?;
            }
            let (count, now) = (looked.len() as u64, app.clock.now());
            app.store.move_scrub(ScrubKind::Asked, at, to, count, now).await?;
            at = to;
            Ok(())
        };
        let tally = verify(&app.store, &app.archive, from.0, see, keep).await?;
        progress.finish();
        // What was found before, by this or by the slow check, may have been mended meanwhile.
        scrub::look_at_damage(&app).await?;
        let damaged = app.store.damaged_documents().await.map_err(anyhow::Error::from)?.len();
        eprintln!("{}", sentence(&tally));
        if tally.is_sound() && damaged == 0 {
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

/// Where to begin: behind the last document of a check that was interrupted; and how many it had seen.
async fn begin(app: &App, restart: bool) -> anyhow::Result<(Option<Sha256>, u64)> {
    let begun = app.store.scrub(ScrubKind::Asked).await?;
    let Some((last, checked)) = begun.and_then(|scrub| Some((scrub.last?, scrub.checked))) else {
        return Ok((None, 0));
    };
    if restart {
        let now = app.clock.now();
        app.store.move_scrub(ScrubKind::Asked, Some(last), None, 0, now).await?;
        return Ok((None, 0));
    }
    eprintln!(
        "la vérification interrompue reprend après {} (--restart la recommence)",
        count(checked, "PDF", "PDF")
    );
    Ok((Some(last), checked))
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
