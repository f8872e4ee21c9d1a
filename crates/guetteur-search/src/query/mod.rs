//! What users type, read leniently into a tree.

/// A query as read.
///
/// Language: words (all must be there), `OU`/`OR`, `ET`/`AND`, `SAUF`/`NOT`/`-mot`, parentheses,
/// `"mots exacts"`, `"mots proches"~5`, `captat*`, and fields: `prefecture:34`, `categorie:drone`,
/// `niveau:autorise`, `apres:2026-01-01`, `avant:01/02/2026`, `annee:2025`, `commune:13055` or
/// `commune:Marseille`, `numero:2025-00626`, `service:`, `titre:`, `signataire:`, `beneficiaire:`,
/// `finalite:5`, `en-vigueur:2026-08-14`. Commas in a field mean « or ».
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    text: String,
    notes: Vec<String>,
}

impl Query {
    /// Reads any text; nothing is an error.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self { text: text.to_owned(), notes: Vec::new() }
    }

    /// As typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing is asked: everything matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Where the reading may surprise (an unbalanced quotation mark, an unknown field…), in French.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}
