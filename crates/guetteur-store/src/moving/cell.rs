//! A value as both databases hold it.

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::Sha256;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Real,
    Text,
    Bytes,
    Boolean,
    Time,
    Day,
    Json,
}

impl Kind {
    /// From the name of a type, of either database.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "integer" | "bigint" => Self::Number,
            "real" => Self::Real,
            "text" => Self::Text,
            "blob" | "bytea" => Self::Bytes,
            "boolean" => Self::Boolean,
            "timestamp with time zone" => Self::Time,
            "date" => Self::Day,
            "jsonb" => Self::Json,
            _ => return None,
        })
    }
}

/// One value, or none, of a kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Cell {
    Number(Option<i64>),
    Real(Option<f32>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Boolean(Option<bool>),
    Time(Option<DateTime<Utc>>),
    Day(Option<NaiveDate>),
    Json(Option<Value>),
}

impl Cell {
    /// The same in both databases: times to the microsecond, which is what PostgreSQL keeps; members
    /// of JSON in order, which it does not keep.
    fn write(&self, out: &mut Vec<u8>) {
        let mut put = |kind: u8, value: Option<Vec<u8>>| {
            out.push(kind);
            let length = value.as_ref().map_or(u64::MAX, |value| value.len() as u64);
            out.extend(length.to_le_bytes());
            out.extend(value.unwrap_or_default());
        };
        match self {
            Self::Number(value) => put(b'n', value.map(|value| value.to_le_bytes().to_vec())),
            Self::Real(value) => {
                put(b'r', value.map(|value| value.to_bits().to_le_bytes().to_vec()));
            }
            Self::Text(value) => put(b't', value.as_ref().map(|value| value.as_bytes().to_vec())),
            Self::Bytes(value) => put(b'b', value.clone()),
            Self::Boolean(value) => put(b'f', value.map(|value| vec![value.into()])),
            Self::Time(value) => {
                put(b'T', value.map(|value| value.timestamp_micros().to_le_bytes().to_vec()));
            }
            Self::Day(value) => put(b'd', value.map(|value| value.to_string().into_bytes())),
            Self::Json(value) => put(b'j', value.as_ref().map(|value| ordered(value).into_bytes())),
        }
    }
}

/// JSON with its members in order.
fn ordered(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            let told = members.iter().map(|(name, value)| {
                format!("{}:{}", Value::String((*name).clone()), ordered(value))
            });
            format!("{{{}}}", told.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(ordered).collect::<Vec<_>>().join(","))
        }
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.to_string(),
            (None, Some(real)) => format!("{real:e}"),
            (None, None) => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// Half of the hash of a row: they are added up, so that the order of rows does not matter.
pub(crate) fn hash(row: &[Cell]) -> u128 {
    let mut bytes = Vec::new();
    row.iter().for_each(|cell| cell.write(&mut bytes));
    let mut half = [0; 16];
    half.copy_from_slice(&Sha256::of(&bytes).as_bytes()[..16]);
    u128::from_le_bytes(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_database_does_not_keep_makes_no_difference() {
        let json = |text: &str| Cell::Json(serde_json::from_str(text).expect("JSON"));
        let same = [(
            json(r#"{"a":1,"b":[{"d":2.0,"c":null}]}"#),
            json(r#"{"b":[{"c":null,"d":2.0}],"a":1}"#),
        )];
        for (one, other) in same {
            assert_eq!(hash(&[one]), hash(&[other]));
        }
        let time = |text: &str| Cell::Time(text.parse().ok());
        assert_eq!(
            hash(&[time("2026-08-14T10:00:00.123456789Z")]),
            hash(&[time("2026-08-14T12:00:00.123456+02:00")])
        );
    }

    #[test]
    fn what_differs_is_told() {
        let cells = [
            Cell::Number(None),
            Cell::Number(Some(0)),
            Cell::Text(None),
            Cell::Text(Some(String::new())),
            Cell::Text(Some("a".into())),
            Cell::Boolean(Some(false)),
            Cell::Bytes(Some(b"a".to_vec())),
            Cell::Json(serde_json::from_str(r#"{"a":1}"#).expect("JSON")),
            Cell::Json(serde_json::from_str(r#"{"a":"1"}"#).expect("JSON")),
        ];
        let hashes: std::collections::BTreeSet<u128> =
            cells.iter().map(|cell| hash(std::slice::from_ref(cell))).collect();
        assert_eq!(hashes.len(), cells.len());
        let text = |text: &str| Cell::Text(Some(text.to_owned()));
        assert_ne!(hash(&[text("ab"), text("c")]), hash(&[text("a"), text("bc")]));
    }
}
