//! `guetteur sources record`: a site's pages as a description for the simulated sites.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;
use guetteur_model::{Clock, SystemClock};
use guetteur_sources::{DiscoverOptions, KnownGround, Recorder, describe_site, discover};

use super::bundle::{self, Bundle};
use super::{Context, Failure};
use crate::app;
use crate::pipeline::SitePages;

/// A year of months and the way there.
const MOST_PAGES: u32 = 40;

#[derive(Args)]
pub(super) struct Arguments {
    /// Code de la source (34, 2A, ppparis…)
    code: String,
    /// Dossier des pages gardées par `sources check --save` ; sinon le site est parcouru
    #[arg(long, value_name = "DIR")]
    saved: Option<PathBuf>,
    /// Dossier où écrire CODE.json
    #[arg(long, value_name = "DIR", default_value = "fixtures/sites")]
    into: PathBuf,
    /// Remplacer la description qui existe
    #[arg(long)]
    force: bool,
}

impl Arguments {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        let registry = app::registry(&context.config)?;
        let source = registry.get(&self.code).map_err(|e| Failure::Usage(e.into()))?;
        let file = self.into.join(format!("{}.json", source.code));
        if file.exists() && !self.force {
            let taken = || -> anyhow::Result<()> {
                bail!("{} existe : ajoutez --force pour la remplacer", file.display())
            };
            return taken().map_err(Failure::Usage);
        }
        let today = SystemClock.now().with_timezone(&source.timezone).date_naive();
        let nothing = KnownGround::default();
        let options =
            DiscoverOptions { max_pages: MOST_PAGES, ..DiscoverOptions::daily(today, &nothing) };
        let (found, pages) = if let Some(folder) = &self.saved {
            let pages = bundle::read(&folder.join(&source.code))?;
            let found = discover(source, &options, &Bundle::of(&pages)).await;
            (found.map_err(anyhow::Error::from)?, pages)
        } else {
            let live = SitePages::new(Arc::new(app::client(&context.config, &registry)?));
            let recorder = Recorder::new(&live);
            let found = discover(source, &options, &recorder).await;
            (found.map_err(anyhow::Error::from)?, recorder.into_pages())
        };
        let spec = describe_site(source, &pages, &found.bulletins, today)
            .with_context(|| format!("la source {} n’a pas de racine", source.code))?;
        std::fs::create_dir_all(&self.into)
            .with_context(|| format!("création de {}", self.into.display()))?;
        std::fs::write(&file, spec + "\n")
            .with_context(|| format!("écriture de {}", file.display()))?;
        eprintln!(
            "{} : {} pages, {} recueils ; à relire : les recueils attendus, les leurres, les notes",
            file.display(),
            pages.len(),
            found.bulletins.len()
        );
        Ok(())
    }
}
