//! Small parts that several pages show.

use serde::Serialize;

/// A link with words, and a count or a mark.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Link {
    pub(crate) label: String,
    pub(crate) href: String,
    pub(crate) count: Option<u64>,
    pub(crate) on: bool,
}

impl Link {
    pub(crate) fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), count: None, on: false }
    }

    pub(crate) fn counting(self, count: usize) -> Self {
        Self { count: Some(count as u64), ..self }
    }
}

/// A number with what it counts.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    value: u64,
    label: &'static str,
}

impl Figure {
    /// French takes the plural from two.
    pub(crate) fn new(value: u64, one: &'static str, many: &'static str) -> Self {
        Self { value, label: if value >= 2 { many } else { one } }
    }
}

/// A line of a table of two columns.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Row {
    pub(crate) label: &'static str,
    pub(crate) value: String,
    pub(crate) href: Option<String>,
    /// Whether `href` leaves the site.
    pub(crate) outside: bool,
    /// A hash or the like.
    pub(crate) mono: bool,
}
