//! `guetteur serve`.

use std::sync::Arc;

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::{Context, Failure};
use crate::app::App;
use crate::{metrics, site, watch};

#[derive(Args)]
pub(super) struct Arguments {
    /// Adresse et port (par défaut 127.0.0.1:8080)
    #[arg(long, value_name = "ADDR")]
    pub(super) listen: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let app = Arc::new(App::open(context.config).await?);
        let stop = CancellationToken::new();
        metrics::start(&app, stop.child_token()).await?;
        let listener = site::listen(&app).await?;
        site::serve(&app, listener, watch::stop_requested(), None).await?;
        stop.cancel();
        Ok(())
    }
}
