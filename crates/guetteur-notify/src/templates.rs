//! The words of letters, `.html` escapes what it prints, `.txt` does not.

use std::sync::LazyLock;

use guetteur_publish::templates::{Folder, environment};
use minijinja::{Environment, Value};

/// The folder of this crate, which the program hands over.
pub static TEMPLATES: Folder = Folder::of(concat!(env!("CARGO_MANIFEST_DIR"), "/templates"));

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| environment(&TEMPLATES));

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
        for (name, _) in TEMPLATES.texts() {
            assert!(ENVIRONMENT.get_template(name).is_ok(), "{name}");
        }
    }
}
