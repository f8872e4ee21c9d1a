//! Headings and endings of the acts themselves.

use guetteur_model::Span;
use guetteur_model::fold::{Folded, fold, slice_chars};

use super::lexicon::{
    ANNEX, ARTICLE_ANY, ARTICLE_ONE, CITES, ENDS, KIND, LETTERHEAD, OPERATES, RECEIVED, REMEDIES,
    VERB, verb_start,
};
use super::line_pattern::opening;
use super::number;
use super::page::{Line, PageView};
use crate::parts::pattern;

/// The heading of an act: `ARRÊTÉ n° …`, what it does, then who decides and *Vu*.
#[derive(Debug)]
pub(crate) struct Heading {
    /// Index of the page.
    pub page: usize,
    /// Offset in characters where the act starts: its letterhead.
    pub start: u32,
    /// Number that the heading prints.
    pub own_number: Option<String>,
    /// The title.
    pub title: Span,
    /// Whether an act before it was signed, or it stands on a letterhead.
    pub separate: bool,
}

opening!(
    TITLE_END,
    b"acdeflnosv",
    r"^[^a-z0-9]{0,4}(?:(?:le|la|l'|les) (?:pref[eè]te?s?|directeurs?|directrice|sous-pref[eè]te?|ministre|secretaire|general|colonel|recteur|rectrice|presidente?|maire|chef|commandant|procureur)\b|v ?u\b|considerant|chevalier|officier|commandeur|art(?:icle|\.)|nor ?:|sur (?:la )?proposition|affaire suivie|liberte|egalite|fraternite|arrete(?:nt)? ?:?$|decide ?:?$)"
);

// « 2026- 103 Arrêté », « 29 juil. 2025 Arrêté »: a number or a stamp before the kind.
pattern!(
    STAMPED,
    r"^(?:n ?° ?)?(?:\d[\d ]{0,3} ?(?:[a-z]{3,9}\.?,? ?)?)?20\d\d ?(?:[-/] ?[a-z]?\d{2,5} ?)?(?:arretes?|decision)(?:[^a-z]|portant|autorisant|modifiant|interdisant|$)"
);
pattern!(TITLED, r"^(?:le )?recueil\b|actes administratifs");
pattern!(NUMBER_LINE, r"^(?:n ?° ?)?20\d\d ?[-/.] ?[a-z]?\d{2,5}$");
pattern!(OWN_LINE, r"^n ?(?:°|º|o\b)");

/// More acts than any bulletin has.
const MOST: usize = 5_000;
const TITLE_LINES: usize = 12;
const LINES_TO_CITATION: usize = 45;

