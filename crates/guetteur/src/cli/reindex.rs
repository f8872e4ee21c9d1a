//! `guetteur reindex`: everything that is derived from the database, anew: the counts that it keeps, the
//! search index, the figures' book.

use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use guetteur_web::FigureBook;

use super::{Context, Failure};
use crate::app::{Access, App};
use crate::pipeline::Follower;

#[derive(Args)]
pub(super) struct Arguments {}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let app = App::open(context.config).await?;
        let (index, access) = app.open_index_alone()?;
        if access == Access::Read {
            return Err(anyhow::anyhow!(
                "l'index {} est tenu par un autre processus : arrêtez watch ou serve, puis recommencez",
                app.index_dir().display()
            )
            .into());
        }
        let book = app.config.figures_path();
        FigureBook::remove(&book).with_context(|| format!("suppression de {}", book.display()))?;
        app.store.recount().await.map_err(anyhow::Error::from)?;
        index.clear().map_err(anyhow::Error::from)?;
        let follower =
            Follower { store: app.store.clone(), index: Arc::new(index), registry: app.registry };
        let count = follower.catch_up().await?;
        eprintln!("{count} actes indexés");
        Ok(())
    }
}
