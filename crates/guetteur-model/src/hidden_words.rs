/// Words that a page of a PDF holds and does not show: under a bar or a picture, white on white,
/// transparent, clipped away or beside the page. They belong to nobody but the operator: no text,
/// fact, search or export may hold them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenWords {
    /// The page, from 1.
    pub page: u32,
    /// The words, lines separated by `\n`.
    pub text: String,
}

impl HiddenWords {
    /// How many words.
    #[must_use]
    pub fn count(&self) -> usize {
        self.text.split_whitespace().count()
    }
}
