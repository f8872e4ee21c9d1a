//! `guetteur demo`.

use std::sync::Arc;

use clap::Args;

use super::{Context, Failure};
use crate::app::App;
use crate::{demo, site, watch};

#[derive(Args)]
pub(super) struct Arguments {
    /// Adresse et port du site (par défaut 127.0.0.1:8080)
    #[arg(long, value_name = "ADDR")]
    pub(super) listen: Option<String>,
    /// S'arrête après le parcours, sans servir le site
    #[arg(long)]
    no_serve: bool,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let mut config = context.config;
        // The default folder is for live data; a demo leaves nothing behind.
        let scratch = if context.data_given {
            None
        } else {
            let dir = tempfile::Builder::new()
                .prefix("guetteur-demo-")
                .tempdir()
                .map_err(anyhow::Error::from)?;
            config.data = dir.path().to_owned();
            config.database_url.clear();
            Some(dir)
        };
        let bundle = demo::bundle()?;
        config.mirror = demo::serve(bundle.sites)?;
        config.fetch.delay_ms = 0;
        config.validate().map_err(Failure::Usage)?;
        let clock = Arc::new(demo::DemoClock::start());
        let app = Arc::new(App::open_at(config, clock).await?);
        // Taken before the work: a port in use should not cost two minutes.
        let listener = if self.no_serve { None } else { Some(site::listen(&app).await?) };
        let sources = app.sources(&bundle.codes)?;
        eprintln!(
            "{} sites simulés, {} recueils ; lecture, OCR, découpe, signalement…",
            sources.len(),
            bundle.demo.files().len()
        );
        let summary = super::crawl::crawl(&app, &sources, None, true).await?;
        summary.print(context.json)?;
        if let Some(listener) = listener {
            site::serve(&app, listener, watch::stop_requested()).await?;
        }
        drop(scratch);
        Ok(())
    }
}
