//! The lists of `[words]`, which patterns use by `{name}`.

use std::collections::BTreeMap;

use super::error::{Mistake, PatternError};
use super::parse;
use super::tree::Node;

/// Lists by name.
#[derive(Debug, Default)]
pub(crate) struct Lists(BTreeMap<String, Node>);

impl Lists {
    /// Parses every list, used or not.
    ///
    /// # Errors
    /// Names the list and the place in it.
    pub(crate) fn new<'a>(
        words: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, PatternError> {
        let mut waiting: Vec<(&str, &str)> = words.into_iter().collect();
        let mut lists = Self::default();
        // A list may use others: those that use none come first.
        while !waiting.is_empty() {
            let mut left = Vec::new();
            let mut first_error = None;
            for &(name, source) in &waiting {
                match parse::list(source, &lists) {
                    Ok(node) => drop(lists.0.insert(name.to_owned(), node)),
                    Err(error) => {
                        let error = PatternError { list: Some(name.to_owned()), ..error };
                        match &error.mistake {
                            Mistake::UnknownList(other) if known(&waiting, other) => {
                                left.push((name, source));
                                first_error.get_or_insert(error);
                            }
                            _ => return Err(error),
                        }
                    }
                }
            }
            if left.len() == waiting.len()
                && let Some(mut error) = first_error
            {
                if let Mistake::UnknownList(other) = error.mistake {
                    error.mistake = Mistake::CircularList(other);
                }
                return Err(error);
            }
            waiting = left;
        }
        Ok(lists)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.0.get(name)
    }
}

fn known(waiting: &[(&str, &str)], name: &str) -> bool {
    waiting.iter().any(|(other, _)| *other == name)
}
