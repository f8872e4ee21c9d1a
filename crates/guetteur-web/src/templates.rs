//! The templates, embedded. Every `.html` escapes what it prints.
//!
//! To add one: a line of [`SOURCES`].

use std::sync::LazyLock;

use guetteur_publish::templates::environment;
use guetteur_publish::{embedded, french};
use minijinja::{Environment, Error, Value};

const SOURCES: &[(&str, &str)] = embedded![
    "act.html",
    "affiche.txt",
    "api.html",
    "base.html",
    "bulletin.html",
    "changes.html",
    "commune.html",
    "communes.html",
    "coverage.html",
    "data.html",
    "dossier.html",
    "error.html",
    "home.html",
    "investigation.html",
    "investigations.html",
    "legal-doubts.html",
    "letter-print.html",
    "letter.html",
    "macros.html",
    "map.html",
    "method.html",
    "opening.html",
    "operator.html",
    "opml.xml",
    "precedents.html",
    "prefecture.html",
    "prefectures.html",
    "press.html",
    "recipe-csvkit.txt",
    "recipe-datasette.txt",
    "recipe-duckdb.txt",
    "recipe-libreoffice.txt",
    "recipe-pandas.txt",
    "recipe-polars.txt",
    "recipe-r.txt",
    "recipe-sqlite-utils.txt",
    "refere.html",
    "register.html",
    "search.html",
    "standing.html",
    "start.html",
    "statistics.html",
    "subscription.html",
    "subscription_form.html",
    "technique.html",
    "techniques.html",
    "tract.txt",
    "version_changes.html",
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = environment(SOURCES);
    environment.add_filter("nombre", french::number);
    environment.add_filter("majuscule", |words: &str| french::capitalised(words));
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
