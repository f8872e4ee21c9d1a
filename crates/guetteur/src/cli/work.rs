//! `guetteur work`.

use std::sync::Arc;

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::{Context, Failure};
use crate::app::{App, Presence};
use crate::old_texts::pack_beside;
use crate::pipeline::{Events, Rechecks, Workers};
use crate::{metrics, watch};

#[derive(Args)]
pub(super) struct Arguments {}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let app = Arc::new(App::open(context.config).await?);
        let presence = Presence::begin(&app.config.data, &app.store).await?;
        let stop = watch::stop_requested();
        let measured = CancellationToken::new();
        metrics::start(&app, measured.child_token()).await?;
        let (events, receiver) = Events::channel();
        let log = tokio::spawn(watch::log_events(receiver));
        let workers =
            Workers::start(Arc::clone(&app), presence.name(), None, events, Rechecks::AtNight);
        tracing::info!(worker = presence.name(), database = app.store.location(), "working");
        let stopping = CancellationToken::new();
        let packing = tokio::spawn(pack_beside(app.store.clone(), stopping.child_token()));
        stop.await;
        stopping.cancel();
        measured.cancel();
        workers.stop().await;
        let _ = tokio::join!(packing, log);
        Ok(())
    }
}
