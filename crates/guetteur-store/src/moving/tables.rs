//! The tables of a schema, as its catalogue tells them.

use super::Kind;
use crate::StoreError;

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    /// The columns of its primary key, in order.
    pub(crate) key: Vec<usize>,
    /// Columns that refer to rows of this table.
    pub(crate) to_itself: Vec<usize>,
}

impl Table {
    /// Whether the database numbers its rows.
    pub(crate) fn has_identity(&self) -> bool {
        matches!(*self.key, [key] if self.columns[key].name == "id")
    }
}

/// A column as the catalogue tells it: table, name, type, place in the primary key from 1 or 0.
pub(crate) type RawColumn = (String, String, String, i64);
/// A reference: table, column, table it refers to.
pub(crate) type Reference = (String, String, String);

/// Tables, those first to which others refer.
pub(crate) fn in_order(
    columns: Vec<RawColumn>,
    references: &[Reference],
) -> Result<Vec<Table>, StoreError> {
    let unknown = |why: String| StoreError::Move { reason: why };
    let mut waiting: Vec<(Table, Vec<(i64, usize)>)> = Vec::new();
    for (table, name, kind, place) in columns {
        let kind = Kind::of(&kind)
            .ok_or_else(|| unknown(format!("{table}.{name} is of the unknown type {kind}")))?;
        if waiting.last().is_none_or(|(last, _)| last.name != table) {
            let (columns, key, to_itself) = (Vec::new(), Vec::new(), Vec::new());
            waiting.push((Table { name: table.clone(), columns, key, to_itself }, Vec::new()));
        }
        let Some((last, key)) = waiting.last_mut() else { continue };
        let refers = references
            .iter()
            .any(|(from, column, to)| *from == table && *to == table && *column == name);
        if refers {
            last.to_itself.push(last.columns.len());
        }
        if place > 0 {
            key.push((place, last.columns.len()));
        }
        last.columns.push(Column { name, kind });
    }
    let mut waiting: Vec<Table> = waiting
        .into_iter()
        .map(|(mut table, mut key)| {
            key.sort_unstable();
            table.key = key.into_iter().map(|(_, column)| column).collect();
            table
        })
        .collect();
    let mut ordered: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let is_free = |table: &Table| {
            references.iter().all(|(from, _, to)| {
                *from != table.name || *to == table.name || ordered.iter().any(|t| t.name == *to)
            })
        };
        let free = waiting.iter().position(is_free);
        let free = free.ok_or_else(|| unknown("tables refer to each other in a circle".into()))?;
        ordered.push(waiting.remove(free));
    }
    match ordered.iter().find(|table| table.key.is_empty()) {
        Some(table) => Err(unknown(format!("table {} has no primary key", table.name))),
        None => Ok(ordered),
    }
}
