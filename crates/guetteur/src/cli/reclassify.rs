//! `guetteur reclassify`.

use std::sync::Arc;

use clap::Args;
use guetteur_store::BulletinFilter;

use super::progress::Progress;
use super::summary::Summary;
use super::{Context, Failure};
use crate::analysis::analysis_version;
use crate::app::{App, Presence};
use crate::pipeline::{Events, Workers};

#[derive(Args)]
pub(super) struct Arguments {
    /// Codes (34, 2A, ppparis…) ; toutes les sources sinon
    codes: Vec<String>,
    /// Relire d'abord les pages qui ont échoué ou qu'une version plus ancienne du lecteur a lues, et
    /// elles seules
    #[arg(long)]
    reread: bool,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let app = Arc::new(App::open(context.config).await?);
        let codes: Vec<String> = app
            .sources(&self.codes)
            .map_err(Failure::Usage)?
            .into_iter()
            .map(|source| source.code)
            .collect();
        let presence = Presence::begin(&app.config.data, &app.store).await?;
        let filter = BulletinFilter { sources: codes.clone(), ..BulletinFilter::default() };
        if self.reread {
            let versions = app.reader_versions;
            let reset = app.store.reset_for_reread(&filter, versions).await;
            let count = reset.map_err(anyhow::Error::from)?;
            eprintln!("{count} recueils à relire avec le lecteur {versions}");
        }
        let version = analysis_version(&app.rules, &app.law);
        let count =
            app.store.reset_for_reclassify(&filter, &version).await.map_err(anyhow::Error::from)?;
        eprintln!("{count} recueils à reprendre avec les règles {version}");
        let (events, receiver) = Events::channel();
        let progress =
            tokio::spawn(Progress::new(0).follow(receiver, Summary::of([]).telling_rules()));
        let start = if self.reread { Workers::start_reading } else { Workers::start_flagging };
        let workers = start(Arc::clone(&app), presence.name(), Some(codes), events);
        workers.drained().await?;
        workers.stop().await;
        super::crawl::index(&app).await?;
        let summary = progress.await.map_err(anyhow::Error::from)?;
        super::crawl::tell_ocr_queue(&app).await?;
        summary.print(json)?;
        Ok(())
    }
}
