//! Rows as the drivers give them, and their change into the types of the API.

mod act;
mod bulletin;
mod document;

use guetteur_model::{Category, Sha256};

use crate::StoreError;

pub(crate) use act::{RawAct, RawFlag, Segment, act_columns, alert};
pub(crate) use bulletin::{RawBulletin, bulletin_columns};
pub(crate) use document::{RawDocument, RawPage, RawTracedPage, RawVersion};

fn inconsistent(column: &'static str, value: &str, reason: impl ToString) -> StoreError {
    StoreError::Inconsistent { column, value: value.to_owned(), reason: reason.to_string() }
}

pub(crate) fn parse<T>(column: &'static str, value: &str) -> Result<T, StoreError>
where
    T: std::str::FromStr<Err: ToString>,
{
    value.parse().map_err(|error: T::Err| inconsistent(column, value, error))
}

/// A count or a number that the schema keeps as a 64-bit integer.
pub(crate) fn number<T: TryFrom<i64>>(column: &'static str, value: i64) -> Result<T, StoreError> {
    T::try_from(value).map_err(|_| inconsistent(column, &value.to_string(), "out of range"))
}

/// The category of a flag.
pub(crate) fn category(id: &str) -> Result<Category, StoreError> {
    Category::new(id).map_err(|error| inconsistent("flags.category", id, error))
}

/// A hash column.
pub(crate) fn sha256(column: &'static str, value: &str) -> Result<Sha256, StoreError> {
    parse(column, value)
}

/// Changes rows one by one.
pub(crate) fn convert<R, T: TryFrom<R, Error = StoreError>>(
    rows: Vec<R>,
) -> Result<Vec<T>, StoreError> {
    rows.into_iter().map(T::try_from).collect()
}
