//! `guetteur backup`.

use std::path::PathBuf;

use clap::Args;

use super::{Context, Failure};
use crate::app::App;

#[derive(Args)]
pub(super) struct Arguments {
    /// Le fichier à écrire
    file: PathBuf,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let app = App::open(context.config).await?;
        app.store.backup(&self.file).await.map_err(anyhow::Error::from)?;
        eprintln!(
            "base copiée dans {} ; l'archive ({}) se copie à part",
            self.file.display(),
            app.archive.location()
        );
        Ok(())
    }
}
