//! The words of letters, embedded. `.html` escapes what it prints, `.txt` does not.

use std::sync::LazyLock;

use guetteur_web::escape_html;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, escape_formatter};

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../templates/", $name)))),*]
    };
}

const SOURCES: &[(&str, &str)] = embedded![
    "acts.html",
    "acts.txt",
    "confirmation.html",
    "confirmation.txt",
    "letter.html",
    "reminder.html",
    "reminder.txt",
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_formatter(|out, state, value| match state.auto_escape() {
        AutoEscape::Html => escape_html(out, state, value),
        _ => escape_formatter(out, state, value),
    });
    environment.set_syntax(syntax.expect("whitespace settings are always valid"));
    for (name, source) in SOURCES {
        environment
            .add_template(name, source)
            .expect("embedded templates parse: a test loads them");
    }
    environment
});

/// Fills a template.
///
/// # Errors
/// When the template asks for what `context` lacks: a mistake of ours.
pub(crate) fn render(name: &str, context: &Value) -> Result<String, minijinja::Error> {
    ENVIRONMENT.get_template(name)?.render(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_templates_parse() {
        for (name, _) in SOURCES {
            assert!(ENVIRONMENT.get_template(name).is_ok(), "{name}");
        }
    }
}