/// All headings, in order.
pub(crate) fn find(pages: &[PageView<'_>], body: impl Fn(usize) -> bool) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    // Whether the act that runs has been signed, and whether it has come to its articles.
    let mut signed = true;
    let first = (0..pages.len()).find(|p| body(*p));
    for (p, page) in pages.iter().enumerate().filter(|(p, _)| body(*p)) {
        // Where the part of the page begins that no act has claimed.
        let mut free = Some(0);
        let mut i = 0;
        while i < page.lines.len() {
            let line = &page.lines[i];
            let bare = free == Some(0) && below_letterhead(page, i);
            let opened = free.filter(|_| bare || opens(pages, p, i));
            let late =
                || free.is_none() && first == Some(p) && found.is_empty() && stands_late(page, i);
            if let Some(from) = opened.or_else(|| late().then_some(0)) {
                if found.len() >= MOST {
                    return found;
                }
                let heading = read(page, p, i, from, signed);
                // A letterhead that each page of an act repeats, with its number.
                let repeats = !signed
                    && heading.own_number.is_some()
                    && found.last().is_some_and(|last| last.own_number == heading.own_number);
                if heading.separate && !repeats {
                    signed = false;
                    free = None;
                    found.push(heading);
                }
            }
            // A column of « Vu », read before the heading beside it, cites nothing yet.
            let lone = free == Some(0) && line.folded.len() < 4;
            if CITES.is_match(line) && !lone || ARTICLE_ANY.is_match(line) || ANNEX.is_match(line) {
                free = None;
            }
            // « Montpellier, le 3 mars » in a letterhead ends nothing.
            let dated = || free == Some(0) && i < LETTERHEAD_LINES && heads_page(page, i);
            if ENDS.is_match(line) && !dated() || REMEDIES.is_match(line) {
                signed = true;
                free = Some(i + 1);
            }
            i += 1;
        }
    }
    found
}

/// Whether line `i` is the first below the motto of a page that soon cites texts: the title of an
/// act that does not name its kind.
fn below_letterhead(page: &PageView<'_>, i: usize) -> bool {
    let motto = |line: &str| line.contains("fraternite") && line.len() < 120;
    let head = |i: usize| LETTERHEAD.is_match(&page.lines[i]);
    if i == 0 || i > 14 || head(i) || TITLE_END.is_match(&page.lines[i]) {
        return false;
    }
    let after_motto = page.lines[..i].iter().rposition(|l| motto(&l.folded));
    // A cover bears the motto too.
    after_motto.is_some_and(|m| (m + 1..i).all(head))
        && !TITLED.is_match(&page.joined(i, 3))
        && !page.lines[i..].iter().take(8).any(|l| KIND.is_match(l))
        && page.lines[i + 1..].iter().take(12).any(|l| CITES.is_match(l))
}

/// Whether line `i` is the kind of an act, soon followed by what it cites.
fn opens(pages: &[PageView<'_>], p: usize, i: usize) -> bool {
    let page = &pages[p];
    let line = &page.lines[i];
    if !names_kind(line) {
        return false;
    }
    let after = page.lines[i + 1..]
        .iter()
        .chain(pages.get(p + 1).into_iter().flat_map(|n| n.lines.iter().take(12)));
    let mut last: &Line<'_> = line;
    let mut decider = false;
    for (n, next) in after.take(LINES_TO_CITATION).enumerate() {
        if ARTICLE_ONE.is_match(next) {
            return n > 0 && (decider || !OPERATES.is_match(last));
        }
        if CITES.is_match(next) {
            return true;
        }
        decider |= DECIDER.is_match(&next.folded);
        if ENDS.is_match(next) && n > 8 {
            return false;
        }
        last = next;
    }
    false
}

/// Lines from the kind of an act to who decides, where texts were read before it.
const LINES_TO_DECIDER: usize = 12;

/// Whether line `i` opens the first act of a page whose columns were read in another order, texts
/// before the heading: kind and number alone, what the act does on the next line, then who decides.
fn stands_late(page: &PageView<'_>, i: usize) -> bool {
    if !names_kind(&page.lines[i]) || VERB.is_match(&page.lines[i].folded) {
        return false;
    }
    let below = page.lines[i + 1..].iter().take(LINES_TO_DECIDER);
    let does = |line: &Line<'_>| VERB.find(&line.folded).is_some_and(|verb| verb.start() == 0);
    let mut decided = below.clone().map(|line| DECIDER.is_match(&line.folded));
    below.clone().next().is_some_and(does) && decided.any(|decides| decides)
}

pattern!(DECIDER, r"^[^a-z0-9]{0,4}l[ea] (?:pref[eè]te?|directeur|directrice|sous-pref)");

/// Lines of a letterhead at most.
const LETTERHEAD_LINES: usize = 16;

/// Whether a prefect's letterhead stands above line `i`, at the top of the page.
fn heads_page(page: &PageView<'_>, i: usize) -> bool {
    page.lines[..i]
        .iter()
        .take(LETTERHEAD_LINES)
        .any(|l| l.first == b'p' && PREFECT.is_match(&l.folded))
}

pattern!(PREFECT, r"^[^a-z0-9]{0,4}prefet(?:e)?\b");

/// Whether a line begins with the kind of an act. A whole heading on one line says what it does.
fn names_kind(line: &Line<'_>) -> bool {
    let long = line.text.len() > 300;
    let named = if KIND.is_match(line) {
        line.text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)
    } else {
        !stamp(line).is_empty()
    };
    named
        && !RECEIVED.is_match(&line.folded)
        && (!long || VERB.is_match(&line.folded[..floor(&line.folded, 250)]))
}

/// What stands before the kind of the act on its line: a number or a stamped day.
fn stamp<'a>(line: &Line<'a>) -> &'a str {
    const REACH: usize = 48;
    if !line.first.is_ascii_digit() {
        return "";
    }
    let near = line.text.char_indices().nth(REACH).map_or(line.text, |(end, _)| &line.text[..end]);
    let kinds = ["Arr", "ARR", "Déc", "DÉC", "DEC"];
    let at = kinds.iter().filter_map(|kind| near.find(kind)).min();
    let at = at.filter(|_| !KIND.is_match(line) && STAMPED.is_match(&line.folded));
    &line.text[..at.unwrap_or(0)]
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

