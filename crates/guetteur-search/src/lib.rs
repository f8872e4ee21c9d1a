//! The full-text index, derived and rebuildable, and the query language
