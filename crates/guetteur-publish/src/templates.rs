//! Templates embedded in a program: how they are filled and what they escape.
//!
//! A build with debug assertions reads them from their files when it starts: whoever changes a page
//! starts the program again and compiles nothing.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::{
    AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value, escape_formatter,
};

/// The files of the crate's folder `templates` by name, each with its text: `embedded!["a.html",
/// "b.txt"]`, in `src/templates.rs`. With debug assertions, with its path instead.
#[cfg(debug_assertions)]
#[macro_export]
macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$(($name, concat!(env!("CARGO_MANIFEST_DIR"), "/templates/", $name))),*]
    };
}

/// The files of the crate's folder `templates` by name, each with its text: `embedded!["a.html",
/// "b.txt"]`, in `src/templates.rs`. With debug assertions, with its path instead.
#[cfg(not(debug_assertions))]
#[macro_export]
macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../templates/", $name)))),*]
    };
}

/// What a template is filled with: `fields! { acts => lines, total }`, of anything that serialises.
#[macro_export]
macro_rules! fields {
    (@value $name:ident => $value:expr) => {
        minijinja::Value::from(minijinja::value::Serde(&$value))
    };
    (@value $name:ident) => {
        minijinja::Value::from(minijinja::value::Serde(&$name))
    };
    ($($name:ident $(=> $value:expr)?),* $(,)?) => {
        minijinja::Value::from_pairs([
            $((stringify!($name), $crate::fields!(@value $name $(=> $value)?))),*
        ])
    };
}

const SOURCES: &[(&str, &str)] = embedded![
    "entry.html",
    "letter-content.xml",
    "letter-manifest.xml",
    "letter-meta.xml",
    "letter-styles.xml",
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| environment(SOURCES));

/// An environment of [`embedded!`] templates. `.html` and `.xml` escape what they print, `.txt` does not;
/// what a template asks for and is not given is an error.
///
/// # Panics
/// When a template does not parse: the crates that embed some have a test that loads them. With
/// debug assertions, when the source folder is gone.
#[must_use]
pub fn environment(sources: &[(&'static str, &'static str)]) -> Environment<'static> {
    of_texts(sources.iter().map(|&(name, source)| (name, text(source))))
}

#[cfg(not(debug_assertions))]
fn text(source: &'static str) -> &'static str {
    source
}

#[cfg(debug_assertions)]
fn text(path: &'static str) -> &'static str {
    match std::fs::read_to_string(path) {
        Ok(text) => text.leak(),
        Err(error) => panic!("{path}: {error}; a build for development reads its templates"),
    }
}

fn of_texts(
    sources: impl IntoIterator<Item = (&'static str, &'static str)>,
) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("whitespace settings are always valid"));
    environment.set_formatter(|out, state, value| match state.auto_escape() {
        AutoEscape::Html => escape_html(out, state, value),
        _ => escape_formatter(out, state, value),
    });
    for (name, source) in sources {
        environment
            .add_template(name, source)
            .expect("embedded templates parse: a test loads them");
    }
    environment
}

/// Escapes as minijinja does, but leaves `/` alone: addresses stay readable in the source of a page.
fn escape_html(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let Some(text) = value.as_str().filter(|_| !value.is_safe()) else {
        return escape_formatter(out, state, value);
    };
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        out.write_str(&rest[..at])?;
        out.write_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&#34;",
            _ => "&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    Ok(out.write_str(rest)?)
}

/// Fills a template of this crate.
///
/// # Errors
/// When the template asks for what `context` lacks: a mistake of ours.
pub(crate) fn render(name: &str, context: Value) -> Result<String, Error> {
    ENVIRONMENT.get_template(name)?.render(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_escaped() {
        let sources = [("a.html", "{{ x }}"), ("a.txt", "{{ x }}")];
        let environment = of_texts(sources);
        let render = |name: &str| {
            let x = "<b a=\"1\" c='2'>&/é";
            environment.get_template(name).expect("template").render(fields! { x }).expect("text")
        };
        assert_eq!(render("a.html"), "&lt;b a=&#34;1&#34; c=&#39;2&#39;&gt;&amp;/é");
        assert_eq!(render("a.txt"), "<b a=\"1\" c='2'>&/é");
    }

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