fn read(page: &PageView<'_>, p: usize, kind: usize, free: usize, signed: bool) -> Heading {
    let most = page.lines.len().min(kind + TITLE_LINES);
    // Another heading that extraction glued to the title.
    let hangs = |i: usize| page.lines[i].start == page.lines[i - 1].end;
    let next = |i: usize| hangs(i) && KIND.is_match(&page.lines[i]);
    let until = (kind + 1..most).find(|&i| TITLE_END.is_match(&page.lines[i]) || next(i));
    let until = until.unwrap_or(most);
    // The number may stand on a line of its own below the title.
    let numbered = (kind + 1..until).find(|&i| OWN_LINE.is_match(&page.lines[i].folded));
    let below = numbered.and_then(|i| own_number(page.lines[i].text));
    let until = numbered.filter(|_| below.is_some()).unwrap_or(until);
    let stamp = stamp(&page.lines[kind]);
    let start = page.lines[kind].start + stamp.chars().count() as u32;
    let end = page.lines[until - 1].end;
    let title = trim_title(page.chars(start, end));
    let end = start + title.chars().count() as u32;
    let top = first_line(page, kind, free);
    let letterhead = page.lines[top..kind]
        .iter()
        .any(|l| l.folded.contains("fraternite") || l.folded.contains("republique"));
    // A scan lost the motto, or the signature before it.
    let prefecture = || free == 0 && heads_page(page, kind);
    let letterhead = letterhead || prefecture();
    let head = &page.lines[kind..until.min(kind + 3)];
    // A number on the line of the kind, before what the act does, is its own whatever stands below.
    let on_its_line = || own_number(&before_verb(&page.lines[kind].text[stamp.len()..]));
    let on_its_line = below.is_some().then(on_its_line).flatten().filter(|n| n.len() > 3);
    // Some print it above: « 2026- A368 ⏎ Arrêté ⏎ autorisant … ».
    let above = || {
        let line = &page.lines[kind.checked_sub(1)?];
        NUMBER_LINE.is_match(&line.folded).then(|| line.text.replace(' ', ""))
    };
    Heading {
        page: p,
        start: if top == 0 { 0 } else { page.lines[top].start },
        own_number: on_its_line.or(below).or_else(|| {
            let lines: Vec<&str> = head.iter().map(|l| l.text).collect();
            let own = own_number(&before_verb(&lines.join(" ")[stamp.len()..]));
            own.or_else(|| {
                NUMBER_LINE.is_match(fold(stamp).trim_end()).then(|| stamp.replace(' ', ""))
            })
            .or_else(above)
        }),
        title: Span { page: page.number, start, end, text: title },
        separate: signed || letterhead,
    }
}

