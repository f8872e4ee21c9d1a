//! What users type, read leniently into a tree.

mod fields;
mod lexer;
mod notes;
mod parser;
mod places;
mod wider;

pub use fields::{category_of, doubt_of, level_of};
pub use places::Publisher;
pub(crate) use places::{is_insee, publisher_code};

use chrono::NaiveDate;
use guetteur_communes::{Around, Epci, Region};
use guetteur_model::{Category, LegalDoubtKind, Level, Purpose};

use notes::Notes;

/// A query as read.
///
/// Language: words (all must be there), `OU`/`OR`, `ET`/`AND`, `SAUF`/`NOT`/`-mot`, parentheses,
/// `"mots exacts"`, `"mots proches"~5` (in any form, at most five words between), `captat*`, and
/// fields: `prefecture:34`, `region:bretagne`, `epci:243500139`, `autour:35238-20km`, `categorie:drone`, `niveau:autorise`, `apres:2026-01-01` and
/// `avant:01/02/2026` (published then, the day included), `annee:2025`, `commune:13055` or
/// `commune:Marseille`, `numero:2025-00626`, `service:`, `titre:`, `signataire:`, `beneficiaire:`,
/// `finalite:5`, `doute:no-basis` or `doute:tous`, `en-vigueur:2026-08-14`. Commas in a field mean « or ». Operators are in capitals:
/// « et » and « ou » are words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    text: String,
    root: Node,
    notes: Notes,
}

impl Query {
    /// Longest text that is read, in characters; the rest is ignored with a note.
    pub const MAX_CHARS: usize = 1_000;

    /// Reads any text; nothing is an error.
    ///
    /// ```
    /// use guetteur_search::Query;
    ///
    /// let query = Query::parse("\"gare du Nord\" commune:34172 -chasse");
    /// assert!(query.is_read_whole() && query.names_a_place());
    /// assert!(!Query::parse("drone OU ballon").names_a_place());
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut notes = Notes::default();
        let root = parser::parse(text, &mut notes);
        Self { text: text.trim().to_owned(), root, notes }
    }

    /// As typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing is asked: everything matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.root == Node::Everything
    }

    /// Where the reading may surprise (an unbalanced quotation mark, an unknown field…), in French.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        self.notes.said()
    }

    /// Whether all of the text has a say in what is found: nothing was left out with a note.
    #[must_use]
    pub fn is_read_whole(&self) -> bool {
        !self.notes.left_out()
    }

    /// The text of a query that finds what `text` does, but for what `term` finds: of all alternatives
    /// of it. In front, so that nothing that is left open in `text` swallows it.
    #[must_use]
    pub fn without(text: &str, term: &str) -> String {
        match Self::parse(text).root() {
            Node::Everything => format!("SAUF {term}"),
            Node::Or(_) => format!("SAUF {term} ({text})"),
            _ => format!("SAUF {term} {text}"),
        }
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }
}

/// A query as a tree.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Node {
    /// Nothing was asked.
    #[default]
    Everything,
    /// A word as typed; analysis may make several terms of it (`2025-00626`).
    Word(String),
    /// Words as they stand.
    Phrase(String),
    /// Stems with at most so many words between.
    Near(String, u32),
    /// The beginning of a word.
    Prefix(String),
    /// A field.
    Field(FieldTerm),
    /// All of them.
    And(Vec<Node>),
    /// Any of them.
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
}

/// A field with its values, of which any may match.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FieldTerm {
    /// Codes or names.
    Prefecture(Vec<String>),
    Region(Vec<Region>),
    Category(Vec<Category>),
    Level(Vec<Level>),
    /// INSEE codes or names.
    Commune(Vec<String>),
    Epci(Vec<Epci>),
    Around(Vec<Around>),
    Purpose(Vec<Purpose>),
    Doubt(Vec<LegalDoubtKind>),
    Year(Vec<i32>),
    /// Published on this day or later.
    From(NaiveDate),
    /// Published on this day or earlier.
    To(NaiveDate),
    InForce(NaiveDate),
    /// Words to be found in one field.
    Words(WordField, Vec<String>),
}

/// Fields that are searched by words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WordField {
    Title,
    Number,
    Service,
    Signatory,
    Beneficiary,
}
