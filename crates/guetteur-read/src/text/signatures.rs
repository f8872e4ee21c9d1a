//! Electronic signatures: who signed, and when by the signature itself.

use hayro_syntax::object::{Array, Dict, Object};
use serde::{Deserialize, Serialize};

use super::notes::{inherited, text};

/// Fields looked at, and how deep they lie; a hostile file has millions.
const MAX_FIELDS: usize = 5_000;
const MAX_DEPTH: usize = 16;

/// A signature of the whole file, as its dictionary tells it. Whether it is valid is not checked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Signature {
    /// Who signed.
    pub name: Option<String>,
    /// When, in the signer's own time: `2026-05-11T17:32:10`.
    pub signed_at: Option<String>,
}

/// The signatures of a file's form.
pub(super) fn of_file(catalog: &Dict<'_>) -> Vec<Signature> {
    let fields = catalog.get::<Dict<'_>>("AcroForm").and_then(|form| form.get("Fields"));
    let (mut found, mut left) = (Vec::new(), MAX_FIELDS);
    if let Some(fields) = fields {
        collect(&fields, &mut found, &mut left, 0);
    }
    found
}

fn collect(fields: &Array<'_>, found: &mut Vec<Signature>, left: &mut usize, depth: usize) {
    for field in fields.iter::<Dict<'_>>() {
        let Some(rest) = left.checked_sub(1).filter(|_| depth < MAX_DEPTH) else { return };
        *left = rest;
        let is_signature = inherited(&field, "FT")
            .and_then(Object::into_name)
            .is_some_and(|kind| &*kind == b"Sig");
        if let Some(value) = field.get::<Dict<'_>>("V").filter(|_| is_signature) {
            let name = text(&value, "Name").filter(|name| !name.trim().is_empty());
            let signed_at = text(&value, "M").as_deref().and_then(day_and_time);
            found.push(Signature { name, signed_at });
        } else if let Some(kids) = field.get::<Array<'_>>("Kids") {
            collect(&kids, found, left, depth + 1);
        }
    }
}

/// A date of PDF, `D:20260511173210+02'00'`.
fn day_and_time(date: &str) -> Option<String> {
    let digits: String =
        date.trim_start_matches("D:").chars().take_while(char::is_ascii_digit).collect();
    let part = |range: std::ops::Range<usize>| digits.get(range);
    let day = format!("{}-{}-{}", part(0..4)?, part(4..6)?, part(6..8)?);
    let clock = format!("{}:{}:{}", part(8..10)?, part(10..12)?, part(12..14).unwrap_or("00"));
    Some(format!("{day}T{clock}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_pdf() {
        let told = day_and_time("D:20260511173210+02'00'");
        assert_eq!(told.as_deref(), Some("2026-05-11T17:32:10"));
        assert_eq!(day_and_time("D:202605111732Z").as_deref(), Some("2026-05-11T17:32:00"));
        assert_eq!(day_and_time("11 mai 2026"), None);
    }
}
