//! The parts of an act: heading, *Vu*, *Considérant*, articles, ending.

use std::ops::Range;

use regex::Regex;

use crate::text::ActText;

/// Byte ranges of [`ActText::as_str`]. An absent part is an empty range.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// Title, letterhead, verb line, honours.
    pub heading: Range<usize>,
    /// The texts cited (*Vu …*): they prove nothing about what the act does.
    pub visas: Range<usize>,
    /// The reasons (*Considérant …*).
    pub considerants: Range<usize>,
    /// The operative part, article by article. Without articles, one that holds what follows
    /// *Arrête*, numbered 0.
    pub articles: Vec<Article>,
    /// Place, date, signature, notice of remedies, annexes.
    pub ending: Range<usize>,
}

/// One article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// From 1; 0 for an operative part without articles.
    pub number: u32,
    /// From its heading to the next one's.
    pub range: Range<usize>,
}

impl Parts {
    /// From the first article to the ending; empty when the act has none that can be read.
    #[must_use]
    pub fn operative(&self) -> Range<usize> {
        match (self.articles.first(), self.articles.last()) {
            (Some(first), Some(last)) => first.range.start..last.range.end,
            _ => self.ending.start..self.ending.start,
        }
    }
}

macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        pub(super) static $name: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| crate::parts::compile($pattern));
    };
}
pub(crate) use pattern;

/// Compiles a constant pattern. Folded text is ASCII but for a few signs, and word boundaries,
/// digits and complements of all of Unicode would keep the engine from its fast paths.
pub(crate) fn compile(pattern: &str) -> Regex {
    let ascii =
        pattern.replace(r"\b", r"(?-u:\b)").replace(r"\d", "[0-9]").replace(r"\w", "[a-z0-9_]");
    Regex::new(&ascii).expect("a constant pattern")
}

pattern!(
    ARTICLE,
    r#"art(?:icle|\.)\s?['"*]?n?°?\s?(?:(\d{1,3})\s?(?:er\b|e\b|°|\*)?|(premier|unique|ler\b|[il] ?er\b|1er))"#
);
pattern!(OPERATIVE, r"(?:arree?te(?:nt)?|decide(?:nt)?|a r r e t e)\s?:?");
pattern!(VISA, r"v ?u ?:? (?:le|la|les|l'|l )");
pattern!(REASON, r"considerant");
pattern!(
    ENDING,
    r"(?:fait (?:a|au|aux|en) [^;]{2,60}?,? ?le|signature au |signe a |pour le prefet|pour la prefete|pour le directeur|[a-z][a-z' -]{2,40}, ?le (?:lundi |mardi |mercredi |jeudi |vendredi |samedi |dimanche )?\d{1,2}(?:er|[^\d]))"
);

// « Est autorisé, le 8 mars 2026 de 9h00 à 18h00, … »: an article begins like a place with its day.
pattern!(DECIDES, r"\b(?:est|sont|peut|peuvent|autoris|interdi|instaur|institu|captation|survol)");

/// Cuts an act into its parts. Linear time; tolerates missing and scrambled parts.
#[must_use]
pub fn parts(text: &ActText<'_>) -> Parts {
    let folded = text.as_str();
    let body = text.title().end;
    let markers = article_markers(text, body);
    let markers = with_first(text, body, markers);
    let operative = operative_start(text, body, markers.first().map(|m| m.range.start));
    let opens = operative.unwrap_or(folded.len());
    let first = |pattern: &Regex, from: usize| {
        pattern
            .find_iter(&folded[from..opens])
            .map(|m| from + m.start())
            .find(|&at| text.is_line_start(at) || text.is_upper(at))
    };
    let reasons = first(&REASON, body).unwrap_or(opens);
    let visas = first(&VISA, body).filter(|&at| at < reasons).unwrap_or(reasons);
    let ending = operative.map_or(folded.len(), |from| {
        ending_start(text, markers.last().map_or(from, |m| m.range.end))
    });
    Parts {
        heading: 0..visas,
        visas: visas..reasons,
        considerants: reasons..opens,
        articles: articles(markers, operative, ending),
        ending: ending..folded.len(),
    }
}

/// The headings of the articles, in their order. A citation (« l'article 3 ») is not in sequence,
/// not capital, or belongs to another text.
fn article_markers(text: &ActText<'_>, from: usize) -> Vec<Article> {
    let folded = text.as_str();
    let mut found: Vec<Article> = Vec::new();
    for captures in ARTICLE.captures_iter(&folded[from..]) {
        let (Some(whole), number) = (captures.get(0), captures.get(1)) else { continue };
        let (start, end) = (from + whole.start(), from + whole.end());
        let number = number.map_or(1, |m| m.as_str().parse().unwrap_or(0));
        let expected = match found.last() {
            None => 1..=2,
            Some(last) => last.number + 1..=last.number + 2,
        };
        let heads = text.is_line_start(start) || text.is_upper(start);
        let cited = folded[..start].trim_end().ends_with(['\'', ','])
            || folded[end..].trim_start().starts_with("de ")
            || folded[end..].trim_start().starts_with("du ");
        if heads && !cited && expected.contains(&number) {
            found.push(Article { number, range: start..end });
        }
    }
    found
}

