//! `guetteur coverage`.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use clap::Args;
use guetteur_model::{FailureKind, LeftOut};
use guetteur_publish::failure_words;
use guetteur_store::SourceStatus;
use guetteur_store::coverage::missing_numbers;
use serde::Serialize;

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
    last_ok: Option<DateTime<Utc>>,
    /// End of the last pass over everything.
    last_full: Option<DateTime<Utc>>,
    /// Last quick look at its newest list.
    last_look: Option<DateTime<Utc>>,
    /// Publication day of the newest bulletin.
    last_published: Option<NaiveDate>,
    /// Usual days between two days of publication.
    usual_days: Option<u32>,
    last_error: Option<String>,
    /// The kind of that error.
    last_failure: Option<FailureKind>,
    bulletins: u64,
    acts: u64,
    flagged: u64,
    /// Numbers missing this year.
    missing: Vec<String>,
    status: SourceStatus,
    /// Bulletins given up.
    failed: u64,
    /// Bulletins not done yet.
    pending: u64,
    /// Bulletins of the national index that the site never listed.
    only_indexed: u64,
    /// Bulletins of the site that the national index lacks.
    only_listed: u64,
    /// Documents that it lists and that were not taken for bulletins, with the reason.
    left_out: Vec<LeftOut>,
    /// Lists that had changed while their server said that they had not, with the time since which
    /// it is not believed.
    distrusted: Vec<Distrusted>,
    /// Why it is failing now.
    #[serde(skip)]
    failure: Option<String>,
}

#[derive(Serialize)]
struct Distrusted {
    url: String,
    since: DateTime<Utc>,
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let app = App::open(context.config).await?;
        let sources = app.sources(&self.codes).map_err(Failure::Usage)?;
        let states = app.store.source_states().await.map_err(anyhow::Error::from)?;
        let now = app.clock.now();
        let (mut rows, mut reasons) = (Vec::new(), Vec::new());
        let names_sources = !self.codes.is_empty();
        for source in sources {
            let state = states.iter().find(|state| state.code == source.code);
            let numbers =
                app.store.numbers(&source.code, now.year()).await.map_err(anyhow::Error::from)?;
            let known = state.cloned().unwrap_or_default();
            let left_out =
                app.store.left_out(Some(&source.code)).await.map_err(anyhow::Error::from)?;
            let lists =
                app.store.newest_lists(Some(&source.code)).await.map_err(anyhow::Error::from)?;
            let distrusted = lists
                .into_iter()
                .filter_map(|list| Some(Distrusted { since: list.distrusted_at?, url: list.url }));
            let line = Line {
                status: SourceStatus::of(state, now),
                failure: known.failure(now).map(failure_words::of_source),
                missing: missing_numbers(&numbers),
                code: source.code,
                last_ok: known.last_ok_at,
                last_full: known.last_full_at,
                last_look: known.looked_at,
                last_published: known.last_published_on,
                usual_days: known.rhythm.map(|rhythm| rhythm.usual_days),
                last_error: known.last_failure.as_ref().map(failure_words::of_source),
                last_failure: known.last_failure.map(|failed| failed.failure.kind),
                bulletins: known.bulletins,
                acts: known.acts,
                flagged: known.flagged,
                failed: known.failed,
                pending: known.pending,
                only_indexed: known.only_indexed,
                only_listed: known.only_listed,
                left_out: left_out.into_iter().map(|(_, document)| document).collect(),
                distrusted: distrusted.collect(),
            };
            if json {
                output::json_line(&line)?;
            } else {
                rows.push(row(&line));
                reasons.extend(said(&line, names_sources));
            }
        }
        if !json {
            let header = [
                "source",
                "état",
                "dernier succès",
                "lecture complète",
                "dernier recueil",
                "rythme",
                "recueils",
                "actes",
                "signalés",
                "échecs",
                "manquants",
                "que l'index",
                "que le site",
                "laissés de côté",
            ];
            output::line(&output::table(&header, &rows))?;
            for reason in reasons {
                output::line(&reason)?;
            }
        }
        Ok(())
    }
}

/// What is said of a source below the table; document by document of those that were asked for.
fn said(line: &Line, names_documents: bool) -> Vec<String> {
    let mut said: Vec<String> = line.failure.iter().map(|why| why.to_string()).collect();
    said.extend(line.distrusted.iter().map(|list| {
        format!(
            "{} : la liste a changé alors que le serveur la disait inchangée ; relue sans \
             condition depuis le {}",
            list.url,
            list.since.format("%d/%m/%Y %H:%M")
        )
    }));
    if names_documents {
        said.extend(line.left_out.iter().map(|document| {
            let reason = failure_words::left_out(document.reason);
            format!("laissé de côté : {} ({}) : {reason}", document.title, document.url)
        }));
    }
    said.iter().map(|said| format!("{} : {said}", line.code)).collect()
}

fn row(line: &Line) -> Vec<String> {
    let instant = |at: Option<DateTime<Utc>>| {
        at.map_or_else(|| "jamais".to_owned(), |at| at.format("%d/%m/%Y %H:%M").to_string())
    };
    vec![
        line.code.clone(),
        failure_words::status(line.status).to_owned(),
        instant(line.last_ok),
        instant(line.last_full),
        line.last_published.map(|day| day.format("%d/%m/%Y").to_string()).unwrap_or_default(),
        line.usual_days.map(|days| format!("{days} j")).unwrap_or_default(),
        line.bulletins.to_string(),
        line.acts.to_string(),
        line.flagged.to_string(),
        line.failed.to_string(),
        line.missing.join(", "),
        line.only_indexed.to_string(),
        line.only_listed.to_string(),
        line.left_out.len().to_string(),
    ]
}
