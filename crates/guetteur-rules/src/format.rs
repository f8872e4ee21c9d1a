//! Reading a rule file, and saying in French what its TOML gets wrong.

use serde::de::DeserializeOwned;

use crate::error::RulesError;
use crate::place::{LineColumn, of_byte};

/// Reads TOML; `name` is used in errors.
pub(crate) fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, RulesError> {
    toml::from_str(text).map_err(|error| {
        let LineColumn { line, column } = of_byte(text, error.span().map_or(0, |span| span.start));
        RulesError::Format { file: name.to_owned(), line, column, message: french(error.message()) }
    })
}

/// serde and the TOML reader explain themselves in English; what they say most is put into French.
fn french(message: &str) -> String {
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    let choices =
        |text: &str| text.split('`').skip(3).step_by(2).map(str::to_owned).collect::<Vec<String>>();
    if message.starts_with("unknown field") {
        let (key, known) = (quoted(message), choices(message));
        let advice = match nearest(&key, &known) {
            Some(near) => format!("peut-être « {near} »"),
            None => format!("attendu : {}", known.join(", ")),
        };
        format!("la clé « {key} » n'existe pas ici ({advice})")
    } else if message.starts_with("unknown variant") {
        let (value, known) = (quoted(message), choices(message));
        format!("la valeur « {value} » n'existe pas ici (attendu : {})", known.join(", "))
    } else if message.starts_with("missing field") {
        format!("il manque la clé « {} »", quoted(message))
    } else if let Some((found, expected)) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .and_then(|rest| rest.split_once(", expected "))
    {
        format!("attendu {}, trouvé {}", kind(expected), kind(found))
    } else {
        format!("ce n'est pas du TOML valide ({message})")
    }
}

/// A kind of value in French.
fn kind(english: &str) -> &str {
    let first = english.trim_start_matches("a ").trim_start_matches("an ");
    match first.split([' ', '`']).next().unwrap_or_default() {
        "string" => "un texte entre guillemets",
        "integer" | "usize" | "u32" | "u64" | "i64" => "un nombre entier",
        "floating" | "float" => "un nombre à virgule",
        "boolean" => "true ou false",
        "sequence" => "une liste entre crochets",
        "map" | "struct" => "une table",
        _ => english,
    }
}

/// The one of `known` that `key` most likely means.
fn nearest<'a>(key: &str, known: &'a [String]) -> Option<&'a String> {
    let near = |known: &&String| strsim::damerau_levenshtein(key, known);
    known.iter().min_by_key(near).filter(|known| near(known) <= 1 + key.chars().count() / 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::RuleFile;

    #[test]
    fn mistakes_are_told_in_french_with_their_place() {
        let cases = [
            ("category = \"drone\"\nlabell = \"x\"\n", "ligne 2, colonne 1", "peut-être « label »"),
            (
                "category = 3\n",
                "ligne 1, colonne 12",
                "attendu un texte entre guillemets, trouvé un nombre",
            ),
            (
                "category = \"a\"\nsignals = \"b\"\n",
                "ligne 2, colonne 11",
                "attendu une liste entre crochets",
            ),
            (
                "category = \"a\"\n[[rule]]\nid = \"b\"\n",
                "ligne 2, colonne 1",
                "il manque la clé « description »",
            ),
            (
                "category = \"a\"\n[[rule]]\nid = \"b\"\ndescription = \"c\"\nany = [\"d\"]\nwhere = \"titre\"\n",
                "ligne 6, colonne 9",
                "attendu : title, body, everywhere",
            ),
            ("category = [\n", "ligne", "TOML"),
            ("zzzzzzzzzz = 1\n", "ligne 1, colonne 1", "attendu : category, label"),
        ];
        for (text, place, says) in cases {
            let error = parse::<RuleFile>("drone.toml", text).expect_err(text).to_string();
            assert!(error.contains("drone.toml") && error.contains(place), "{text}: {error}");
            assert!(error.contains(says) && error.contains("writing-a-rule"), "{text}: {error}");
        }
    }
}
