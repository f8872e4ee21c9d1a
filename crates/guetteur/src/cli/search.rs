//! `guetteur search`.

use chrono::NaiveDate;
use clap::Args;
use guetteur_model::{ActId, Level};
use guetteur_search::{Query, SearchRequest};
use guetteur_store::ActRecord;
use serde::Serialize;

use super::filters::FilterArguments;
use super::{Context, Failure, output};
use crate::app::App;

#[derive(Args)]
pub(super) struct Arguments {
    /// Mots, "phrases", ET/OU/SAUF, préfixe*, champs (prefecture:34 categorie:drone apres:2026-01-01)
    query: Vec<String>,
    #[command(flatten)]
    filters: FilterArguments,
    /// Nombre de réponses
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

#[derive(Serialize)]
struct Line<'a> {
    act_id: ActId,
    title: &'a str,
    prefecture: &'a str,
    date: Option<NaiveDate>,
    categories: Vec<&'a str>,
    snippet: &'a str,
    url: String,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let filters = self.filters.search_filters(&context.config).map_err(Failure::Usage)?;
        let json = context.json;
        let app = App::open(context.config).await?;
        let index = super::crawl::index(&app).await?;
        let today = app.clock.now().with_timezone(&chrono_tz::Europe::Paris).date_naive();
        let request = SearchRequest {
            filters,
            limit: self.limit,
            facets: false,
            ..SearchRequest::new(Query::parse(&self.query.join(" ")), today)
        };
        let results = tokio::task::spawn_blocking(move || index.search(&request))
            .await
            .map_err(anyhow::Error::from)?
            .map_err(anyhow::Error::from)?;
        let ids: Vec<ActId> = results.hits.iter().map(|hit| hit.act_id).collect();
        let records = app.store.acts_by_ids(&ids).await.map_err(anyhow::Error::from)?;
        for hit in &results.hits {
            let Some(record) = records.iter().find(|record| record.id == hit.act_id) else {
                continue;
            };
            let line = line(&app, record, &hit.snippet.text);
            if json {
                output::json_line(&line)?;
            } else {
                let date = line.date.map(|day| day.to_string()).unwrap_or_default();
                output::line(&format!(
                    "{date}  {}  {}  [{}]\n    {}\n    {}",
                    line.prefecture,
                    line.title,
                    line.categories.join(", "),
                    line.snippet,
                    line.url
                ))?;
            }
        }
        for note in &results.notes {
            eprintln!("{}", app.law.cited_in(note));
        }
        if let Some(suggestion) = &results.suggestion {
            eprintln!("essayez : {suggestion}");
        }
        eprintln!("{} actes", results.total);
        Ok(())
    }
}

/// What the act does something about; what it merely cites is no finding.
fn categories(record: &ActRecord) -> Vec<&str> {
    let telling = record.flags.iter().filter(|flag| flag.level != Level::Mentions);
    let mut ids: Vec<&str> = telling.map(|flag| flag.category.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn line<'a>(app: &App, record: &'a ActRecord, snippet: &'a str) -> Line<'a> {
    Line {
        act_id: record.id,
        title: &record.act.title,
        prefecture: &record.source,
        date: record.published_on.or(record.facts.published_on),
        categories: categories(record),
        snippet,
        url: format!("{}/acte/{}", app.config.site_url(), record.id),
    }
}
