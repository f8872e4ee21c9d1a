//! From tokens to trees.

use super::error::{Mistake, PatternError};
use super::lists::Lists;
use super::token::{Placed, Times, Token, tokens};
use super::tree::{Letter, Node};

/// Deeper groups come from no author.
const MAX_DEPTH: usize = 40;

/// A part of a pattern between two `…`.
pub(super) struct Piece {
    pub(super) node: Node,
    /// Characters of the pattern before it.
    pub(super) at: usize,
}

/// The pieces of `source`.
pub(super) fn pieces(source: &str, lists: &Lists) -> Result<Vec<Piece>, PatternError> {
    let mut parser = Parser { tokens: tokens(source)?, at: 0, depth: 0, lists };
    let mut pieces = Vec::new();
    loop {
        let at = parser.position(source);
        pieces.push(Piece { node: parser.choice()?, at });
        match parser.next() {
            None => break,
            Some((at, Token::Close)) => return Err(Mistake::StrayParenthesis.at(at)),
            Some(_) => {}
        }
    }
    Ok(pieces)
}

/// The words of a list, which other lists than `lists` do not know.
pub(super) fn list(source: &str, lists: &Lists) -> Result<Node, PatternError> {
    let mut pieces = pieces(source, lists).map_err(|error| match error.mistake {
        Mistake::GapInGroup => Mistake::GapInList.at(error.at),
        _ => error,
    })?;
    match (pieces.pop(), pieces.is_empty()) {
        (Some(piece), true) => Ok(piece.node),
        _ => {
            let gap = source.chars().position(|c| c == '…').unwrap_or_default();
            Err(Mistake::GapInList.at(gap))
        }
    }
}

