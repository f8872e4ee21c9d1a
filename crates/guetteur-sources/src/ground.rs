//! What an earlier walk already found.

use std::collections::{HashMap, HashSet};

use url::Url;

use crate::address::{document_key, normalise_url, path_and_query};

/// The bulletins that are known, so that a pass can stop where nothing is new.
#[derive(Debug, Clone, Default)]
pub struct KnownGround {
    /// Address by [`document_key`].
    urls: HashMap<String, String>,
    /// Pages that listed exactly one bulletin: a link to one announces nothing new.
    own_pages: HashSet<String>,
}

impl KnownGround {
    /// From what is stored of a source: each bulletin's normalised address and `via`.
    #[must_use]
    pub fn new(bulletins: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut ground = Self::default();
        let mut crowded = HashSet::new();
        for (url, via) in bulletins {
            let is_new = ground.urls.insert(document_key(&url), url).is_none();
            if is_new && !ground.own_pages.insert(via.clone()) {
                crowded.insert(via);
            }
        }
        ground.own_pages.retain(|via| !crowded.contains(via));
        ground
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.urls.is_empty()
    }

    /// Whether the bulletin at this normalised address is known.
    #[must_use]
    pub fn knows(&self, url: &str) -> bool {
        self.known_as(url).is_some()
    }

    /// The address under which the bulletin at this normalised address is known: it may have come
    /// under http before.
    #[must_use]
    pub fn known_as(&self, url: &str) -> Option<&str> {
        self.urls.get(&document_key(url)).map(String::as_str)
    }

    /// Whether what a link to one bulletin leads to is known: its own page, or the document itself.
    #[must_use]
    pub fn has_read(&self, url: &Url) -> bool {
        self.knows_page(&path_and_query(url)) || self.knows(&normalise_url(url))
    }

    /// Whether the page at this normalised address is known to hold exactly one, known, bulletin.
    #[must_use]
    pub fn knows_page(&self, via: &str) -> bool {
        self.own_pages.contains(via)
    }
}
