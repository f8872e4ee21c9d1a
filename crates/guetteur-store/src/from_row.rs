//! Structs from rows, without sqlx's derive: it would build sqlx, both drivers and SQLite itself a
//! second time, for the compiler.

/// Reads a struct from a row of either database, each field from the column of its name; a field
/// written `..field` is itself read from the same row.
macro_rules! from_row {
    ($name:ident { $(..$flat:ident,)* $($field:ident),* $(,)? }) => {
        $crate::from_row::from_row!(@of sqlx::sqlite::SqliteRow, $name, [$($flat)*], [$($field)*]);
        $crate::from_row::from_row!(@of sqlx::postgres::PgRow, $name, [$($flat)*], [$($field)*]);
    };
    (@of $row:ty, $name:ident, [$($flat:ident)*], [$($field:ident)*]) => {
        impl<'r> sqlx::FromRow<'r, $row> for $name {
            fn from_row(row: &'r $row) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    $($flat: sqlx::FromRow::from_row(row)?,)*
                    $($field: sqlx::Row::try_get(row, stringify!($field))?,)*
                })
            }
        }
    };
}

pub(crate) use from_row;