struct Parser<'a> {
    tokens: Vec<Placed>,
    at: usize,
    depth: usize,
    lists: &'a Lists,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn next(&mut self) -> Option<Placed> {
        let next = self.tokens.get(self.at).cloned();
        self.at += 1;
        next
    }

    /// Characters before the next token.
    fn position(&self, source: &str) -> usize {
        let next = self.tokens[self.at..].iter().find(|(_, token)| *token != Token::Space);
        next.map_or_else(|| source.chars().count(), |(at, _)| *at)
    }

    /// Alternatives, up to `)`, `…` or the end.
    fn choice(&mut self) -> Result<Node, PatternError> {
        let mut alternatives = vec![self.sequence()?];
        while self.peek() == Some(&Token::Bar) {
            self.at += 1;
            alternatives.push(self.sequence()?);
        }
        if self.depth == 0 {
            let last = alternatives.len() - 1;
            trim(&mut alternatives[0], true);
            trim(&mut alternatives[last], false);
        }
        Ok(match alternatives.pop() {
            Some(only) if alternatives.is_empty() => only,
            last => Node::Choice(alternatives.into_iter().chain(last).collect()),
        })
    }

    fn sequence(&mut self) -> Result<Node, PatternError> {
        let mut nodes: Vec<Node> = Vec::new();
        while let Some((at, token)) = self.tokens.get(self.at).cloned() {
            let node = match token {
                Token::Bar | Token::Close => break,
                Token::Gap if self.depth == 0 => break,
                Token::Gap => return Err(Mistake::GapInGroup.at(at)),
                Token::Repeat(times) => {
                    self.at += 1;
                    repeat(&mut nodes, times)
                        .ok_or_else(|| Mistake::NothingToRepeat(written(times)).at(at))?;
                    continue;
                }
                Token::Letter(letter) => {
                    self.at += 1;
                    let letter = Letter { letter, optional: false };
                    match nodes.last_mut() {
                        Some(Node::Word(word)) => word.push(letter),
                        _ => nodes.push(Node::Word(vec![letter])),
                    }
                    continue;
                }
                Token::Open => {
                    self.at += 1;
                    nodes.push(self.group(at)?);
                    continue;
                }
                Token::Edge => self.edge(at)?,
                Token::Start => self.start(at)?,
                Token::End => self.end(at)?,
                Token::Sign(sign) => Node::Sign(sign),
                Token::OneOf(class) => Node::OneOf(class),
                Token::Space => Node::Space,
                Token::Apostrophe => Node::Apostrophe,
                Token::Article(letter, numbers) => Node::Article(letter, numbers),
                Token::List(name) => {
                    let list = self.lists.get(&name);
                    list.ok_or_else(|| Mistake::UnknownList(name).at(at))?.clone()
                }
            };
            self.at += 1;
            nodes.push(node);
        }
        Ok(Node::Sequence(nodes))
    }

    /// What stands between `(` at `at` and its `)`.
    fn group(&mut self, at: usize) -> Result<Node, PatternError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Mistake::TooDeep.at(at));
        }
        let inside = self.choice()?;
        self.depth -= 1;
        match self.next() {
            Some((_, Token::Close)) => Ok(inside),
            _ => Err(Mistake::UnclosedGroup.at(at)),
        }
    }

    fn before(&self) -> Option<&Token> {
        self.at.checked_sub(1).map(|at| &self.tokens[at].1)
    }

    fn after(&self) -> Option<&Token> {
        self.tokens.get(self.at + 1).map(|(_, token)| token)
    }

    fn edge(&self, at: usize) -> Result<Node, PatternError> {
        match (self.before(), self.after()) {
            (Some(Token::Letter(_)), Some(Token::Letter(_))) => Err(Mistake::EdgeInsideWord.at(at)),
            _ => Ok(Node::Edge),
        }
    }

    fn start(&self, at: usize) -> Result<Node, PatternError> {
        let heads = matches!(self.before(), None | Some(Token::Open | Token::Bar));
        let later = self.tokens[..self.at].iter().any(|(_, token)| *token == Token::Gap);
        if heads && !later { Ok(Node::Start) } else { Err(Mistake::StartInside.at(at)) }
    }

    fn end(&self, at: usize) -> Result<Node, PatternError> {
        let tails = matches!(self.after(), None | Some(Token::Close | Token::Bar));
        let more = self.tokens[self.at..].iter().any(|(_, token)| *token == Token::Gap);
        if tails && !more { Ok(Node::End) } else { Err(Mistake::EndInside.at(at)) }
    }
}

/// Spaces at the ends of a piece say nothing: `a … b` is `a…b`.
fn trim(node: &mut Node, start: bool) {
    if let Node::Sequence(nodes) = node {
        let outer = if start { nodes.first() } else { nodes.last() };
        if outer == Some(&Node::Space) {
            nodes.remove(if start { 0 } else { nodes.len() - 1 });
        }
    }
}

/// Repeats the last of `nodes`; `None` when there is nothing that can be repeated.
fn repeat(nodes: &mut Vec<Node>, times: Times) -> Option<()> {
    match nodes.last_mut()? {
        // They may be missing and be several as it is.
        Node::Space | Node::Apostrophe => return Some(()),
        Node::Edge | Node::Start | Node::End | Node::Repeat(..) => return None,
        Node::Word(word) => {
            let last = word.last_mut()?;
            if last.optional {
                return None;
            }
            if times == Times(0, Some(1)) {
                last.optional = true;
                return Some(());
            }
            if word.len() > 1 {
                let last = word.pop()?;
                nodes.push(Node::Word(vec![last]));
            }
        }
        _ => {}
    }
    let repeated = nodes.pop()?;
    nodes.push(Node::Repeat(Box::new(repeated), times));
    Some(())
}

fn written(Times(least, most): Times) -> String {
    match (least, most) {
        (0, Some(1)) => "?".to_owned(),
        (0, None) => "*".to_owned(),
        (1, None) => "+".to_owned(),
        (least, None) => format!("{{{least},}}"),
        (least, Some(most)) if least == most => format!("{{{least}}}"),
        (least, Some(most)) => format!("{{{least},{most}}}"),
    }
}
