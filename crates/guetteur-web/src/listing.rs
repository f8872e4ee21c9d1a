//! A list in every format: what its suffix asks for.
//!
//! A list is an address ([`List`]); `.atom`, `.rss`, `.json`, `.ics` are feeds of its newest acts,
//! `.csv`, `.xlsx`, `.jsonl` the whole of it, streamed.

use std::collections::HashMap;

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use guetteur_model::Sha256;

use crate::address::Filters;
use crate::caching::{Validator, unmodified_since};
use crate::error::WebError;
use crate::export::{ExportError, Exporter, Format, Table};
use crate::feeds::{Entry, Feed, to_atom, to_ical, to_json_feed, to_rss};
use crate::published::PublishedAct;
use crate::state::AppState;
use crate::streaming::{ChannelWriter, Sender, streamed};

/// A list of acts with an address of its own.
#[derive(Debug, Clone)]
pub struct List {
    /// Title of its feed.
    pub title: String,
    /// Address without suffix nor query (`/prefecture/34`).
    pub path: String,
    /// What the address itself asks for, to be written back.
    pub asked: Filters,
    /// What is searched: `asked`, and what the path says.
    pub filters: Filters,
}

/// A format by suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suffix {
    /// Atom.
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
    /// iCalendar.
    Ical,
    /// A whole list.
    Export(Format),
}

impl Suffix {
    /// All suffixes.
    pub const ALL: [(&'static str, Self); 8] = [
        ("atom", Self::Atom),
        ("rss", Self::Rss),
        ("json", Self::Json),
        ("ics", Self::Ical),
        ("csv", Self::Export(Format::Csv)),
        ("xlsx", Self::Export(Format::Xlsx)),
        ("jsonl", Self::Export(Format::JsonLines)),
        ("zip", Self::Export(Format::Package)),
    ];

    /// `34.atom` is `34` as Atom; `34` and `34.pdf` have no suffix of ours.
    #[must_use]
    pub fn split(name: &str) -> (&str, Option<Self>) {
        let found = name.rsplit_once('.').and_then(|(stem, suffix)| {
            Self::ALL.iter().find(|(id, _)| *id == suffix).map(|(_, format)| (stem, *format))
        });
        found.map_or((name, None), |(stem, suffix)| (stem, Some(suffix)))
    }

    fn id(self) -> &'static str {
        Self::ALL.iter().find(|(_, suffix)| *suffix == self).map_or("csv", |(id, _)| id)
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Json => "application/feed+json; charset=utf-8",
            Self::Ical => "text/calendar; charset=utf-8",
            Self::Export(format) => format.media_type(),
        }
    }
}

/// The list in a format.
///
/// # Errors
/// When index, database or writing fail.
pub async fn answer(
    state: &AppState,
    list: List,
    suffix: Suffix,
    query: &str,
    headers: &HeaderMap,
) -> Result<Response, WebError> {
    match suffix {
        Suffix::Export(format) => {
            let asked = |name: &str, value: &str| {
                url::form_urlencoded::parse(query.as_bytes()).any(|(n, v)| n == name && v == value)
            };
            let plain = asked("format", "rfc4180") && format == Format::Csv;
            let format = if plain { Format::PlainCsv } else { format };
            let by_commune = asked("table", "communes");
            let table = if by_commune { Table::Communes } else { Table::Acts };
            export(state, &list.filters, format, table).await
        }
        _ => feed(state, &list, suffix, headers).await,
    }
}

async fn feed(
    state: &AppState,
    list: &List,
    suffix: Suffix,
    headers: &HeaderMap,
) -> Result<Response, WebError> {
    let path = list.asked.address(&format!("{}.{}", list.path, suffix.id()));
    let validator = Validator::of(state, &path)?;
    if validator.matches(headers) {
        return Ok(validator.not_modified());
    }
    let filters = list.filters.for_alerts();
    let narrowed = filters.levels != list.filters.levels;
    let acts = state.feed_acts(&filters).await?;
    let feed = Feed {
        title: format!("{} – {}", list.title, state.site.title),
        subtitle: subtitle(narrowed, suffix),
        site: &state.site.title,
        host: state.site.host(),
        base_url: &state.site.base_url,
        page: list.asked.address(&list.path),
        path,
        entries: entries(state, &acts)?,
    };
    let modified = feed.updated();
    if unmodified_since(headers, modified) {
        return Ok(validator.not_modified());
    }
    let body = match suffix {
        Suffix::Atom => to_atom(&feed),
        Suffix::Rss => to_rss(&feed),
        Suffix::Ical => to_ical(&feed),
        _ => to_json_feed(&feed).to_string(),
    };
    let response = ([(CONTENT_TYPE, suffix.media_type())], body).into_response();
    Ok(validator.stamp(response, Some(modified)))
}

