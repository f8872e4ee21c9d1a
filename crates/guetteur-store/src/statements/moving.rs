//! Rows of any table, read and written as they are.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::query_builder::Separated;
use sqlx::types::Json;
use sqlx::{QueryBuilder, Row as _};

use super::{COLUMNS, CONTINUE_NUMBERS, Connection, Db, REFERENCES};
use crate::StoreError;
use crate::error::Doing;
use crate::moving::{Cell, Column, Kind, Table};

/// While a database is being filled: from where, and how far each table came.
const MAKE_PROGRESS: &str = "CREATE TABLE IF NOT EXISTS moves_under_way \
     (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)";
/// The row that says from where; no table is called so.
const FROM: &str = " from";

type Row = <Db as sqlx::Database>::Row;

pub(crate) async fn columns(
    connection: &mut Connection,
) -> Result<Vec<(String, String, String, i64)>, StoreError> {
    sqlx::query_as(COLUMNS).fetch_all(connection).await.doing("reading the columns")
}

pub(crate) async fn references(
    connection: &mut Connection,
) -> Result<Vec<(String, String, String)>, StoreError> {
    sqlx::query_as(REFERENCES).fetch_all(connection).await.doing("reading the references")
}

pub(crate) async fn begin(
    connection: &mut Connection,
    tables: &[Table],
    from: &str,
) -> Result<(), StoreError> {
    sqlx::query(MAKE_PROGRESS).execute(&mut *connection).await.doing("beginning a move")?;
    let before: Option<String> =
        sqlx::query_scalar("SELECT value FROM moves_under_way WHERE name = $1")
            .bind(FROM)
            .fetch_optional(&mut *connection)
            .await
            .doing("asking for a move under way")?;
    if let Some(before) = before {
        if before == from {
            return Ok(());
        }
        let reason = format!("it holds half of {before}: finish that move, or give an empty one");
        return Err(StoreError::Move { reason });
    }
    // Migrations put no row there: whatever is in a table is somebody's.
    for Table { name, .. } in tables {
        let mut query = QueryBuilder::<Db>::new("SELECT EXISTS (SELECT 1 FROM ");
        query.push(name).push(")");
        let is_filled: bool = query
            .build_query_scalar()
            .fetch_one(&mut *connection)
            .await
            .doing("asking whether a database is empty")?;
        if is_filled {
            let reason = format!("the new database is not empty (table {name})");
            return Err(StoreError::Move { reason });
        }
    }
    note(connection, FROM, from).await
}

async fn note(connection: &mut Connection, name: &str, value: &str) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO moves_under_way (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(connection)
    .await
    .map(drop)
    .doing("noting how far a move came")
}

pub(crate) async fn progress(
    connection: &mut Connection,
    table: &Table,
) -> Result<Option<Vec<Cell>>, StoreError> {
    let key: Option<String> =
        sqlx::query_scalar("SELECT value FROM moves_under_way WHERE name = $1")
            .bind(&table.name)
            .fetch_optional(connection)
            .await
            .doing("asking how far a move came")?;
    let parse = |key: String| {
        serde_json::from_str(&key).map_err(|source| StoreError::Json { what: "a key", source })
    };
    key.map(parse).transpose()
}

pub(crate) async fn end(connection: &mut Connection) -> Result<(), StoreError> {
    sqlx::query("DROP TABLE moves_under_way").execute(connection).await.map(drop).doing("ending")
}

/// Rows in the order of their keys, those after `last`.
pub(crate) async fn rows(
    connection: &mut Connection,
    table: &Table,
    last: Option<&[Cell]>,
    limit: u32,
) -> Result<Vec<Vec<Cell>>, StoreError> {
    let key = table.key.iter().map(|&column| &*table.columns[column].name);
    let key = key.collect::<Vec<_>>().join(", ");
    let mut query = QueryBuilder::<Db>::new("SELECT ");
    query.push(names(&table.columns)).push(" FROM ").push(&table.name);
    if let Some(last) = last {
        query.push(format!(" WHERE ({key}) > ("));
        let mut list = query.separated(", ");
        last.iter().for_each(|cell| bind(&mut list, cell));
        query.push(")");
    }
    query.push(format!(" ORDER BY {key} LIMIT ")).push_bind(i64::from(limit));
    let rows = query.build().fetch_all(connection).await.doing("reading rows to move")?;
    let cells =
        |row: &Row| table.columns.iter().enumerate().map(|(at, c)| cell(row, at, c.kind)).collect();
    rows.iter().map(cells).collect::<Result<_, sqlx::Error>>().doing("reading rows to move")
}

