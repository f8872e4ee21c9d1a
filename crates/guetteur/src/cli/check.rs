//! `guetteur sources check`: a bounded look at live sites, and what differs from the last one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use clap::Args;
use guetteur_fetch::{Client, Conditional, FetchError};
use guetteur_model::{Clock, Source, SystemClock};
use guetteur_publish::failure_words;
use guetteur_sources::{
    DiscoverOptions, Discovery, FailureReason, KeptPage, KnownGround, Recorder, discover,
    platform_of,
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Context, Failure, bundle, output};
use crate::app;
use crate::pipeline::SitePages;

/// The way from a root to its newest list is four pages; a check is not a pass.
const MOST_PAGES: u32 = 8;
/// What the last check of each source saw, in the data folder.
const LAST: &str = "checks.json";

#[derive(Args)]
pub(super) struct Arguments {
    /// Codes (34, 2A, ppparis…) ; toutes les sources sinon
    codes: Vec<String>,
    /// Garder les pages des sites qui ne vont pas, un dossier par source (voir `sources record`)
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,
}

/// What a look saw of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    /// Bulletins are listed, and the newest is a PDF.
    Ok,
    /// The site refuses us.
    Blocked,
    /// A page on the way could not be read.
    Broken,
    /// Nothing names a bulletin.
    Empty,
    /// The newest bulletin's address does not give a PDF.
    NoPdf,
}

impl Status {
    fn in_french(self) -> &'static str {
        match self {
            Self::Ok => "va bien",
            Self::Blocked => "bloqué",
            Self::Broken => "page en échec",
            Self::Empty => "aucun recueil",
            Self::NoPdf => "recueil sans PDF",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    status: Status,
    newest_on: Option<NaiveDate>,
    platform: String,
    /// The page that lists the newest bulletin.
    list: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    code: &'a str,
    status: Status,
    newest_on: Option<NaiveDate>,
    platform: &'a str,
    /// What differs from the last check: `status`, `platform`, `list`, `newest_on`.
    changed: Vec<&'static str>,
    /// Days since the newest bulletin.
    age_days: Option<i64>,
    found: usize,
    why: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        let registry = app::registry(&context.config)?;
        let sources = app::select(&registry, &self.codes).map_err(Failure::Usage)?;
        let client = Arc::new(app::client(&context.config, &registry)?);
        let pages = SitePages::new(Arc::clone(&client));
        let mut last = read_last(&context.config.data)?;
        let (mut rows, mut bad) = (Vec::new(), 0_usize);
        for source in &sources {
            let today = SystemClock.now().with_timezone(&source.timezone).date_naive();
            let (found, kept) = look_at(source, &pages, today).await?;
            let (status, why) = judge(&found, &client).await;
            let seen = Seen {
                status,
                newest_on: found.bulletins.iter().filter_map(|b| b.published_on).max(),
                platform: platform(&kept),
                list: found.newest_list.clone(),
            };
            let line = Line {
                code: &source.code,
                status,
                newest_on: seen.newest_on,
                platform: &seen.platform,
                changed: last
                    .get(&source.code)
                    .map(|old| differences(old, &seen))
                    .unwrap_or_default(),
                age_days: seen.newest_on.map(|day| (today - day).num_days()),
                found: found.bulletins.len(),
                why,
            };
            if context.json {
                output::json_line(&line)?;
            } else {
                rows.push(row(&line));
            }
            if status != Status::Ok {
                bad += 1;
                if let Some(folder) = &self.save {
                    bundle::write(&folder.join(&source.code), &kept)?;
                }
            }
            last.insert(source.code.clone(), seen);
            write_last(&context.config.data, &last)?;
        }
        if !context.json {
            let header = [
                "source",
                "état",
                "dernier recueil",
                "jours",
                "recueils",
                "plateforme",
                "changé",
                "raison",
            ];
            output::line(&output::table(&header, &rows))?;
        }
        if bad > 0 {
            let all = sources.len();
            return Err(anyhow::anyhow!("{bad} source(s) sur {all} ne vont pas bien").into());
        }
        Ok(())
    }
}

async fn look_at(
    source: &Source,
    pages: &SitePages,
    today: NaiveDate,
) -> Result<(Discovery, Vec<KeptPage>)> {
    let nothing = KnownGround::default();
    let options =
        DiscoverOptions { max_pages: MOST_PAGES, ..DiscoverOptions::daily(today, &nothing) };
    let recorder = Recorder::new(pages);
    let found = discover(source, &options, &recorder).await?;
    Ok((found, recorder.into_pages()))
}

