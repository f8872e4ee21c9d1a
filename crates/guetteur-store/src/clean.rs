//! PostgreSQL refuses NUL in text, and SQLite tools stop at it. Texts from outside have it; it
//! becomes U+FFFD here, one character for one, so that offsets stay right.

use std::borrow::Cow;

use serde_json::Value;

/// `text` without NUL.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{FFFD}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// `text` without NUL, when there is one.
pub(crate) fn clean_opt(text: Option<&str>) -> Option<Cow<'_, str>> {
    text.map(clean)
}

/// JSON without NUL in any string; `None` when there was nothing to change.
pub(crate) fn clean_json(json: &str) -> Option<Value> {
    if !json.contains("\\u0000") {
        return None;
    }
    let mut value = serde_json::from_str(json).ok()?;
    clean_value(&mut value);
    Some(value)
}

fn clean_value(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(cleaned) = clean(text) {
                *text = cleaned;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(clean_value),
        Value::Object(fields) => fields.values_mut().for_each(clean_value),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans_texts_and_what_they_are_nested_in() {
        assert_eq!(clean("a\0é"), "a\u{FFFD}é");
        assert_eq!(clean("aé"), "aé");
        let json = serde_json::json!({"a": ["x\0", {"b": "\0"}], "c": 1}).to_string();
        let cleaned = clean_json(&json).expect("had NUL");
        assert_eq!(cleaned, serde_json::json!({"a": ["x\u{FFFD}", {"b": "\u{FFFD}"}], "c": 1}));
        assert_eq!(clean_json("{\"a\": 1}"), None);
    }

    #[test]
    fn keeps_a_written_out_escape() {
        let json = serde_json::json!("\\u0000").to_string();
        assert_eq!(clean_json(&json), Some(Value::String("\\u0000".to_owned())));
    }
}
