//! From one database to another, of the same kind or not: every row, in batches that resume, then
//! counted and hashed on both sides.

mod cell;
mod tables;

use crate::store::{Pools, read, write};
use crate::{Store, StoreError};

pub(crate) use cell::{Cell, Kind};
pub(crate) use tables::{Column, Table, in_order};

/// Rows of one transaction.
const BATCH: u32 = 500;

/// What a database adds up from its other rows, by triggers of its own or in its own way: the other one
/// does so too.
pub(crate) const DERIVED: [&str; 3] = ["source_counts", "source_count_changes", "counters"];

/// A table, moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedTable {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// A hash over all of them, whatever their order.
    pub hash: String,
}

/// What a move is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveStep<'a> {
    /// So many more rows of this table are copied.
    Copied(&'a str, u64),
    /// All rows of this table are compared.
    Compared(&'a MovedTable),
}

impl Store {
    /// Copies all rows of this database to `to`, which is empty or holds what an interrupted move left,
    /// and compares both. Nothing else may write to either meanwhile: the comparison would tell.
    ///
    /// # Errors
    /// When `to` holds other rows, a database fails, the two differ in the end, or `see` fails.
    pub async fn move_to(
        &self,
        to: &Self,
        mut see: impl FnMut(MoveStep<'_>) -> Result<(), StoreError>,
    ) -> Result<Vec<MovedTable>, StoreError> {
        let tables = self.tables_with(to).await?;
        to.begin_move(&tables, &self.location).await?;
        for table in &tables {
            self.copy_table(to, table, &mut see).await?;
        }
        for table in &tables {
            self.point_to_itself(to, table).await?;
        }
        let mut moved = Vec::new();
        for table in tables {
            let (here, there) = (self.sum(&table).await?, to.sum(&table).await?);
            if here != there {
                let (name, rows) = (table.name, (here.0, there.0));
                return Err(StoreError::Move {
                    reason: format!(
                        "table {name} differs: {} rows here, {} there. Stop all that writes to \
                         either, empty the new database and begin again",
                        rows.0, rows.1
                    ),
                });
            }
            let (rows, hash) = here;
            moved.push(MovedTable { name: table.name, rows, hash: format!("{hash:032x}") });
            see(MoveStep::Compared(&moved[moved.len() - 1]))?;
        }
        // Each row that was copied is noted as one to count.
        to.add_up_counts().await?;
        write!(to, "ending a move", |connection| {
            sql::revisions::continue_revisions(connection).await?;
            sql::moving::end(connection).await
        })?;
        Ok(moved)
    }

    /// The tables of both, those first to which others refer. Only PostgreSQL tells times, days and
    /// JSON from text.
    async fn tables_with(&self, to: &Self) -> Result<Vec<Table>, StoreError> {
        let telling = if self.is_postgres() { self } else { to };
        let (columns, references) = read!(telling, "reading the schema", |connection| {
            Ok::<_, StoreError>((
                sql::moving::columns(connection).await?,
                sql::moving::references(connection).await?,
            ))
        })?;
        let columns = columns.into_iter().filter(|(table, ..)| !DERIVED.contains(&&**table));
        in_order(columns.collect(), &references)
    }

    /// Demands an empty database, or one into which the same one was being moved.
    async fn begin_move(&self, tables: &[Table], from: &str) -> Result<(), StoreError> {
        write!(self, "beginning a move", |connection| {
            sql::moving::begin(connection, tables, from).await
        })
    }

    async fn copy_table(
        &self,
        to: &Self,
        table: &Table,
        see: &mut impl FnMut(MoveStep<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut last = read!(to, "asking how far a move came", |connection| {
            sql::moving::progress(connection, table).await
        })?;
        loop {
            let rows = read!(self, "reading rows to move", |connection| {
                sql::moving::rows(connection, table, last.as_deref(), BATCH).await
            })?;
            let Some(end) = rows.last() else { return Ok(()) };
            let key: Vec<Cell> = table.key.iter().map(|&column| end[column].clone()).collect();
            write!(to, "storing moved rows", |connection| {
                sql::moving::insert(connection, table, &rows, &key).await
            })?;
            see(MoveStep::Copied(&table.name, rows.len() as u64))?;
            last = Some(key);
        }
    }

    /// Rows that point to others of their table, which may come after them.
    async fn point_to_itself(&self, to: &Self, table: &Table) -> Result<(), StoreError> {
        for &column in &table.to_itself {
            let mut last = None;
            loop {
                let pairs = read!(self, "reading references to move", |connection| {
                    sql::moving::references_within(connection, table, column, last, BATCH).await
                })?;
                let Some(&(end, _)) = pairs.last() else { break };
                write!(to, "storing moved references", |connection| {
                    sql::moving::point(connection, table, column, &pairs).await
                })?;
                last = Some(end);
            }
        }
        if matches!(to.pools, Pools::Postgres(_)) && table.has_identity() {
            write!(to, "going on with the numbers", |connection| {
                sql::moving::continue_numbers(connection, table).await
            })?;
        }
        Ok(())
    }

    /// How many rows, and the sum of their hashes.
    async fn sum(&self, table: &Table) -> Result<(u64, u128), StoreError> {
        let (mut count, mut sum, mut last) = (0, 0_u128, None);
        loop {
            let rows = read!(self, "comparing rows", |connection| {
                sql::moving::rows(connection, table, last.as_deref(), BATCH).await
            })?;
            let Some(end) = rows.last() else { return Ok((count, sum)) };
            last = Some(table.key.iter().map(|&column| end[column].clone()).collect::<Vec<_>>());
            count += rows.len() as u64;
            for row in &rows {
                sum = sum.wrapping_add(cell::hash(row));
            }
        }
    }
}
