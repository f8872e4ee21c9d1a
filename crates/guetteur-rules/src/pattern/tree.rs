//! A pattern as a tree: what its tokens mean together.

use super::token::Times;

/// What matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Word(Vec<Letter>),
    /// A sign that is no letter.
    Sign(char),
    /// One sign of several, as the regular expression writes it.
    OneOf(String),
    /// Spaces or hyphens, or none.
    Space,
    /// An apostrophe, lost or doubled.
    Apostrophe,
    Edge,
    Start,
    End,
    Article(char, Vec<String>),
    Repeat(Box<Node>, Times),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
}

/// A letter of a word; `s?` is one that may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) letter: char,
    pub(super) optional: bool,
}

impl Node {
    /// Whether it matches without reading anything.
    pub(super) fn may_be_empty(&self) -> bool {
        match self {
            Self::Word(letters) => letters.iter().all(|letter| letter.optional),
            Self::Sign(_) | Self::OneOf(_) | Self::Article(..) => false,
            Self::Space | Self::Apostrophe | Self::Edge | Self::Start | Self::End => true,
            Self::Repeat(inner, Times(least, _)) => *least == 0 || inner.may_be_empty(),
            Self::Sequence(nodes) => nodes.iter().all(Self::may_be_empty),
            Self::Choice(nodes) => nodes.iter().any(Self::may_be_empty),
        }
    }

    /// The same without what may be missing at the side that `…` follows or precedes. Before
    /// « … sur », `caméras?` would else take the *s* of *sur* where the space is lost, and leave
    /// *ur*; what may be missing there decides nothing.
    pub(super) fn bare(self, side: Side) -> Self {
        match self {
            Self::Word(mut letters) => {
                let optional = |letter: Option<&Letter>| letter.is_some_and(|l| l.optional);
                while side == Side::End && optional(letters.last()) {
                    letters.pop();
                }
                let kept = letters.iter().position(|l| !l.optional).unwrap_or(letters.len());
                if side == Side::Start {
                    letters.drain(..kept);
                }
                Self::Word(letters)
            }
            Self::Sequence(mut nodes) => {
                loop {
                    let outer = match side {
                        Side::Start if nodes.is_empty() => break,
                        Side::Start => nodes.remove(0),
                        Side::End => match nodes.pop() {
                            Some(node) => node,
                            None => break,
                        },
                    };
                    if outer.decides_nothing() {
                        continue;
                    }
                    let bare = outer.bare(side);
                    match side {
                        Side::Start => nodes.insert(0, bare),
                        Side::End => nodes.push(bare),
                    }
                    break;
                }
                Self::Sequence(nodes)
            }
            Self::Choice(nodes) => {
                Self::Choice(nodes.into_iter().map(|node| node.bare(side)).collect())
            }
            node => node,
        }
    }

    /// Whether it may be missing at the end of a piece. What stays inside a word (`\w*`) reaches
    /// no further than that word, and the edge of a word is a demand.
    fn decides_nothing(&self) -> bool {
        match self {
            Self::Edge | Self::Start | Self::End => false,
            Self::Repeat(inner, Times(0, _)) => !matches!(**inner, Self::OneOf(_)),
            Self::Sequence(nodes) => nodes.iter().all(Self::decides_nothing),
            Self::Choice(nodes) => nodes.iter().any(Self::decides_nothing),
            node => node.may_be_empty(),
        }
    }
}

/// A side of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Start,
    End,
}
