//! What a reader is told of how a query was read.

/// Sentences in French, in the order of reading.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Notes {
    said: Vec<String>,
    left_out: bool,
}

impl Notes {
    /// Something was read, perhaps otherwise than it was meant.
    pub(crate) fn say(&mut self, note: impl Into<String>) {
        self.said.push(note.into());
    }

    /// Something was not read: what is found may be more than what was asked for.
    pub(crate) fn leave_out(&mut self, note: impl Into<String>) {
        self.left_out = true;
        self.say(note);
    }

    pub(crate) fn said(&self) -> &[String] {
        &self.said
    }

    pub(crate) fn left_out(&self) -> bool {
        self.left_out
    }
}
