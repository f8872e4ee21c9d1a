//! The words of letters, embedded. `.html` escapes what it prints, `.txt` does not.

use std::sync::LazyLock;

use guetteur_publish::embedded;
use guetteur_publish::templates::environment;
use minijinja::{Environment, Value};

const SOURCES: &[(&str, &str)] = embedded![
    "alarms.html",
    "alarms.txt",
    "acts.html",
    "acts.txt",
    "confirmation.html",
    "confirmation.txt",
    "letter.html",
    "link.html",
    "link.txt",
    "reminder.html",
    "reminder.txt",
    "still-watching.html",
    "still-watching.txt",
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| environment(SOURCES));

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
