//! `guetteur serve`.

use clap::Args;

use super::{Context, Failure};
use crate::app::App;
use crate::{site, watch};

#[derive(Args)]
pub(super) struct Arguments {
    /// Adresse et port (par défaut 127.0.0.1:8080)
    #[arg(long, value_name = "ADDR")]
    pub(super) listen: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let app = App::open(context.config).await?;
        let listener = site::listen(&app).await?;
        site::serve(&app, listener, watch::stop_requested(), None).await?;
        Ok(())
    }
}
