//! What an earlier walk already found.

use std::collections::HashSet;

/// The bulletins that are known, so that a pass can stop where nothing is new.
#[derive(Debug, Clone, Default)]
pub struct KnownGround {
    urls: HashSet<String>,
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
            if ground.urls.insert(url) && !ground.own_pages.insert(via.clone()) {
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
        self.urls.contains(url)
    }

    /// Whether the page at this normalised address is known to hold exactly one, known, bulletin.
    #[must_use]
    pub fn knows_page(&self, via: &str) -> bool {
        self.own_pages.contains(via)
    }
}
