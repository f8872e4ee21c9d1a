//! `guetteur snapshot`.

use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use guetteur_search::SearchIndex;

use super::{Context, Failure};
use crate::app::App;
use crate::index_snapshots::Snapshots;

#[derive(Args)]
pub(super) struct Arguments {}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let app = App::open(context.config).await?;
        let Some(snapshots) = Snapshots::of(&app)? else {
            let why = "index.snapshots ne dit pas où la copie doit aller (docs/scale.md)";
            return Err(Failure::Usage(anyhow::anyhow!(why)));
        };
        let index = SearchIndex::open_read_only(&app.index_dir()).map_err(anyhow::Error::from)?;
        let copy = snapshots.make(&Arc::new(index)).await?;
        let copy = copy.context("rien n'est encore archivé et indexé : il n'y a rien à copier")?;
        let (files, megabytes) = (copy.files(), copy.bytes() / 1_000_000);
        let revision = copy.revision;
        eprintln!("index copié : {files} fichiers, {megabytes} Mo, jusqu'à la révision {revision}");
        Ok(())
    }
}
