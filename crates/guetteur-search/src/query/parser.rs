//! From tokens to a tree, by recursive descent. Whatever does not fit is left out with a note.

use super::fields;
use super::lexer::{self, Token};
use super::notes::Notes;
use super::{Node, Query};

/// Parentheses deeper than this are ignored.
const MAX_DEPTH: usize = 20;
/// Tokens beyond this are ignored: nobody types so many, and each costs time.
const MAX_TOKENS: usize = 64;

/// The tree of `text`.
pub(crate) fn parse(text: &str, notes: &mut Notes) -> Node {
    let mut text = text;
    if let Some((end, _)) = text.char_indices().nth(Query::MAX_CHARS) {
        notes.leave_out(format!(
            "Requête trop longue : seuls les {} premiers caractères sont lus.",
            Query::MAX_CHARS
        ));
        text = &text[..end];
    }
    let mut tokens = lexer::tokens(text, notes);
    if tokens.len() > MAX_TOKENS {
        notes.leave_out(format!(
            "Requête trop longue : seuls les {MAX_TOKENS} premiers mots sont lus."
        ));
        tokens.truncate(MAX_TOKENS);
    }
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), depth: 0, notes };
    let mut parts = Vec::new();
    while parser.tokens.peek().is_some() {
        parts.extend(parser.any());
        if parser.tokens.next_if_eq(&Token::Close).is_some() {
            parser.notes.say("Parenthèse fermante sans ouvrante : ignorée.");
        }
    }
    let root = group(parts, Node::And).unwrap_or_default();
    if root == Node::Everything && !text.trim().is_empty() && !parser.notes.left_out() {
        let sentence = format!("« {} » ne contient aucun mot : tout est montré.", text.trim());
        parser.notes.leave_out(sentence);
    }
    root
}

struct Parser<'n> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    depth: usize,
    notes: &'n mut Notes,
}

impl Parser<'_> {
    /// `all (OU all)*`, up to a closing parenthesis or the end.
    fn any(&mut self) -> Option<Node> {
        let mut parts: Vec<Node> = self.all().into_iter().collect();
        while self.tokens.next_if_eq(&Token::Or).is_some() {
            parts.extend(self.all());
        }
        group(parts, Node::Or)
    }

    /// `one ([ET] one)*`.
    fn all(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        loop {
            match self.tokens.peek() {
                None | Some(Token::Or | Token::Close) => break,
                Some(Token::And) => {
                    self.tokens.next();
                }
                Some(_) => parts.extend(self.one()),
            }
        }
        group(parts, Node::And)
    }

    /// A word, a phrase, a field, a group, or the negation of one.
    fn one(&mut self) -> Option<Node> {
        let mut negated = false;
        while self.tokens.next_if_eq(&Token::Not).is_some() {
            negated = !negated;
        }
        let node =
            match self.tokens.next_if(|t| !matches!(t, Token::Or | Token::And | Token::Close)) {
                None if negated => {
                    self.notes.leave_out("« SAUF » sans rien après : ignoré.");
                    None
                }
                None => None,
                Some(Token::Open) => self.parenthesis(),
                Some(Token::Word(word)) => Some(Node::Word(word)),
                Some(Token::Prefix(word)) => Some(Node::Prefix(word)),
                Some(Token::Phrase(words)) => Some(Node::Phrase(words)),
                Some(Token::Near(words, distance)) => Some(Node::Near(words, distance)),
                Some(Token::Field(name, value)) => fields::read(&name, &value, self.notes),
                Some(Token::Or | Token::And | Token::Not | Token::Close) => None,
            }?;
        Some(if negated { Node::Not(Box::new(node)) } else { node })
    }

    fn parenthesis(&mut self) -> Option<Node> {
        if self.depth == MAX_DEPTH {
            self.notes.leave_out("Trop de parenthèses : les plus profondes sont ignorées.");
            return None;
        }
        self.depth += 1;
        let inside = self.any();
        self.depth -= 1;
        if self.tokens.next_if_eq(&Token::Close).is_none() {
            self.notes.say("Parenthèse non fermée : fermée à la fin.");
        }
        inside
    }
}

