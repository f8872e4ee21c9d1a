//! `guetteur discover`.

use std::sync::Arc;

use chrono::NaiveDate;
use clap::Args;
use guetteur_model::{Clock, SystemClock};
use guetteur_publish::failure_words;

use super::{Context, Failure, output};
use crate::app;
use crate::pipeline::{SitePages, walk};

#[derive(Args)]
pub(super) struct Arguments {
    /// Code de la source (34, 2A, ppparis…)
    code: String,
    /// Seulement les recueils publiés ce jour-là ou après
    #[arg(long, value_name = "DATE")]
    since: Option<NaiveDate>,
    /// Tout le site, et non ses pages les plus récentes
    #[arg(long)]
    full: bool,
}

impl Arguments {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        let registry = app::registry(&context.config)?;
        let source = registry.get(&self.code).map_err(|e| Failure::Usage(e.into()))?;
        let pages = SitePages::new(Arc::new(app::client(&context.config, &registry)?));
        let today = SystemClock.now().with_timezone(&source.timezone).date_naive();
        let discovery = walk(source, self.since, self.full, today, None, &pages).await?;
        let rows: Vec<_> = discovery
            .bulletins
            .iter()
            .map(|b| {
                let date = b.published_on.map(|day| day.to_string()).unwrap_or_default();
                vec![date, b.number.clone().unwrap_or_default(), b.title.clone(), b.url.clone()]
            })
            .collect();
        if context.json {
            discovery.bulletins.iter().try_for_each(output::json_line)?;
        } else {
            output::line(&output::table(&["date", "numéro", "titre", "adresse"], &rows))?;
        }
        eprintln!("{} recueils, {} requêtes", rows.len(), discovery.requests);
        for document in &discovery.left_out {
            eprintln!(
                "laissé de côté : {} ({}) : {}",
                document.title,
                document.url,
                failure_words::left_out(document.reason)
            );
        }
        for failure in &discovery.failures {
            eprintln!("{} : {}", failure.url, failure_words::sentence(&failure.reason.failure()));
        }
        if rows.is_empty() {
            return Err(
                anyhow::anyhow!("aucun recueil trouvé sur {}", source.roots.join(", ")).into()
            );
        }
        Ok(())
    }
}