/// The number in a line of a heading, as printed.
pub(crate) fn own_number(line: &str) -> Option<String> {
    let folded = Folded::new(line);
    let range = number::own(folded.as_str())?;
    let (start, end) = folded.span(range.start, range.end);
    let number = slice_chars(line, start, end);
    // « CAB/DS/PPA n° 94 » is two words.
    let sign = fold(number).find(" n");
    Some(match sign {
        Some(at) if at > 2 => {
            let (service, rest) = number.split_at(at);
            format!("{} {}", service.replace(' ', ""), rest.replace(' ', ""))
        }
        _ => number::unbroken(number),
    })
}

pattern!(NUMBER_SIGN, r"n ?(?:°|o\b|º|'|\*|r\.?) ?:? ?$");
pattern!(KIND_TWICE, r"^(arretes?|decision)(?: (?:prefectoral|n ?°))? ?:? ?(arretes?|decision)\b");

/// The title of a heading without the act's own number: « Arrêté n° 12 portant … » is « Arrêté
/// portant … ». A heading that says nothing else keeps it.
pub(crate) fn without_number(title: &str) -> String {
    let folded = Folded::new(title);
    let text = folded.as_str();
    let verb = verb_start(text);
    let head = verb.map_or(text, |verb| &text[..verb]);
    let words = |rest: &str| rest.split(' ').filter(|w| w.len() > 3).count();
    // A verb with its object says enough.
    let enough = if verb.is_some() { 1 } else { 3 };
    let number = number::own(head).filter(|own| words(&text[own.end..]) > enough);
    let number = number.map_or(0..0, |own| {
        let start = NUMBER_SIGN.find(&head[..own.start]).map_or(own.start, |m| m.start());
        start..own.end
    });
    let (from, to) = folded.span(number.start, number.end);
    // « Décision n° 12 – autorisant »: the dash parted the number from the verb.
    let after = slice_chars(title, to, u32::MAX);
    let joined = from > 0 && text[number.end..].trim_start().starts_with("- ");
    let rest = if joined { after.trim_start_matches([' ', '-', '–', '—']) } else { after };
    let kept = format!("{} {}", slice_chars(title, 0, from).trim_end(), rest.trim_start());
    let refolded = Folded::new(&kept);
    let twice = KIND_TWICE.captures(refolded.as_str()).and_then(|c| c.get(2));
    let start = twice.map_or(0, |second| refolded.span(second.start(), second.start() + 1).0);
    slice_chars(&kept, start, u32::MAX).trim().to_owned()
}

/// What stands before the words that say what the act does: a number after them is another act's.
pub(crate) fn before_verb(line: &str) -> String {
    let folded = Folded::new(line);
    let end = verb_start(folded.as_str()).unwrap_or(folded.as_str().len());
    let (_, end) = folded.span(0, end);
    slice_chars(line, 0, end).to_owned()
}

/// A title whose lines lost their ends may run into « Le préfet » or the honours.
fn trim_title(title: &str) -> String {
    let glued = GLUED
        .find(title)
        .map_or(title.len(), |m| m.start() + m.as_str().chars().next().map_or(0, char::len_utf8));
    title[..glued].trim_end().to_owned()
}

pattern!(
    GLUED,
    r"[\p{Ll}0-9)](?:L[ea] [Pp]r[ée]f[eèé]te?|LE PR[EÉ]FET|LA PR[EÉ]F[EÈ]TE|V[Uu] l)|\p{Lu}(?:LE PR[EÉ]FET|LA PR[EÉ]F[EÈ]TE) D[EU']"
);

/// The first line of the act: from the top of the page when nothing of another act stands there,
/// else from the letterhead.
fn first_line(page: &PageView<'_>, kind: usize, free: usize) -> usize {
    if free == 0 {
        return 0;
    }
    let head = |i: usize| {
        let line = &page.lines[i];
        LETTERHEAD.is_match(line)
            && !line.folded.starts_with("le ")
            && !line.folded.starts_with("la ")
            && line.text.chars().count() < 90
    };
    let mut first = kind;
    while first > free && head(first - 1) {
        first -= 1;
    }
    first
}
