//! `guetteur retry`.

use clap::Args;
use guetteur_store::BulletinFilter;
use serde::Serialize;

use super::words::count;
use super::{Context, Failure, output};
use crate::app::App;

#[derive(Args)]
pub(super) struct Arguments {
    /// Codes (34, 2A, ppparis…) ; toutes les sources sinon
    codes: Vec<String>,
}

#[derive(Serialize)]
struct Line {
    code: String,
    /// Bulletins put back to work.
    retried: u64,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let app = App::open(context.config).await?;
        let mut all = 0;
        for source in app.sources(&self.codes).map_err(Failure::Usage)? {
            let filter =
                BulletinFilter { sources: vec![source.code.clone()], ..BulletinFilter::default() };
            let retried = app.store.retry_failed(&filter).await.map_err(anyhow::Error::from)?;
            all += retried;
            let line = Line { code: source.code, retried };
            if json && retried > 0 {
                output::json_line(&line)?;
            } else if retried > 0 {
                output::line(&format!(
                    "{} : {}",
                    line.code,
                    count(retried, "recueil", "recueils")
                ))?;
            }
        }
        eprintln!(
            "{} à reprendre : « guetteur watch », « work » ou « crawl » s'en charge",
            count(all, "recueil", "recueils")
        );
        Ok(())
    }
}
