//! A list in another format, as an answer: feeds with their validators, exports streamed.

use axum::http::header::{CONTENT_TYPE, LINK};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use guetteur_model::ActId;
use guetteur_publish::address::Filters;
use guetteur_publish::export::{ExportError, Exporter, Format, Table, table_schema};
use guetteur_publish::formats::{Holding, ListFormat, Newest};
use guetteur_publish::last_read::Exactness;
use guetteur_publish::listing::{BATCH, List};
use guetteur_publish::{Catalogue, Followed};

use crate::caching::{Validator, unmodified_since};
use crate::error::WebError;
use crate::kept_feeds::WrittenFeed;
use crate::state::AppState;
use crate::streaming::{ChannelWriter, Sender, streamed};
use crate::understood;

/// The list in a format.
///
/// # Errors
/// When a filter is not understood; when index, database or writing fail.
pub(crate) async fn answer(
    state: &AppState,
    list: List,
    format: &'static ListFormat,
    query: &str,
    headers: &HeaderMap,
) -> Result<Response, WebError> {
    understood::whole(state, &Filters::parse(query)).await?;
    match format.holding {
        Holding::All(format) => {
            let (table, plain) = csv_asked(query);
            let is_csv = format == Format::Csv;
            let format = if plain && is_csv { Format::PlainCsv } else { format };
            let mut response = export(&state.catalogue, &list.filters, format, table).await?;
            if is_csv {
                response
                    .headers_mut()
                    .extend(link_to_schema(&state.catalogue.site.absolute(&list.path), query));
            }
            Ok(response)
        }
        Holding::Columns => {
            let (table, plain) = csv_asked(query);
            Ok(axum::Json(table_schema(table, !plain)).into_response())
        }
        Holding::Newest(newest) => {
            // A calendar is whole; a feed can be read back, page by page.
            let (page, from) = match newest {
                Newest::Calendar => (1, None),
                Newest::Feed(_) => {
                    let asked = Filters::parse(query);
                    // Who reads on is on a later page, whatever its number.
                    (asked.page.max(1 + u32::from(asked.reading_on.is_some())), asked.reading_on)
                }
            };
            followed(state, &list.on_page(page, from), format, newest, headers).await
        }
    }
}

/// Which table the address of a CSV, or of its schema, asks for, and whether in the dialect of programs.
fn csv_asked(query: &str) -> (Table, bool) {
    let asked = |name: &str, value: &str| {
        url::form_urlencoded::parse(query.as_bytes()).any(|(n, v)| n == name && v == value)
    };
    let table = if asked("table", "communes") { Table::Communes } else { Table::Acts };
    (table, asked("format", "rfc4180"))
}

/// Where the schema of the CSV at an address is: beside it.
fn link_to_schema(path: &str, query: &str) -> Option<(HeaderName, HeaderValue)> {
    let sep = if query.is_empty() { "" } else { "?" };
    let schema =
        format!("<{path}.schema.json{sep}{query}>; rel=\"describedby\"; type=\"application/json\"");
    Some((LINK, HeaderValue::from_str(&schema).ok()?))
}

async fn followed(
    state: &AppState,
    list: &List,
    format: &ListFormat,
    newest: Newest,
    headers: &HeaderMap,
) -> Result<Response, WebError> {
    let catalogue = &state.catalogue;
    let address = list.address_as(format);
    let blind = catalogue.blind(&list.followed()).await?;
    let alarms = blind.iter().flat_map(|alarm| [Some(alarm.raised_at), alarm.over_at]);
    let states = catalogue.store.source_health().await?;
    let last_read = catalogue.last_read(&list.followed(), &states, Exactness::Day);
    let validator = Validator::of(catalogue, &address, alarms.flatten().max(), &last_read)?;
    if validator.matches(headers) {
        return Ok(validator.not_modified());
    }
    // The cursor is that of the last commit: what is searched must hold it, and may hold more.
    catalogue.see_all().await?;
    let state_of_index = (validator.clone(), catalogue.index.generation());
    let feed = match state.feeds.get(&address, &state_of_index) {
        Some(feed) => feed,
        None => {
            let told = match list.asked.page {
                page @ 2.. => {
                    let from = list.asked.reading_on.clone();
                    catalogue.followed_before(&list.followed(), page, from).await?
                }
                _ => catalogue.followed(&list.followed(), blind).await?,
            };
            let told = Followed { last_read, ..told };
            let body = catalogue.newest_as(list, format, newest, &told)?.into();
            let feed = WrittenFeed { body, modified: told.last_change() };
            state.feeds.keep(address, state_of_index, feed.clone());
            feed
        }
    };
    if unmodified_since(headers, feed.modified) {
        return Ok(validator.not_modified());
    }
    let mut response = ([(CONTENT_TYPE, format.media_type)], feed.body).into_response();
    if let (Newest::Feed(_), Some(hub)) = (newest, catalogue.hub_of(list)) {
        // Where subscribers look first.
        let own = catalogue.site.absolute(&list.address_as(format));
        let links = HeaderValue::from_str(&format!("<{hub}>; rel=\"hub\", <{own}>; rel=\"self\""));
        response.headers_mut().extend(links.ok().map(|links| (LINK, links)));
    }
    Ok(validator.stamp(response, Some(feed.modified)))
}

async fn export(
    catalogue: &Catalogue,
    filters: &Filters,
    format: Format,
    table: Table,
) -> Result<Response, WebError> {
    let kind = if table == Table::Communes { "communes-" } else { "" };
    let name = format!("guetteur-{kind}{}.{}", catalogue.today(), format.suffix());
    let ids = catalogue.ids(filters).await?;
    let catalogue = catalogue.clone();
    Ok(streamed(&name, format.media_type(), async move |sender| {
        stream_export(&catalogue, &ids, format, table, &sender).await
    }))
}

/// One batch is in memory at a time: the channel makes the database wait for the reader.
async fn stream_export(
    catalogue: &Catalogue,
    ids: &[ActId],
    format: Format,
    table: Table,
    sender: &Sender,
) -> Result<(), ExportError> {
    let mut buffer = Vec::new();
    let mut exporter = Exporter::begin(format, table, &catalogue.site.base_url, &mut buffer)?;
    for batch in ids.chunks(BATCH) {
        let acts = catalogue.acts(batch).await?;
        exporter.push(&acts, &mut buffer)?;
        if !buffer.is_empty() && sender.send(Ok(std::mem::take(&mut buffer))).await.is_err() {
            return Ok(());
        }
    }
    let mut out = ChannelWriter::new(sender.clone(), buffer);
    let last = tokio::task::spawn_blocking(move || exporter.finish(&mut out));
    last.await.map_err(std::io::Error::other)?
}
