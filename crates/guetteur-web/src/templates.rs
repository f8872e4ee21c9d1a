//! The templates, embedded. Every `.html` escapes what it prints.
//!
//! To add one: a line of [`SOURCES`].

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, Output, State, UndefinedBehavior, Value, escape_formatter};

use crate::french;

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../templates/", $name)))),*]
    };
}

const SOURCES: &[(&str, &str)] = embedded![
    "act.html",
    "api.html",
    "base.html",
    "bulletin.html",
    "changes.html",
    "commune.html",
    "communes.html",
    "coverage.html",
    "data.html",
    "entry.html",
    "error.html",
    "home.html",
    "investigation.html",
    "investigations.html",
    "letter-content.xml",
    "letter-manifest.xml",
    "letter-meta.xml",
    "letter-print.html",
    "letter-styles.xml",
    "letter.html",
    "macros.html",
    "map.html",
    "method.html",
    "operator.html",
    "opml.xml",
    "prefecture.html",
    "prefectures.html",
    "search.html",
    "standing.html",
    "statistics.html",
    "subscription.html",
    "subscription_form.html",
    "version_changes.html",
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("whitespace settings are always valid"));
    environment.set_formatter(escape_html);
    for (name, source) in SOURCES {
        environment
            .add_template(name, source)
            .expect("embedded templates parse: a test loads them");
    }
    environment.add_filter("nombre", french::number);
    environment.add_filter("compte", |n: u64, one: &str, many: &str| french::count(n, one, many));
    environment
});

/// Escapes as minijinja does, but leaves `/` alone: addresses stay readable in the source of a page.
///
/// # Errors
/// When `out` takes nothing.
pub fn escape_html(
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
    fn what_is_printed_is_escaped() {
        let head = fields! { title => "<b a=\"1\" c='2'>&/é" };
        let context = fields! { site => head, region => head, sources => [""; 0] };
        let shown = render("opml.xml", context).expect("template");
        assert!(shown.contains("&lt;b a=&#34;1&#34; c=&#39;2&#39;&gt;&amp;/é"), "{shown}");
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
