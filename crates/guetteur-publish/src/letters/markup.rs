//! The little that a letter's text may say beside words: `# ` a heading, `- ` an item, `> ` lines
//! to the right; an empty line ends a paragraph. Linear in the text.

use serde::Serialize;

/// A paragraph of a letter, as lines of runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Block {
    /// What it is.
    pub style: Style,
    /// Its lines.
    pub lines: Vec<Vec<Run>>,
}

/// How a block is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// Plain.
    Plain,
    /// A heading.
    Heading,
    /// An item of a list.
    Item,
    /// To the right: addressee, date, signature.
    Right,
}

/// Words, or an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// As shown.
    pub text: String,
    /// Whether it is an address that may be followed.
    pub link: bool,
}

/// Reads a text.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        // What XML cannot hold cannot be in a document.
        let line: String = line.chars().filter(|c| *c == '\t' || !unwritable(*c)).collect();
        let line = line.trim();
        let (style, words) = [("# ", Style::Heading), ("- ", Style::Item), ("> ", Style::Right)]
            .iter()
            .find_map(|(mark, style)| line.strip_prefix(mark).map(|words| (*style, words)))
            .unwrap_or((Style::Plain, line));
        if words.is_empty() {
            open = false;
            continue;
        }
        match blocks.last_mut().filter(|last| open && continues(last.style, style)) {
            Some(last) => last.lines.push(runs(words)),
            None => blocks.push(Block { style, lines: vec![runs(words)] }),
        }
        open = style != Style::Heading;
    }
    blocks
}

fn unwritable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// A plain line goes on with what stands above it; lines to the right go together.
fn continues(above: Style, line: Style) -> bool {
    match line {
        Style::Plain => above != Style::Right,
        Style::Right => above == Style::Right,
        Style::Heading | Style::Item => false,
    }
}

/// Splits a line at its addresses.
fn runs(line: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut plain = String::new();
    for word in line.split_inclusive(char::is_whitespace) {
        let address = word.trim_end_matches(|c: char| {
            c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | ')' | '»' | '!' | '?')
        });
        let is_link = ["https://", "http://"]
            .iter()
            .any(|scheme| address.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
        if !is_link {
            plain.push_str(word);
            continue;
        }
        if !plain.is_empty() {
            runs.push(Run { text: std::mem::take(&mut plain), link: false });
        }
        runs.push(Run { text: address.to_owned(), link: true });
        plain.push_str(&word[address.len()..]);
    }
    if !plain.is_empty() {
        runs.push(Run { text: plain, link: false });
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let line = |line: &Vec<Run>| line.iter().map(|run| run.text.as_str()).collect::<String>();
        blocks(text)
            .iter()
            .map(|block| {
                let lines: Vec<String> = block.lines.iter().map(line).collect();
                format!("{:?}: {}", block.style, lines.join(" | "))
            })
            .collect()
    }

    #[test]
    fn paragraphs_items_headings_and_lines_to_the_right() {
        let text =
            "a\nb\n\n# Titre\nc\n- un\n  suite\n- deux\n\n> x\n> y\nz\n#pas un titre\n-\u{1}\n";
        assert_eq!(
            shown(text),
            [
                "Plain: a | b",
                "Heading: Titre",
                "Plain: c",
                "Item: un | suite",
                "Item: deux",
                "Right: x | y",
                "Plain: z | #pas un titre | -",
            ]
        );
        assert_eq!(blocks(" \n\n"), []);
    }

    #[test]
    fn addresses_are_links_without_the_full_stop_behind_them() {
        let line = runs("Voir https://a.example/b?c=1&d=2. Et http:// rien (https://b.example)");
        let links: Vec<&str> =
            line.iter().filter(|run| run.link).map(|run| run.text.as_str()).collect();
        assert_eq!(links, ["https://a.example/b?c=1&d=2"], "a bracket before is no address");
        let whole: String = line.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(whole, "Voir https://a.example/b?c=1&d=2. Et http:// rien (https://b.example)");
    }

    proptest::proptest! {
        #[test]
        fn no_word_is_lost(text in "\\PC{0,80}") {
            let words = |text: &str| -> String {
                text.chars().filter(|c| c.is_alphanumeric()).collect()
            };
            proptest::prop_assert_eq!(words(&shown(&text).join(" ").replace("Plain", "")
                .replace("Heading", "").replace("Item", "").replace("Right", "")),
                words(&text).replace("Plain", "").replace("Heading", "").replace("Item", "")
                .replace("Right", ""));
        }
    }
}