/// The one part, or several under an operator.
fn group(mut parts: Vec<Node>, operator: fn(Vec<Node>) -> Node) -> Option<Node> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(operator(parts)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> (String, usize) {
        let query = Query::parse(text);
        (show(query.root()), query.notes().len())
    }

    /// Lisp-like, to be compared in tables.
    fn show(node: &Node) -> String {
        let list = |operator: &str, parts: &[Node]| {
            let parts: Vec<_> = parts.iter().map(show).collect();
            format!("({operator} {})", parts.join(" "))
        };
        match node {
            Node::Everything => "()".to_owned(),
            Node::Word(word) => word.clone(),
            Node::Prefix(word) => format!("{word}*"),
            Node::Phrase(words) => format!("{words:?}"),
            Node::Near(words, distance) => format!("{words:?}~{distance}"),
            Node::Field(field) => format!("{field:?}").replace('"', ""),
            Node::And(parts) => list("ET", parts),
            Node::Or(parts) => list("OU", parts),
            Node::Not(part) => list("SAUF", std::slice::from_ref(part)),
        }
    }

    #[test]
    fn what_is_left_out_is_left_out_of_the_whole_query() {
        let cases = [
            ("", "(SAUF vsa)"),
            ("drone", "(ET (SAUF vsa) drone)"),
            ("drone OU avion", "(ET (SAUF vsa) (OU drone avion))"),
            ("(drone OU avion", "(ET (SAUF vsa) (OU drone avion))"),
            ("drone OU \"avion", "(ET (SAUF vsa) (OU drone avion))"),
            ("drone) OU avion", "(ET (ET (SAUF vsa) drone) avion)"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(&Query::without(text, "vsa")).0, expected, "{text}");
        }
        let twice = Query::without(&Query::without("a OU b", "vsa"), "lapi");
        assert_eq!(shown(&twice).0, "(ET (SAUF lapi) (SAUF vsa) (OU a b))");
    }

    #[test]
    fn reads() {
        let cases = [
            ("", "()", 0),
            ("drone", "drone", 0),
            ("drone police", "(ET drone police)", 0),
            ("drone et police ou non", "(ET drone et police ou non)", 0),
            ("drone OU hélicoptère police", "(OU drone (ET hélicoptère police))", 0),
            ("(drone OR avion) AND police", "(ET (OU drone avion) police)", 0),
            ("drone -police", "(ET drone (SAUF police))", 0),
            (
                "drone SAUF (police OU \"gens du voyage\")",
                "(ET drone (SAUF (OU police \"gens du voyage\")))",
                0,
            ),
            ("NOT NOT drone", "drone", 0),
            ("Saint-Denis - 93", "(ET Saint-Denis 93)", 0),
            ("« captation d'images »", "\"captation d'images\"", 0),
            ("\"captation images\"~6 captat*", "(ET \"captation images\"~6 captat*)", 0),
            ("\"drone police", "(ET drone police)", 1),
            ("(drone", "drone", 1),
            ("drone) police", "(ET drone police)", 1),
            ("drone SAUF", "drone", 1),
            ("OU OU", "()", 1),
            ("a*", "a", 1),
            ("*** --- :: ()", "()", 1),
            ("prefecture:34,30", "Prefecture([34, 30])", 0),
            ("préfecture: 34 drone", "(ET Prefecture([34]) drone)", 0),
            ("commune:\"Aix en Provence\"", "Commune([Aix en Provence])", 0),
            ("categorie:drone niveau:autorise", "(ET Field Category Field Level)", 0),
            ("apres:01/02/2026", "From(2026-02-01)", 0),
            ("en-vigueur:2026-08-14", "InForce(2026-08-14)", 0),
            ("finalité:5", "Purpose([Borders])", 0),
            ("apres:demain drone", "drone", 1),
            ("categorie:licorne", "Category([Category(licorne)])", 1),
            ("niveau:fort drone", "drone", 1),
            ("couleur:bleu", "couleur:bleu", 1),
            ("14:00 https://x.fr", "(ET 14:00 https://x.fr)", 0),
            ("prefecture: ) drone", "drone", 2),
            ("region:licorne drone", "drone", 1),
            ("epci:999999999 drone", "drone", 1),
            ("epci:\"quatre rivières\" drone", "drone", 1),
            ("autour:Atlantide drone", "drone", 1),
            ("autour:35238-500km drone", "drone", 1),
            (
                "autour:35238-500km,35238-5km drone",
                "(ET Around([Around { insee: 35238, km: 5 }]) drone)",
                1,
            ),
        ];
        for (text, expected, notes) in cases {
            if expected.contains("Field ") {
                assert!(matches!(Query::parse(text).root(), Node::And(parts) if parts.len() == 2));
                continue;
            }
            assert_eq!(shown(text), (expected.to_owned(), notes), "{text:?}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let (_, notes) = shown(&format!("{}drone", "(".repeat(900)));
        assert!(notes > 0);
        let (_, notes) = shown(&"drone ".repeat(5_000));
        assert!(notes > 0);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,60}|([\"()«»:*~ -]|OU|SAUF|ET|drone|apres:|prefecture:|é|7){0,40}") {
            let _ = Query::parse(&text);
        }
    }
}
