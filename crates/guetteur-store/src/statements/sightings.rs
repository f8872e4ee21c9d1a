//! What `fetches` and `documents` tell of when PDFs were put on line.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use guetteur_model::FileTimes;
use sqlx::QueryBuilder;

use super::{CHUNK, Connection, Db, push_in};
use crate::StoreError;
use crate::act_records::Sighting;
use crate::error::Doing;
use crate::from_row::from_row;
use crate::rows::parse;

struct RawSighting {
    bulletin_id: i64,
    document_sha256: String,
    first_fetched_at: DateTime<Utc>,
    last_modified: Option<String>,
    file_created: Option<String>,
    file_modified: Option<String>,
}

from_row!(RawSighting {
    bulletin_id,
    document_sha256,
    first_fetched_at,
    last_modified,
    file_created,
    file_modified
});

/// By bulletin and the name of the document.
pub(super) type Sightings = HashMap<(i64, String), Sighting>;

pub(super) async fn of_bulletins(
    connection: &mut Connection,
    bulletins: &[i64],
) -> Result<Sightings, StoreError> {
    let mut sightings = Sightings::new();
    for chunk in bulletins.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new(
            "SELECT f.bulletin_id, f.document_sha256, f.first_fetched_at, f.last_modified, \
             d.file_created, d.file_modified \
             FROM fetches f JOIN documents d ON d.sha256 = f.document_sha256 WHERE true",
        );
        push_in(&mut query, "f.bulletin_id", chunk.iter().copied());
        query.push(" ORDER BY f.bulletin_id, f.first_fetched_at");
        let rows: Vec<RawSighting> = query
            .build_query_as()
            .persistent(false)
            .fetch_all(&mut *connection)
            .await
            .doing("reading when PDFs were put on line")?;
        let mut before = None;
        for row in rows {
            let time = |name, value: &Option<String>| {
                value.as_deref().map(|value| parse(name, value)).transpose()
            };
            let sighting = Sighting {
                file: FileTimes {
                    created: time("documents.file_created", &row.file_created)?,
                    modified: time("documents.file_modified", &row.file_modified)?,
                },
                last_modified: row.last_modified,
                first_fetched_at: row.first_fetched_at,
                replaces: before == Some(row.bulletin_id),
            };
            before = Some(row.bulletin_id);
            sightings.insert((row.bulletin_id, row.document_sha256), sighting);
        }
    }
    Ok(sightings)
}