/// When the first article that can be read is the second (« Anticle Ler »), the first one starts
/// at *Arrête*.
fn with_first(text: &ActText<'_>, from: usize, mut markers: Vec<Article>) -> Vec<Article> {
    if markers.first().is_some_and(|first| first.number > 1) {
        let before = from..markers[0].range.start;
        if let Some(start) = decides(text, before) {
            markers.insert(0, Article { number: 1, range: start..start });
        }
    }
    markers
}

/// Where *Arrête* or *Décide* stands alone on its line, the last time in `range`.
fn decides(text: &ActText<'_>, range: Range<usize>) -> Option<usize> {
    let folded = text.as_str();
    OPERATIVE
        .find_iter(&folded[range.clone()])
        .map(|m| (range.start + m.start(), range.start + m.end()))
        .filter(|&(start, end)| {
            let alone = folded[..end].ends_with(':') || text.is_line_start(end + 1);
            text.is_line_start(start) && (alone || text.is_line_start(end))
        })
        .map(|(start, _)| start)
        .last()
}

fn operative_start(text: &ActText<'_>, from: usize, article: Option<usize>) -> Option<usize> {
    if article.is_some() {
        return article;
    }
    let folded = text.as_str();
    decides(text, from..folded.len()).filter(|&start| VISA.is_match(&folded[from..start]))
}

fn ending_start(text: &ActText<'_>, from: usize) -> usize {
    let folded = text.as_str();
    ENDING
        .find_iter(&folded[from..])
        .filter(|m| !DECIDES.is_match(m.as_str()))
        .map(|m| from + m.start())
        .find(|&at| text.is_line_start(at) || text.is_upper(at))
        .unwrap_or(folded.len())
}

fn articles(markers: Vec<Article>, operative: Option<usize>, ending: usize) -> Vec<Article> {
    if markers.is_empty() {
        let range = operative.map(|start| start..ending.max(start));
        return range.into_iter().map(|range| Article { number: 0, range }).collect();
    }
    let ends: Vec<usize> =
        markers.iter().skip(1).map(|m| m.range.start).chain(std::iter::once(ending)).collect();
    markers
        .into_iter()
        .zip(ends)
        .map(|(m, end)| Article { number: m.number, range: m.range.start..end.max(m.range.start) })
        .collect()
}

#[cfg(test)]
mod tests {
    use guetteur_model::{Act, ActPage};

    use super::*;

    fn act(text: &str) -> Act {
        Act {
            text: vec![ActPage { number: 1, offset: 0, text: text.into() }],
            ..Act::of_title("Arrêté")
        }
    }

    #[test]
    fn tells_citations_from_articles() {
        let head = "Le préfet\nVu l'article 1 du décret ;\nVu le code ;\nConsidérant le risque ;\nARRÊTE\n";
        let cases = [
            (
                "Article 1er : A.\nArticle 2 : de l'article 3 de la loi.\nFait à Gap, le 3 mai 2025",
                vec![1, 2],
            ),
            ("Article premier. – A.\nArt. 2 – B.\nGap, le 3 mai 2025", vec![1, 2]),
            ("Anticle Ler : A.\nArticle 2 : B.\nFait à Gap, le 3 mai 2025", vec![1, 2]),
            ("La captation est autorisée.\nFait à Gap, le 3 mai 2025", vec![0]),
            ("fixé.Article 1 : A.Article 2 : B.\nPour le préfet", vec![1, 2]),
            (
                "Article 1 – Est autorisé, le 8 mars 2026, le vol.\nFait à Gap, le 3 mai 2025",
                vec![1],
            ),
        ];
        for (body, expected) in cases {
            let act = act(&format!("{head}{body}"));
            let text = ActText::new(&act);
            let parts = parts(&text);
            let numbers: Vec<u32> = parts.articles.iter().map(|a| a.number).collect();
            assert_eq!(numbers, expected, "{body}");
            let slice = |range: &Range<usize>| text.as_str()[range.clone()].to_owned();
            assert!(slice(&parts.visas).starts_with("vu l'article 1 du decret"), "{body}");
            assert!(slice(&parts.considerants).starts_with("considerant le risque"), "{body}");
            assert!(!slice(&parts.operative()).contains("considerant"), "{body}");
            assert!(!slice(&parts.operative()).contains("gap"), "{body}");
            assert!(!slice(&parts.ending).contains("autorise"), "{body}");
            assert!(!parts.ending.is_empty(), "{body}");
        }
    }
}
