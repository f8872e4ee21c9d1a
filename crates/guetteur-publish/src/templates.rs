//! Templates: where their texts come from, how they are filled, what they escape.
//!
//! They are not compiled into the crates that fill them: the program hands the folders over as it
//! starts ([`Folder::embed`]), so that a change of a page links the program again and compiles
//! nothing. What nobody handed over (a test, an example) is read from the crate's own folder.

use std::path::Path;
use std::sync::{LazyLock, OnceLock};

use include_dir::Dir;
use minijinja::syntax::SyntaxConfig;
use minijinja::{
    AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value, escape_formatter,
};

/// A folder of texts that belongs to a crate and comes with the program. To add a text: put the file
/// into the folder.
#[derive(Debug)]
pub struct Folder {
    source: &'static str,
    embedded: OnceLock<&'static Dir<'static>>,
}

impl Folder {
    /// The folder at `source`, a path on the machine that compiles:
    /// `concat!(env!("CARGO_MANIFEST_DIR"), "/templates")`.
    #[must_use]
    pub const fn of(source: &'static str) -> Self {
        Self { source, embedded: OnceLock::new() }
    }

    /// Hands over what the program holds of it, before anything is read; a second time changes
    /// nothing.
    pub fn embed(&self, files: &'static Dir<'static>) {
        let _ = self.embedded.set(files);
    }

    /// The names and texts of its files, for as long as the process lives: read them once.
    ///
    /// # Panics
    /// When nothing was handed over and the source folder is gone.
    #[must_use]
    pub fn texts(&self) -> Vec<(&'static str, &'static str)> {
        let Some(files) = self.embedded.get() else {
            return read(Path::new(self.source)).unwrap_or_else(|error| {
                let source = self.source;
                panic!("{source}: {error}; a program that was handed no files reads its source's")
            });
        };
        files
            .files()
            .filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
            .collect()
    }
}

fn read(folder: &Path) -> std::io::Result<Vec<(&'static str, &'static str)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push((&*name.leak(), &*std::fs::read_to_string(&path)?.leak()));
    }
    Ok(files)
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

/// The templates of this crate: an alert's entry, the parts of a letter.
pub static TEMPLATES: Folder = Folder::of(concat!(env!("CARGO_MANIFEST_DIR"), "/templates"));

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| environment(&TEMPLATES));

/// An environment of a folder's templates. `.html` and `.xml` escape what they print, `.txt` does
/// not; what a template asks for and is not given is an error.
///
/// # Panics
/// When a template does not parse: the crates that have some have a test that loads them. As
/// [`Folder::texts`] does.
#[must_use]
pub fn environment(folder: &Folder) -> Environment<'static> {
    of_texts(folder.texts())
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
        environment.add_template(name, source).expect("templates parse: a test loads them");
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
    use include_dir::include_dir;

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
    fn a_program_is_handed_what_the_folder_holds() {
        static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
        static HANDED: Folder = Folder::of("nowhere");
        HANDED.embed(&FILES);
        let sorted = |folder: &Folder| {
            let mut texts = folder.texts();
            texts.sort_unstable();
            texts
        };
        assert_eq!(sorted(&HANDED), sorted(&TEMPLATES));
        for (name, _) in TEMPLATES.texts() {
            assert!(ENVIRONMENT.get_template(name).is_ok(), "{name}");
        }
    }
}
