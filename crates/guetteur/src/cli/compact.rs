//! `guetteur compact`.

use clap::Args;

use super::count_bar::CountBar;
use super::{Context, Failure};
use crate::app::App;
use crate::old_texts;

#[derive(Args)]
pub(super) struct Arguments {}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let app = App::open(context.config).await?;
        let size = async || app.store.check().await.map(|check| check.size_bytes / 1_000_000);
        let before = size().await.map_err(anyhow::Error::from)?;
        let documents = app.store.totals().await.map_err(anyhow::Error::from)?.documents;
        let bar = CountBar::over(documents, "PDF aux textes compressés");
        let packed = old_texts::pack_all(&app.store, |more| bar.add(more)).await?;
        bar.finish();
        app.store.compact().await.map_err(anyhow::Error::from)?;
        let after = size().await.map_err(anyhow::Error::from)?;
        eprintln!("textes de {packed} PDF compressés ; base de {before} Mo, {after} Mo maintenant");
        if app.store.is_postgres() {
            eprintln!("PostgreSQL réutilise lui-même la place ; VACUUM FULL la rend au disque");
        }
        Ok(())
    }
}
