//! What the columns of a CSV hold, for programs: [Table Schema](https://specs.frictionlessdata.io/table-schema/),
//! made of the same tables as the CSV.

use serde_json::{Value, json};

use super::Table;
use super::columns::{COLUMNS, Kind};
use super::communes::COMMUNE_COLUMNS;

/// The schema of a table, for the CSV of French Excel (`decimal_comma`) or that of programs.
#[must_use]
pub fn table_schema(table: Table, decimal_comma: bool) -> Value {
    let field = |name, kind, about| field(name, kind, about, decimal_comma);
    let (fields, key): (Vec<Value>, &[&str]) = match table {
        Table::Acts => (COLUMNS.iter().map(|c| field(c.name, c.kind, c.about)).collect(), &["id"]),
        Table::Communes => {
            let columns = COMMUNE_COLUMNS.iter();
            (columns.map(|c| field(c.name, c.kind, c.about)).collect(), &["acte", "insee"])
        }
    };
    json!({ "fields": fields, "missingValues": [""], "primaryKey": key })
}

/// A period of effect is a day or an instant, for which the schema has no type: text in ISO 8601.
fn field(name: &str, kind: Kind, about: &str, decimal_comma: bool) -> Value {
    let word = match kind {
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Day => "date",
        Kind::Instant => "datetime",
        Kind::Text | Kind::DayOrInstant => "string",
    };
    let mut field = json!({ "name": name, "type": word, "description": about });
    if kind == Kind::Number && decimal_comma {
        field["decimalChar"] = json!(",");
    }
    field
}
