//! `guetteur crawl`.

use std::sync::Arc;

use chrono::NaiveDate;
use clap::Args;
use futures::StreamExt;
use guetteur_model::Source;
use guetteur_search::SearchIndex;

use super::progress::Progress;
use super::summary::Summary;
use super::words::count;
use super::{Context, Failure};
use crate::app::{self, Access, App, Presence, Sight};
use crate::pipeline::{Events, Follower, Rechecks, Workers, discover_source};

/// Sites walked at once.
const WALKS: usize = 8;

#[derive(Args)]
pub(super) struct Arguments {
    /// Codes (34, 2A, ppparis…) ; toutes les sources sinon
    codes: Vec<String>,
    /// Seulement les recueils publiés ce jour-là ou après
    #[arg(long, value_name = "DATE")]
    since: Option<NaiveDate>,
    /// Tout le site, et non ce qui a pu changer
    #[arg(long)]
    full: bool,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let app = Arc::new(App::open(context.config).await?);
        let sources = app.sources(&self.codes).map_err(Failure::Usage)?;
        let summary = crawl(&app, &sources, self.since, self.full).await?;
        let failed = summary.without_result().join(", ");
        summary.print(json)?;
        if !failed.is_empty() {
            return Err(anyhow::anyhow!("rien n'a pu être trouvé sur : {failed}").into());
        }
        Ok(())
    }
}

/// Walks `sources`, then works until nothing is left to do now, then indexes.
pub(super) async fn crawl(
    app: &Arc<App>,
    sources: &[Source],
    since: Option<NaiveDate>,
    full: bool,
) -> anyhow::Result<Summary> {
    require_archive(app).await?;
    let presence = Presence::begin(&app.config.data, &app.store).await?;
    let (events, receiver) = Events::channel();
    let codes: Vec<String> = sources.iter().map(|source| source.code.clone()).collect();
    let empty = Summary::of(codes.iter().map(String::as_str));
    let progress = tokio::spawn(Progress::new(sources.len()).follow(receiver, empty));
    if full {
        app.store.recheck_now(&codes, app.clock.now()).await?;
    }
    let workers = Workers::start(
        Arc::clone(app),
        presence.name(),
        Some(codes),
        events.clone(),
        Rechecks::Now,
    );
    futures::stream::iter(sources)
        .for_each_concurrent(WALKS, async |source| {
            discover_source(app, source, since, full, &events).await;
            workers.wake();
        })
        .await;
    workers.drained().await?;
    workers.stop().await;
    drop(events);
    index(app).await?;
    let summary = progress.await?;
    tell_ocr_queue(app).await?;
    Ok(summary)
}

/// Nothing would be taken, and the crawl never end.
pub(super) async fn require_archive(app: &App) -> anyhow::Result<()> {
    match app::sight(&app.store, &app.archive).await? {
        Sight::Own => Ok(()),
        Sight::Hidden(error) => Err(error.into()),
        Sight::Foreign => Err(anyhow::anyhow!(
            "{} n'est pas l'archive de la base {} : montez le dossier partagé, corrigez archive.url, \
             ou copiez-y l'archive (« guetteur archive move ») ; si c'est bien elle, « guetteur \
             archive adopt »",
            app.archive.location(),
            app.store.location()
        )),
    }
}

/// Says what could not be recognised now.
pub(super) async fn tell_ocr_queue(app: &App) -> anyhow::Result<()> {
    let queue = app.store.ocr_queue(app.reader_versions.ocr).await?;
    if queue.pages > 0 {
        eprintln!(
            "{} dans {} à reconnaître encore (OCR) : « guetteur doctor » dit ce qui l'empêche",
            count(queue.pages, "page", "pages"),
            count(queue.bulletins, "recueil", "recueils"),
        );
    }
    Ok(())
}

/// The index, brought up to date unless a service that runs does it.
pub(super) async fn index(app: &App) -> anyhow::Result<Arc<SearchIndex>> {
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
    Ok(index)
}
