//! The parts of an act: heading, visas, considérants, articles, found in folded text.
//!
//! Only the heading and the articles decide; *Vu* and *Considérant* cite. The splitter has to live
//! with scans: no line starts (folding drops them), letter-spaced capitals, lost words.

use std::sync::LazyLock;

use regex::Regex;

use crate::pattern::Range;

/// A part of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Before the first visa: letterhead, number, title.
    Heading,
    /// *Vu*.
    Visas,
    /// *Considérant*.
    Recitals,
    /// An article, from 1; 0 is the text between « Arrête » and the first article.
    Article(u32),
    /// A text without visas, considérants or articles.
    Unknown,
}

impl Zone {
    /// Whether what is said here is what the act does.
    pub(crate) fn operative(self) -> bool {
        matches!(self, Self::Article(_) | Self::Unknown)
    }
}

/// One zone and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) zone: Zone,
    pub(crate) range: Range,
}

/// A heading of this length has no visa after it by accident: the rest is unknown ground.
const MAX_HEADING: usize = 4000;

static MARKERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?P<vu>(?-u:\b)vu (?:l|i'|ensemble|le|la|les|ses|son|pour mem))",
        r"|(?P<recital>(?-u:\b)cons[il1|]derant(?-u:\b))",
        r"|(?P<enacts>(?-u:\b)a ?r ?r ?e ?t ?e(?: ?n ?t)? ?:|(?-u:\b)d ?e ?c ?i ?d ?e(?: ?n ?t)? ?:)",
        r#"|(?P<article>(?-u:\b)a ?r ?t ?i ?c ?l ?e ?['"*]?(?P<number>1 ?er|[il|] ?er|premier|unique|[0-9]{1,3}) ?(?P<sign>[:.)-])?)"#,
    ))
    .expect("a fixed pattern")
});

/// What stands before a mere reference to an article (« l'article 1er », « à l'article 2 »).
static REFERENCE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:['’]|(?-u:\b)(?:l|les|des|aux|de|du|son|cet|dit|present|et|ou|a|par|sous)) ?$")
        .expect("a fixed pattern")
});

/// What follows a mere reference (« article 10 de la loi »).
static REFERENCE_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^ ?(?:de la loi|du code|du decret|de l'arrete|du reglement|de l'ordonnance|du present|susvise|ci-dessus|bis du)")
        .expect("a fixed pattern")
});

/// Splits the folded body of an act.
pub(crate) fn split(text: &str) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut current = Segment { zone: Zone::Heading, range: 0..0 };
    for found in MARKERS.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let in_articles = matches!(current.zone, Zone::Article(_));
        let zone = if found.name("vu").is_some() && !in_articles {
            Zone::Visas
        } else if found.name("recital").is_some() && !in_articles {
            Zone::Recitals
        } else if found.name("enacts").is_some() && !in_articles {
            Zone::Article(0)
        } else if let Some(number) = found.name("number") {
            let heads = heads_an_article(text, whole.range(), found.name("sign").is_some());
            if !heads {
                continue;
            }
            Zone::Article(number.as_str().parse().unwrap_or(1))
        } else {
            continue;
        };
        if zone == current.zone {
            continue;
        }
        current.range.end = whole.start();
        segments.push(current);
        current = Segment { zone, range: whole.start()..whole.start() };
    }
    current.range.end = text.len();
    segments.push(current);
    segments.retain(|segment| !segment.range.is_empty());
    mark_unknown(segments, text)
}

/// A heading that never ends is no heading: its first part may be, the rest is unknown.
fn mark_unknown(mut segments: Vec<Segment>, text: &str) -> Vec<Segment> {
    if let [only] = segments.as_mut_slice()
        && only.zone == Zone::Heading
    {
        only.zone = Zone::Unknown;
        return segments;
    }
    if segments.first().is_some_and(|s| s.zone == Zone::Heading && s.range.len() > MAX_HEADING) {
        let mut cut = MAX_HEADING;
        while !text.is_char_boundary(cut) {
            cut += 1;
        }
        let end = segments[0].range.end;
        segments[0].range.end = cut;
        segments.insert(1, Segment { zone: Zone::Unknown, range: cut..end });
    }
    segments
}

fn heads_an_article(text: &str, marker: Range, signed: bool) -> bool {
    let mut from = marker.start.saturating_sub(12);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    if REFERENCE_BEFORE.is_match(&text[from..marker.start]) {
        return false;
    }
    signed || !REFERENCE_AFTER.is_match(&text[marker.end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use guetteur_model::fold::fold;

    fn zones(text: &str) -> Vec<(Zone, String)> {
        let folded = fold(text);
        split(&folded).into_iter().map(|s| (s.zone, folded[s.range].trim().to_owned())).collect()
    }

    #[test]
    fn splits_an_act() {
        let act = "ARRÊTÉ n° 12 autorisant X\nLe préfet\nVu le code, notamment son article 10 ;\n\
            Vu la loi ;\nConsidérant que l'article 1er de la loi ;\nA R R Ê T E :\n\
            Article 1er : X est autorisé.\nARTICLE 2 – Voir l'article 1er.";
        let zones = zones(act);
        let kinds: Vec<Zone> = zones.iter().map(|z| z.0).collect();
        assert_eq!(
            kinds,
            [
                Zone::Heading,
                Zone::Visas,
                Zone::Recitals,
                Zone::Article(0),
                Zone::Article(1),
                Zone::Article(2)
            ]
        );
        assert_eq!(zones[4].1, "article 1er : x est autorise.");
    }

    #[test]
    fn lives_without_marks() {
        assert_eq!(zones("Une note sans forme")[0].0, Zone::Unknown);
        assert!(zones("").is_empty());
        let scan = "Vu Vu Considérant Article ler - La captation est autorisée";
        assert_eq!(zones(scan).last().map(|z| z.0), Some(Zone::Article(1)));
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(text in "(vu le |article 1er |considerant |arrete : |é|x|\\PC){0,20}") {
            let folded = fold(&text);
            let joined: String = split(&folded).into_iter().map(|s| &folded[s.range]).collect();
            assert_eq!(joined, folded);
        }
    }
}
