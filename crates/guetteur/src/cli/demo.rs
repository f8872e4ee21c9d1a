//! `guetteur demo`.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::{Context, Failure};
use crate::app::App;
use crate::config::DATABASE;
use crate::{demo, site, watch};

/// A file that tells a demo's folder.
const MARK: &str = "DEMONSTRATION";

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
        // Invented acts must never stand among real ones: the settings of a live installation are
        // not for the demo, and it leaves nothing behind.
        if !context.database_given {
            config.database_url = None;
        }
        let scratch = if context.data_given {
            None
        } else {
            let dir = tempfile::Builder::new()
                .prefix("guetteur-demo-")
                .tempdir()
                .map_err(anyhow::Error::from)?;
            config.data = dir.path().to_owned();
            Some(dir)
        };
        if !context.database_given {
            mark_as_demo(&config.data).map_err(Failure::Usage)?;
        }
        let bundle = demo::bundle()?;
        config.mirror = Some(demo::serve(bundle.sites)?);
        config.fetch.delay = std::time::Duration::ZERO;
        config.validate()?;
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
            site::serve(&app, listener, watch::stop_requested(), None).await?;
        }
        drop(scratch);
        Ok(())
    }
}

/// Demands a folder that is new, or of an earlier demo.
fn mark_as_demo(data: &Path) -> Result<()> {
    let mark = data.join(MARK);
    if data.join(DATABASE).exists() && !mark.exists() {
        bail!(
            "{} contient une base qui n'est pas d'une démonstration : donnez un autre dossier",
            data.display()
        );
    }
    std::fs::create_dir_all(data)
        .and_then(|()| std::fs::write(&mark, "Actes inventés : guetteur demo.\n"))
        .with_context(|| format!("écriture de {}", mark.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_data_is_left_alone() {
        let dir = tempfile::tempdir().expect("dir");
        let live = dir.path().join("live");
        std::fs::create_dir(&live).expect("dir");
        std::fs::write(live.join(DATABASE), "").expect("database");
        assert!(mark_as_demo(&live).expect_err("live").to_string().contains("live"));
        let fresh = dir.path().join("demo");
        mark_as_demo(&fresh).expect("new folder");
        std::fs::write(fresh.join(DATABASE), "").expect("database");
        mark_as_demo(&fresh).expect("again");
    }
}