/// What a look tells of a site, and why, when it does not go well.
async fn judge(found: &Discovery, client: &Client) -> (Status, Option<String>) {
    let failures = || {
        let ours = |reason: &FailureReason| {
            matches!(reason, FailureReason::Limit(_) | FailureReason::NoDocument)
        };
        found.failures.iter().filter(move |failure| !ours(&failure.reason))
    };
    let told = |failure: &guetteur_sources::PageFailure| {
        Some(format!("{} : {}", failure.url, failure_words::sentence(&failure.reason.failure())))
    };
    if let Some(refused) = failures().find(|f| f.reason.failure().kind.is_refusal()) {
        return (Status::Blocked, told(refused));
    }
    let Some(newest) = found.bulletins.iter().max_by_key(|bulletin| bulletin.published_on) else {
        let unread = found.unread().next().map(|_| failure_words::sentence(&found.emptiness()));
        return (Status::Empty, failures().next().and_then(told).or(unread));
    };
    if let Some(failed) = failures().next() {
        return (Status::Broken, told(failed));
    }
    match Url::parse(&newest.url) {
        Ok(url) => head_of(&url, client).await,
        Err(error) => (Status::NoPdf, Some(format!("{} : {error}", newest.url))),
    }
}

/// Asks for a PDF as for a page: no more than its beginning is read.
async fn head_of(url: &Url, client: &Client) -> (Status, Option<String>) {
    match client.get_page(url, None).await {
        Err(FetchError::NotHtml { media_type }) if media_type.contains("pdf") => (Status::Ok, None),
        Ok(Conditional::Got(_) | Conditional::NotModified) => {
            (Status::NoPdf, Some(format!("{url} : une page au lieu du PDF")))
        }
        Err(error) => {
            let failure = error.failure();
            let status = if failure.kind.is_refusal() { Status::Blocked } else { Status::NoPdf };
            (status, Some(format!("{url} : {}", failure_words::sentence(&failure))))
        }
    }
}

/// The platform that the pages show; a page of another make among them says nothing.
fn platform(pages: &[KeptPage]) -> String {
    let mut shown = pages.iter().map(|page| platform_of(&page.html));
    shown.rfind(|platform| *platform != "other").unwrap_or("other").to_owned()
}

fn differences(old: &Seen, new: &Seen) -> Vec<&'static str> {
    [
        ("status", old.status != new.status),
        ("platform", old.platform != new.platform),
        ("list", old.list != new.list),
        ("newest_on", old.newest_on != new.newest_on),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}

fn row(line: &Line<'_>) -> Vec<String> {
    vec![
        line.code.to_owned(),
        line.status.in_french().to_owned(),
        line.newest_on.map(|day| day.format("%d/%m/%Y").to_string()).unwrap_or_default(),
        line.age_days.map(|days| days.to_string()).unwrap_or_default(),
        line.found.to_string(),
        line.platform.to_owned(),
        line.changed.join(" "),
        line.why.clone().unwrap_or_default(),
    ]
}

fn read_last(data: &Path) -> Result<BTreeMap<String, Seen>> {
    let file = data.join(LAST);
    match std::fs::read_to_string(&file) {
        Ok(text) => serde_json::from_str(&text).with_context(|| {
            format!("{} illisible : supprimez-le, la comparaison repartira de zéro", file.display())
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error).with_context(|| format!("lecture de {}", file.display())),
    }
}

fn write_last(data: &Path, last: &BTreeMap<String, Seen>) -> Result<()> {
    std::fs::create_dir_all(data).with_context(|| format!("création de {}", data.display()))?;
    let file = data.join(LAST);
    std::fs::write(&file, serde_json::to_string_pretty(last)?)
        .with_context(|| format!("écriture de {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_the_last_time() {
        let old = Seen {
            status: Status::Ok,
            newest_on: "2026-08-14".parse().ok(),
            platform: "dsfr".to_owned(),
            list: Some("https://a.fr/2026".to_owned()),
        };
        assert!(differences(&old, &old).is_empty());
        let new = Seen { status: Status::Empty, newest_on: None, ..old.clone() };
        assert_eq!(differences(&old, &new), ["status", "newest_on"]);
        let moved = Seen { list: None, platform: "drupal".to_owned(), ..old.clone() };
        assert_eq!(differences(&old, &moved), ["platform", "list"]);
    }
}
