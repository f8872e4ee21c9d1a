//! The templates, embedded. Every `.html` escapes what it prints.
//!
//! To add one: a line of [`SOURCES`].

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, UndefinedBehavior, Value};

use crate::french;

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../templates/", $name)))),*]
    };
}

const SOURCES: &[(&str, &str)] = embedded![
    "act.html",
    "base.html",
    "bulletin.html",
    "commune.html",
    "coverage.html",
    "data.html",
    "entry.html",
    "error.html",
    "home.html",
    "macros.html",
    "method.html",
    "opml.xml",
    "prefecture.html",
    "prefectures.html",
    "search.html",
    "statistics.html",
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("whitespace settings are always valid"));
    for (name, source) in SOURCES {
        environment
            .add_template(name, source)
            .expect("embedded templates parse: a test loads them");
    }
    environment.add_filter("nombre", french::number);
    environment.add_filter("compte", |n: u64, one: &str, many: &str| french::count(n, one, many));
    environment
});

/// Fills a template.
///
/// # Errors
/// When the template asks for what `context` lacks: a mistake of ours.
pub(crate) fn render(name: &str, context: Value) -> Result<String, Error> {
    ENVIRONMENT.get_template(name)?.render(context)
}

/// What a template is filled with: `fields! { acts => lines, total }`, of anything that serialises.
macro_rules! fields {
    (@value $name:ident => $value:expr) => {
        minijinja::Value::from(minijinja::value::Serde(&$value))
    };
    (@value $name:ident) => {
        minijinja::Value::from(minijinja::value::Serde(&$name))
    };
    ($($name:ident $(=> $value:expr)?),* $(,)?) => {
        minijinja::Value::from_pairs([
            $((stringify!($name), $crate::templates::fields!(@value $name $(=> $value)?))),*
        ])
    };
}
pub(crate) use fields;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_templates_of_the_folder_are_embedded_and_parse() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("folder")
            .map(|entry| entry.expect("entry").file_name().into_string().expect("name"))
            .collect();
        files.sort();
        assert_eq!(files, SOURCES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        for (name, _) in SOURCES {
            assert!(ENVIRONMENT.get_template(name).is_ok(), "{name}");
        }
    }
}
