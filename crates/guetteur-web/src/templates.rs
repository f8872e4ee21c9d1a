//! The templates of pages and the files that pages load. Every `.html` escapes what it prints.

use std::sync::LazyLock;

use guetteur_publish::french;
use guetteur_publish::templates::{Folder, environment};
use minijinja::{Environment, Error, Value};

/// The templates of this crate, which the program hands over.
pub static TEMPLATES: Folder = Folder::of(concat!(env!("CARGO_MANIFEST_DIR"), "/templates"));
/// Style sheet and icon, which the program hands over.
pub static ASSETS: Folder = Folder::of(concat!(env!("CARGO_MANIFEST_DIR"), "/assets"));

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = environment(&TEMPLATES);
    environment.add_filter("nombre", french::number);
    environment.add_filter("majuscule", |words: &str| french::capitalised(words));
    environment.add_filter("compte", |n: u64, one: &str, many: &str| french::count(n, one, many));
    environment
});

static LOADED: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| ASSETS.texts());

/// Fills a template.
///
/// # Errors
/// When the template asks for what `context` lacks: a mistake of ours.
pub(crate) fn render(name: &str, context: Value) -> Result<String, Error> {
    ENVIRONMENT.get_template(name)?.render(context)
}

/// The text of a file of the folder `assets`.
///
/// # Panics
/// When there is none of that name: a mistake of ours, a test asks for each.
pub(crate) fn asset(name: &str) -> &'static str {
    let file = LOADED.iter().find(|(found, _)| *found == name);
    file.map(|(_, text)| text).unwrap_or_else(|| panic!("no asset {name}"))
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
