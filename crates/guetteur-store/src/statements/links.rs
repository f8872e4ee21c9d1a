//! Tables `act_keys` and `act_references`: how acts find each other.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;

use super::{Connection, Db, push_in};
use crate::error::Doing;
use crate::{ActIdentity, StoreError};

/// Rows of one INSERT.
const CHUNK: usize = 500;

/// Replaces what the acts of a bulletin are known by. Unlike their content it may change without
/// any reader's seeing it.
pub(super) async fn replace(
    connection: &mut Connection,
    bulletin: i64,
    source: &str,
    acts: &[(i64, &ActIdentity)],
) -> Result<(), StoreError> {
    let keys = acts.iter().flat_map(|(id, identity)| rows(*id, &identity.keys)).collect();
    let references = acts.iter().flat_map(|(id, identity)| rows(*id, &identity.references));
    let references = references.collect();
    for (table, rows) in [("act_keys", keys), ("act_references", references)] {
        replace_rows(connection, table, bulletin, source, rows).await?;
    }
    for (id, identity) in acts {
        sqlx::query(
            "UPDATE acts SET sameness = $2, numbered_title = $3 WHERE id = $1 \
             AND (sameness IS DISTINCT FROM $2 OR numbered_title IS DISTINCT FROM $3)",
        )
        .bind(id)
        .bind(identity.sameness.as_deref())
        .bind(identity.numbered_title.as_deref())
        .execute(&mut *connection)
        .await
        .doing("storing what an act is known by")?;
    }
    Ok(())
}

fn rows(act: i64, keys: &[String]) -> impl Iterator<Item = (i64, &String)> {
    keys.iter().collect::<BTreeSet<_>>().into_iter().map(move |key| (act, key))
}

async fn replace_rows(
    connection: &mut Connection,
    table: &str,
    bulletin: i64,
    source: &str,
    rows: Vec<(i64, &String)>,
) -> Result<(), StoreError> {
    let mut query = QueryBuilder::<Db>::new("DELETE FROM ");
    query.push(table).push(" WHERE act_id IN (SELECT id FROM acts WHERE bulletin_id = ");
    query.push_bind(bulletin).push(")");
    let result = query.build().persistent(false).execute(&mut *connection).await;
    result.doing("replacing what acts are known by")?;
    for chunk in rows.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new("INSERT INTO ");
        query.push(table).push(" (act_id, source_code, act_key) ");
        query.push_values(chunk, |mut row, (id, key)| {
            row.push_bind(*id).push_bind(source.to_owned()).push_bind((*key).clone());
        });
        let result = query.build().persistent(false).execute(&mut *connection).await;
        result.doing("storing what acts are known by")?;
    }
    Ok(())
}

/// Ids of acts of `ids` with the id of each act that refers to them.
pub(crate) async fn changing(
    connection: &mut Connection,
    ids: &[i64],
) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut pairs = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new(
            "SELECT DISTINCT k.act_id, r.act_id FROM act_keys k \
             JOIN act_references r ON r.source_code = k.source_code AND r.act_key = k.act_key \
             WHERE r.act_id <> k.act_id",
        );
        push_in(&mut query, "k.act_id", chunk.iter().copied());
        query.push(" ORDER BY k.act_id, r.act_id");
        let query = query.build_query_as::<(i64, i64)>().persistent(false);
        let rows = query.fetch_all(&mut *connection).await;
        pairs.extend(rows.doing("reading what changes acts")?);
    }
    Ok(pairs)
}

/// Ids of acts that a flagged act first held at `since` or later refers to. No act changes before it
/// is first seen: the index on `updated_at` finds them.
pub(crate) async fn changed_by_new_ones(
    connection: &mut Connection,
    since: DateTime<Utc>,
) -> Result<Vec<i64>, StoreError> {
    sqlx::query_scalar(
        "SELECT DISTINCT k.act_id FROM acts a JOIN act_references r ON r.act_id = a.id \
         JOIN act_keys k ON k.source_code = r.source_code AND k.act_key = r.act_key \
         WHERE a.flagged AND a.removed_at IS NULL AND a.updated_at >= $1 \
         AND a.first_seen_at >= $1 AND k.act_id <> a.id ORDER BY k.act_id",
    )
    .bind(since)
    .fetch_all(connection)
    .await
    .doing("reading which acts new ones change")
}

/// Ids of acts that one of `ids` refers to, and of those of `ids` that another act refers to; each once.
pub(crate) async fn changed_by_or_among(
    connection: &mut Connection,
    ids: &[i64],
) -> Result<BTreeSet<i64>, StoreError> {
    let mut changed = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        for side in ["r.act_id", "k.act_id"] {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT DISTINCT k.act_id FROM act_keys k \
                 JOIN act_references r ON r.source_code = k.source_code AND r.act_key = k.act_key \
                 WHERE r.act_id <> k.act_id",
            );
            push_in(&mut query, side, chunk.iter().copied());
            let query = query.build_query_scalar::<i64>().persistent(false);
            let rows = query.fetch_all(&mut *connection).await;
            changed.extend(rows.doing("reading what acts change")?);
        }
    }
    Ok(changed)
}

/// Ids of acts that it changes, that change it, that are the same; each by id.
pub(crate) async fn of(connection: &mut Connection, id: i64) -> Result<[Vec<i64>; 3], StoreError> {
    const STATEMENTS: [&str; 3] = [
        "SELECT DISTINCT k.act_id AS id FROM act_references r \
         JOIN act_keys k ON k.source_code = r.source_code AND k.act_key = r.act_key \
         WHERE r.act_id = $1 AND k.act_id <> $1 ORDER BY id",
        "SELECT DISTINCT r.act_id AS id FROM act_keys k \
         JOIN act_references r ON r.source_code = k.source_code AND r.act_key = k.act_key \
         WHERE k.act_id = $1 AND r.act_id <> $1 ORDER BY id",
        "SELECT b.id FROM acts a JOIN acts b ON b.repeats = COALESCE(a.repeats, a.id) \
         OR b.id = a.repeats WHERE a.id = $1 AND b.id <> $1 ORDER BY b.id",
    ];
    let mut ids = [const { Vec::new() }; 3];
    for (ids, statement) in ids.iter_mut().zip(STATEMENTS) {
        *ids = sqlx::query_scalar(statement)
            .bind(id)
            .fetch_all(&mut *connection)
            .await
            .doing("reading linked acts")?;
    }
    Ok(ids)
}
