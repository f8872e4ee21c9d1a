//! `guetteur watch`.

use std::sync::Arc;

use clap::Args;

use super::{Context, Failure};
use crate::app::App;
use crate::{site, watch};

#[derive(Args)]
pub(super) struct Arguments {
    /// Adresse et port du site (par défaut 127.0.0.1:8080)
    #[arg(long, value_name = "ADDR")]
    pub(super) listen: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let app = Arc::new(App::open(context.config).await?);
        if app.config.fetch.contact.is_none() && app.config.mirror.is_none() {
            tracing::warn!(
                "fetch.contact est vide : donnez une adresse où un webmestre peut vous joindre"
            );
        }
        app.sources(&[]).map_err(Failure::Usage)?;
        let listener = site::listen(&app).await?;
        watch::watch(app, listener).await?;
        Ok(())
    }
}