fn subtitle(narrowed: bool, suffix: Suffix) -> String {
    let what = match suffix {
        Suffix::Ical => "Périodes d’effet des actes",
        _ => "Actes des recueils des préfectures",
    };
    if narrowed {
        format!(
            "{what} qui autorisent ou restreignent. Ajoutez niveau=tous à l’adresse pour tous les \
             recevoir."
        )
    } else {
        format!("{what}, tels que cette adresse les cherche.")
    }
}

fn entries<'a>(
    state: &AppState,
    acts: &'a [PublishedAct],
) -> Result<Vec<Entry<'a>>, minijinja::Error> {
    let mut sizes: HashMap<Sha256, Option<u64>> = HashMap::new();
    acts.iter()
        .map(|act| {
            let bytes = act.pdf_sha256.and_then(|sha| {
                *sizes.entry(sha).or_insert_with(|| {
                    std::fs::metadata(state.archive.path(sha)).ok().map(|file| file.len())
                })
            });
            Entry::new(act, &state.site.base_url, bytes)
        })
        .collect()
}

/// Acts read from the database at a time.
const BATCH: usize = 500;

/// Writes all acts of a list, published last first, to `out`; gives how many. For the command line.
///
/// # Errors
/// When index, database or `out` fail.
pub async fn export_to(
    state: &AppState,
    filters: &Filters,
    format: Format,
    table: Table,
    out: &mut (dyn std::io::Write + Send),
) -> Result<u64, ExportError> {
    let ids = state.ids(filters).await.map_err(export_error)?;
    let mut exporter = Exporter::begin(format, table, &state.site.base_url, out)?;
    let mut written = 0;
    for batch in ids.chunks(BATCH) {
        let acts = state.acts(batch).await.map_err(export_error)?;
        written += acts.len() as u64;
        exporter.push(&acts, out)?;
    }
    exporter.finish(out)?;
    Ok(written)
}

fn export_error(error: crate::catalogue::CatalogueError) -> ExportError {
    use crate::catalogue::CatalogueError as E;
    match error {
        E::Store(error) => error.into(),
        E::Search(error) => error.into(),
        E::Stopped(error) => std::io::Error::other(error).into(),
    }
}

async fn export(
    state: &AppState,
    filters: &Filters,
    format: Format,
    table: Table,
) -> Result<Response, WebError> {
    let kind = if table == Table::Communes { "communes-" } else { "" };
    let name = format!("guetteur-{kind}{}.{}", state.today(), format.suffix());
    let ids = state.ids(filters).await?;
    let state = state.clone();
    Ok(streamed(&name, format.media_type(), async move |sender| {
        stream_export(&state, &ids, format, table, &sender).await
    }))
}

/// One batch is in memory at a time: the channel makes the database wait for the reader.
async fn stream_export(
    state: &AppState,
    ids: &[i64],
    format: Format,
    table: Table,
    sender: &Sender,
) -> Result<(), ExportError> {
    let mut buffer = Vec::new();
    let mut exporter = Exporter::begin(format, table, &state.site.base_url, &mut buffer)?;
    for batch in ids.chunks(BATCH) {
        let acts = state.acts(batch).await.map_err(export_error)?;
        exporter.push(&acts, &mut buffer)?;
        if !buffer.is_empty() && sender.send(Ok(std::mem::take(&mut buffer))).await.is_err() {
            return Ok(());
        }
    }
    let mut out = ChannelWriter::new(sender.clone(), buffer);
    let last = tokio::task::spawn_blocking(move || exporter.finish(&mut out));
    last.await.map_err(std::io::Error::other)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes() {
        assert_eq!(Suffix::split("34.atom"), ("34", Some(Suffix::Atom)));
        assert_eq!(Suffix::split("2A"), ("2A", None));
        assert_eq!(Suffix::split("34.pdf"), ("34.pdf", None));
        assert_eq!(Suffix::split(".csv"), ("", Some(Suffix::Export(Format::Csv))));
    }
}