fn names(columns: &[Column]) -> String {
    let quoted = columns.iter().map(|column| format!("\"{}\"", column.name));
    quoted.collect::<Vec<_>>().join(", ")
}

fn cell(row: &Row, at: usize, kind: Kind) -> Result<Cell, sqlx::Error> {
    Ok(match kind {
        Kind::Number => Cell::Number(row.try_get(at)?),
        Kind::Real => Cell::Real(row.try_get(at)?),
        Kind::Text => Cell::Text(row.try_get(at)?),
        Kind::Bytes => Cell::Bytes(row.try_get(at)?),
        Kind::Boolean => Cell::Boolean(row.try_get(at)?),
        Kind::Time => Cell::Time(row.try_get::<Option<DateTime<Utc>>, _>(at)?),
        Kind::Day => Cell::Day(row.try_get::<Option<NaiveDate>, _>(at)?),
        Kind::Json => {
            Cell::Json(row.try_get::<Option<Json<Value>>, _>(at)?.map(|Json(value)| value))
        }
    })
}

fn bind(list: &mut Separated<'_, Db, &'static str>, cell: &Cell) {
    match cell.clone() {
        Cell::Number(value) => list.push_bind(value),
        Cell::Real(value) => list.push_bind(value),
        Cell::Text(value) => list.push_bind(value),
        Cell::Bytes(value) => list.push_bind(value),
        Cell::Boolean(value) => list.push_bind(value),
        Cell::Time(value) => list.push_bind(value),
        Cell::Day(value) => list.push_bind(value),
        Cell::Json(value) => list.push_bind(value.map(Json)),
    };
}

/// Stores rows, without what refers to others of their table, and the key of the last.
pub(crate) async fn insert(
    connection: &mut Connection,
    table: &Table,
    rows: &[Vec<Cell>],
    last: &[Cell],
) -> Result<(), StoreError> {
    // SQLite takes 32,766 values in one statement, PostgreSQL 65,535.
    for chunk in rows.chunks(30_000 / table.columns.len().max(1)) {
        let mut query = QueryBuilder::<Db>::new("INSERT INTO ");
        query.push(&table.name).push(" (").push(names(&table.columns)).push(") VALUES ");
        for (number, row) in chunk.iter().enumerate() {
            query.push(if number == 0 { "(" } else { ", (" });
            let mut list = query.separated(", ");
            for (at, value) in row.iter().enumerate() {
                if table.to_itself.contains(&at) {
                    list.push("NULL");
                } else {
                    bind(&mut list, value);
                }
            }
            query.push(")");
        }
        let stored = query.build().persistent(false).execute(&mut *connection).await;
        stored.doing("storing moved rows")?;
    }
    let key =
        serde_json::to_string(last).map_err(|source| StoreError::Json { what: "a key", source })?;
    note(connection, &table.name, &key).await
}

/// Ids of rows and of those they refer to, in order of the first.
pub(crate) async fn references_within(
    connection: &mut Connection,
    table: &Table,
    column: usize,
    last: Option<i64>,
    limit: u32,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let column = &table.columns[column].name;
    let mut query = QueryBuilder::<Db>::new("SELECT id, ");
    query.push(column).push(" FROM ").push(&table.name).push(" WHERE ").push(column);
    query.push(" IS NOT NULL AND id > ").push_bind(last.unwrap_or(i64::MIN));
    query.push(" ORDER BY id LIMIT ").push_bind(i64::from(limit));
    query.build_query_as().fetch_all(connection).await.doing("reading references to move")
}

pub(crate) async fn point(
    connection: &mut Connection,
    table: &Table,
    column: usize,
    pairs: &[(i64, i64)],
) -> Result<(), StoreError> {
    for &(id, target) in pairs {
        let mut query = QueryBuilder::<Db>::new("UPDATE ");
        query.push(&table.name).push(" SET ").push(&table.columns[column].name).push(" = ");
        query.push_bind(target).push(" WHERE id = ").push_bind(id);
        query.build().execute(&mut *connection).await.doing("storing moved references")?;
    }
    Ok(())
}

/// New rows get numbers that none had. SQLite sees to it by itself.
pub(crate) async fn continue_numbers(
    connection: &mut Connection,
    table: &Table,
) -> Result<(), StoreError> {
    let mut query = QueryBuilder::<Db>::new("");
    query.push(CONTINUE_NUMBERS.replace("TABLE", &table.name));
    query.build().execute(connection).await.map(drop).doing("going on with the numbers")
}
