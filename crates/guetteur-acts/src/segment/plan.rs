//! Puts together what the sommaire, the dividers, the footers and the headings say: which acts
//! there are and where each starts.

use std::collections::HashMap;

use guetteur_model::fold::fold;

use super::Layout;
use super::divider::{self, Divider, Footer};
use super::heading::{self, Heading};
use super::lexicon::{ARTICLE_ANY, COLOPHON, ENDS, LETTERHEAD};
use super::page::{Line, PageView};
use super::similar::Words;
use super::sommaire::{Entry, Sommaire, Style};
use crate::parts::pattern;

/// Everything that the pages say about where acts are.
pub(crate) struct Survey<'p, 'a> {
    pub pages: &'p [PageView<'a>],
    pub sommaire: Option<Sommaire>,
    pub dividers: Vec<Divider>,
    /// By page.
    pub footers: Vec<Option<Footer>>,
    pub headings: Vec<Heading>,
    /// Index of the first page after cover and sommaire.
    pub body: usize,
    /// One past the last page that is not a colophon.
    pub end: usize,
}

/// How the start of an act was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Placed {
    Divider,
    Footer,
    /// Its heading, as like the title as the figure says.
    Heading(f32),
    /// The page that the sommaire gives.
    PageNumber,
    /// The only heading left between two placed acts.
    Order,
    /// It is the whole document.
    Whole,
    Nowhere,
}

/// Where an act starts: index of the page, offset in characters.
pub(crate) type Cut = (usize, u32);

/// An act to be.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub entry: Option<usize>,
    pub divider: Option<usize>,
    pub heading: Option<usize>,
    pub number: Option<String>,
    pub start: Option<Cut>,
    pub placed: Placed,
    /// One of the acts that a single line of the sommaire stands for.
    pub bundled: bool,
}

impl Draft {
    fn new(number: Option<String>) -> Self {
        Self {
            entry: None,
            divider: None,
            heading: None,
            number,
            start: None,
            placed: Placed::Nowhere,
            bundled: false,
        }
    }
}

pattern!(
    MANY,
    r"^[^a-z0-9]{0,4}(?:divers arretes|(?:\d+|plusieurs|les) (?:arretes|decisions)|arretes\b|decisions\b|lot d'arretes|serie d'arretes)"
);
pattern!(
    PART,
    r"^[^a-z0-9]{0,4}(?:annexes?|plan|plans|carte|cartographie)\b(?: n| \d| de situation| annexe|s?$| [a-c]\b| :| -|s? a |s? de l'arrete| du perimetre)"
);

impl<'p, 'a> Survey<'p, 'a> {
    pub(crate) fn new(pages: &'p [PageView<'a>]) -> Self {
        let sommaire = Sommaire::read(pages);
        let entries: &[Entry] = sommaire.as_ref().map_or(&[], |s| &s.entries);
        let after = sommaire.as_ref().map(|s| s.pages.end() + 1);
        let body = after.unwrap_or_else(|| usize::from(pages.first().is_some_and(is_cover)));
        let body = body.min(pages.len());
        let dividers: Vec<Divider> =
            (body..pages.len()).filter_map(|p| divider::read(p, &pages[p], entries)).collect();
        let footers: Vec<Option<Footer>> = pages
            .iter()
            .enumerate()
            .map(|(p, page)| (p >= body).then(|| divider::footer(page)).flatten())
            .collect();
        let divides: Vec<bool> = mark(pages.len(), dividers.iter().map(|d| d.page));
        let headings = heading::find(pages, |p| p >= body && !divides[p]);
        let mut end = pages.len();
        while end > body + 1 && is_colophon(&pages[end - 1]) {
            end -= 1;
        }
        Self { pages, sommaire, dividers, footers, headings, body, end }
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        self.sommaire.as_ref().map_or(&[], |s| &s.entries)
    }

    pub(crate) fn is_national(&self) -> bool {
        let numbered = self.sommaire.as_ref().is_some_and(|s| s.style == Style::Numbered);
        numbered || !self.dividers.is_empty() || self.footers.iter().any(Option::is_some)
    }
}

fn mark(len: usize, indices: impl Iterator<Item = usize>) -> Vec<bool> {
    let mut marks = vec![false; len];
    indices.for_each(|i| marks[i] = true);
    marks
}

fn is_cover(page: &PageView<'_>) -> bool {
    let start = super::page::compact(&page.joined(0, 40));
    let prose = page.lines.iter().any(|l| super::lexicon::CITES.is_match(&l.folded));
    !prose && start.len() < 1_200 && start.contains("recueildesactes")
}

fn is_colophon(page: &PageView<'_>) -> bool {
    page.lines.len() < 14
        && page.lines.iter().any(|l| COLOPHON.is_match(&l.folded))
        && !page.lines.iter().any(|l| ENDS.is_match(&l.folded))
}

/// Drafts from sommaire, dividers and footers, before any page is placed.
pub(crate) fn announced(survey: &Survey<'_, '_>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for (i, entry) in survey.entries().iter().enumerate() {
        // Annexes and maps on lines of their own belong to the act before.
        if entry.number.is_none() && !drafts.is_empty() && PART.is_match(&fold(&entry.title)) {
            continue;
        }
        drafts.push(Draft { entry: Some(i), ..Draft::new(entry.number.clone()) });
    }
    let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, draft) in drafts.iter().enumerate().rev() {
        if let Some(number) = &draft.number {
            waiting.entry(number.clone()).or_default().push(i);
        }
    }
    for (d, divider) in survey.dividers.iter().enumerate() {
        let known = match &divider.number {
            Some(number) => waiting.get_mut(number).and_then(Vec::pop),
            None => unnumbered(survey, &drafts, divider),
        };
        let i = known.unwrap_or_else(|| {
            drafts.push(Draft::new(divider.number.clone()));
            drafts.len() - 1
        });
        drafts[i].divider = Some(d);
        drafts[i].start = Some((divider.page, 0));
        drafts[i].placed = Placed::Divider;
    }
    by_footer(survey, &mut drafts);
    drafts
}

pub(crate) fn announced_layout(survey: &Survey<'_, '_>) -> Layout {
    if survey.is_national() { Layout::National } else { Layout::Simple }
}

/// The first entry without a number and without a divider that says what the divider says.
fn unnumbered(survey: &Survey<'_, '_>, drafts: &[Draft], divider: &Divider) -> Option<usize> {
    let title = Words::of(&fold(&divider.title.as_ref()?.text));
    drafts.iter().position(|draft| {
        draft.number.is_none()
            && draft.divider.is_none()
            && draft.entry.is_some_and(|e| {
                Words::of(&fold(&survey.entries()[e].title)).shared_with(&title) > 0.85
            })
    })
}

/// Acts whose divider is missing or unreadable start where their footer first stands.
fn by_footer(survey: &Survey<'_, '_>, drafts: &mut Vec<Draft>) {
    let mut known: HashMap<String, usize> = HashMap::new();
    for (i, draft) in drafts.iter().enumerate() {
        if let Some(number) = &draft.number {
            known.entry(number.clone()).or_insert(i);
        }
    }
    for (p, footer) in survey.footers.iter().enumerate() {
        let Some(Footer { number, .. }) = footer else { continue };
        let i = *known.entry(number.clone()).or_insert_with(|| {
            drafts.push(Draft::new(Some(number.clone())));
            drafts.len() - 1
        });
        if drafts[i].start.is_none() {
            drafts[i].start = Some((p, 0));
            drafts[i].placed = Placed::Footer;
        }
    }
}

/// Acts and their starts, in the order of the pages; acts without a place come where the sommaire
/// has them.
pub(crate) fn plan(survey: &Survey<'_, '_>) -> (Vec<Draft>, Layout) {
    let mut drafts = announced(survey);
    let national = survey.is_national();
    if !drafts.is_empty() {
        let free = by_heading(survey, &mut drafts);
        by_page_number(survey, &mut drafts);
        by_order(survey, &mut drafts, &free);
        if !national {
            let left = unclaimed(survey, &drafts);
            drafts.extend(left.into_iter().map(|h| from_heading(survey, h)));
        }
        split_bundles(survey, &mut drafts);
    }
    let layout = if !drafts.is_empty() {
        if national { Layout::National } else { Layout::Simple }
    } else if survey.headings.len() > 1 || (survey.body > 0 && !survey.headings.is_empty()) {
        drafts = (0..survey.headings.len()).map(|h| from_heading(survey, h)).collect();
        Layout::Headings
    } else {
        drafts = bare(survey);
        Layout::Bare
    };
    sort(&mut drafts);
    claim_the_rest(survey, &mut drafts);
    (drafts, layout)
}

fn from_heading(survey: &Survey<'_, '_>, h: usize) -> Draft {
    let heading = &survey.headings[h];
    Draft {
        heading: Some(h),
        start: Some((heading.page, heading.start)),
        placed: Placed::Heading(1.0),
        ..Draft::new(None)
    }
}

/// One act that is the whole document. No pages, no act.
fn bare(survey: &Survey<'_, '_>) -> Vec<Draft> {
    if survey.pages.is_empty() {
        return Vec::new();
    }
    let heading = (!survey.headings.is_empty()).then_some(0);
    vec![Draft { heading, start: Some((0, 0)), placed: Placed::Whole, ..Draft::new(None) }]
}

/// Longest lists aligned in full: beyond, the tables would grow with the square of the pages.
const ALIGNED: usize = 600;

/// Entries without a place are matched with headings and tops of pages that say the same, in
/// order first. Returns the headings that stay free.
fn by_heading(survey: &Survey<'_, '_>, drafts: &mut [Draft]) -> Vec<usize> {
    let taken = mark(
        survey.pages.len(),
        drafts
            .iter()
            .filter_map(|d| d.start)
            .flat_map(|(p, _)| [p, (p + 1).min(survey.pages.len() - 1)]),
    );
    let announced = mark(
        survey.pages.len(),
        drafts.iter().filter(|d| d.placed == Placed::Divider).filter_map(|d| d.start).map(|s| s.0),
    );
    let open: Vec<usize> =
        (0..drafts.len()).filter(|&i| drafts[i].start.is_none()).take(ALIGNED).collect();
    let mut candidates = candidates(survey, &taken, &announced);
    candidates.truncate(ALIGNED);
    if open.is_empty() {
        return candidates.iter().filter_map(|c| c.heading).collect();
    }
    let titles: Vec<(Words, Option<String>)> = open
        .iter()
        .map(|&i| {
            let entry = drafts[i].entry.map(|e| &survey.entries()[e]);
            let own = entry.and_then(|e| {
                e.own_number.clone().or_else(|| {
                    heading::own_number(&heading::before_verb(&e.title.replace('\n', " ")))
                })
            });
            (Words::of(&entry.map(|e| fold(&e.title)).unwrap_or_default()), own.map(|n| fold(&n)))
        })
        .collect();
    let scores: Vec<Vec<f32>> = titles
        .iter()
        .map(|(words, own)| candidates.iter().map(|c| c.score(words, own.as_deref())).collect())
        .collect();
    let mut matched = vec![false; candidates.len()];
    for (t, c) in align(&scores) {
        let draft = &mut drafts[open[t]];
        draft.start = Some((candidates[c].page, candidates[c].start));
        draft.heading = candidates[c].heading;
        draft.placed = Placed::Heading(scores[t][c].min(1.0));
        matched[c] = true;
    }
    // Bulletins printed in another order than their sommaire.
    for (t, &i) in open.iter().enumerate() {
        if drafts[i].start.is_some() {
            continue;
        }
        let best = (0..candidates.len()).filter(|&c| !matched[c] && scores[t][c] >= 0.8);
        let Some(c) = best.max_by(|&a, &b| scores[t][a].total_cmp(&scores[t][b])) else { continue };
        drafts[i].start = Some((candidates[c].page, candidates[c].start));
        drafts[i].heading = candidates[c].heading;
        drafts[i].placed = Placed::Heading(scores[t][c].min(1.0));
        matched[c] = true;
    }
    (0..candidates.len()).filter(|&c| !matched[c]).filter_map(|c| candidates[c].heading).collect()
}

struct Candidate {
    page: usize,
    start: u32,
    heading: Option<usize>,
    words: Words,
    own: Option<String>,
}

impl Candidate {
    /// 0 when it is no match.
    fn score(&self, title: &Words, own: Option<&str>) -> f32 {
        let alike = title.shared_with(&self.words);
        let same_number = own.is_some() && own == self.own.as_deref();
        match self.heading {
            Some(_) if same_number => 1.0 + alike,
            Some(_) if own.is_some() && self.own.is_some() && alike < 0.9 => 0.0,
            Some(_) if alike >= if title.len() < 5 { 0.85 } else { 0.5 } => alike + 0.05,
            None if alike >= 0.75 && title.len() >= 5 => alike - 0.1,
            _ => 0.0,
        }
    }
}

/// Headings, then tops of pages without one that bear a letterhead.
fn candidates(survey: &Survey<'_, '_>, taken: &[bool], announced: &[bool]) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let headed = mark(survey.pages.len(), survey.headings.iter().map(|h| h.page));
    for (h, heading) in survey.headings.iter().enumerate() {
        if taken[heading.page]
            && (announced[heading.page] || heading.page > 0 && announced[heading.page - 1])
        {
            continue;
        }
        let page = &survey.pages[heading.page];
        let at = page.lines.iter().position(|l| l.start >= heading.start).unwrap_or(0);
        let words = Words::of(&format!("{} {}", fold(&heading.title.text), page.joined(at, 14)));
        let own = heading.own_number.as_deref().map(fold);
        found.push(Candidate {
            page: heading.page,
            start: heading.start,
            heading: Some(h),
            words,
            own,
        });
    }
    for p in (survey.body..survey.end).filter(|&p| !headed[p] && !taken[p]) {
        let page = &survey.pages[p];
        let goes_on = |l: &Line<'_>| ARTICLE_ANY.is_match(&l.folded) || ENDS.is_match(&l.folded);
        if page.lines.iter().take(12).any(goes_on) {
            continue;
        }
        if page.lines.iter().take(8).any(|l| LETTERHEAD.is_match(&l.folded))
            || page.lines.len() < 14
        {
            let words = Words::of(&page.joined(0, 25));
            found.push(Candidate { page: p, start: 0, heading: None, words, own: None });
        }
    }
    found.sort_by_key(|c| (c.page, c.start));
    found
}

/// The pairs, both in order, whose scores add up to most.
fn align(scores: &[Vec<f32>]) -> Vec<(usize, usize)> {
    let (rows, columns) = (scores.len(), scores.first().map_or(0, Vec::len));
    let mut best = vec![vec![0.0f32; columns + 1]; rows + 1];
    for r in (0..rows).rev() {
        for c in (0..columns).rev() {
            let skip = best[r + 1][c].max(best[r][c + 1]);
            let score = scores[r][c];
            best[r][c] = if score > 0.0 { skip.max(score + best[r + 1][c + 1]) } else { skip };
        }
    }
    let (mut r, mut c) = (0, 0);
    let mut pairs = Vec::new();
    while r < rows && c < columns {
        let score = scores[r][c];
        if score > 0.0 && best[r][c] == score + best[r + 1][c + 1] {
            pairs.push((r, c));
            (r, c) = (r + 1, c + 1);
        } else if best[r][c] == best[r][c + 1] {
            c += 1;
        } else {
            r += 1;
        }
    }
    pairs
}

/// Entries that are still nowhere start at the page that the sommaire gives, moved by what the
/// placed ones show.
fn by_page_number(survey: &Survey<'_, '_>, drafts: &mut [Draft]) {
    let offset = page_offset(survey, drafts);
    let used: Vec<Cut> = drafts.iter().filter_map(|d| d.start).collect();
    for draft in drafts.iter_mut().filter(|d| d.start.is_none()) {
        let Some(page) = printed(survey, draft) else { continue };
        let wanted = u32::try_from(page + offset).ok();
        let found = (survey.body..survey.end).find(|&p| Some(survey.pages[p].number) == wanted);
        let Some(p) = found.filter(|&p| !used.contains(&(p, 0))) else { continue };
        draft.start = Some((p, 0));
        draft.placed = Placed::PageNumber;
    }
}

/// The page that the sommaire prints for an act.
fn printed(survey: &Survey<'_, '_>, draft: &Draft) -> Option<i64> {
    survey.entries().get(draft.entry?)?.page.map(i64::from)
}

/// How far the PDF's pages are from those that the sommaire prints, as most placed acts show.
pub(crate) fn page_offset(survey: &Survey<'_, '_>, drafts: &[Draft]) -> i64 {
    let mut votes: HashMap<i64, usize> = HashMap::new();
    for draft in drafts {
        if let (Some((p, _)), Some(page)) = (draft.start, printed(survey, draft)) {
            *votes.entry(i64::from(survey.pages[p].number) - page).or_default() += 1;
        }
    }
    let offset = votes.into_iter().max_by_key(|&(offset, count)| (count, -offset.abs()));
    offset.map_or(0, |(offset, _)| offset)
}

/// Between two placed acts, as many entries as free headings: they are the same.
fn by_order(survey: &Survey<'_, '_>, drafts: &mut [Draft], free: &[usize]) {
    let mut i = 0;
    while i < drafts.len() {
        if drafts[i].start.is_some() || drafts[i].entry.is_none() {
            i += 1;
            continue;
        }
        let run = drafts[i..].iter().take_while(|d| d.start.is_none() && d.entry.is_some()).count();
        let after = i.checked_sub(1).and_then(|b| drafts[b].start);
        let before = drafts.get(i + run).and_then(|d| d.start);
        let between: Vec<usize> = free
            .iter()
            .copied()
            .filter(|&h| {
                let at = (survey.headings[h].page, survey.headings[h].start);
                after.is_none_or(|a| at > a) && before.is_none_or(|b| at < b)
            })
            .collect();
        if between.len() == run {
            for (draft, h) in drafts[i..i + run].iter_mut().zip(between) {
                draft.start = Some((survey.headings[h].page, survey.headings[h].start));
                draft.heading = Some(h);
                draft.placed = Placed::Order;
            }
        }
        i += run;
    }
}

/// Headings at which no act starts, signed acts before them.
fn unclaimed(survey: &Survey<'_, '_>, drafts: &[Draft]) -> Vec<usize> {
    let bundles: Vec<(Cut, Cut)> = bundles(survey, drafts);
    (0..survey.headings.len())
        .filter(|&h| {
            let at = (survey.headings[h].page, survey.headings[h].start);
            let claimed = drafts.iter().any(|d| d.heading == Some(h) || d.start == Some(at));
            // The heading that follows a divider or a page found by its number is that act's.
            let follows = drafts.iter().filter_map(|d| d.start).any(|(p, _)| {
                p == at.0 && at.1 == 0 || (p + 1 == at.0 && survey.pages[p].lines.len() < 18)
            });
            !claimed && !follows && !bundles.iter().any(|(from, to)| at >= *from && at < *to)
        })
        .collect()
}

/// Ranges of the entries that stand for several acts (« Divers arrêtés (20) »).
fn bundles(survey: &Survey<'_, '_>, drafts: &[Draft]) -> Vec<(Cut, Cut)> {
    let mut starts: Vec<Cut> = drafts.iter().filter_map(|d| d.start).collect();
    starts.sort_unstable();
    drafts
        .iter()
        .filter(|d| d.entry.is_some_and(|e| MANY.is_match(&fold(&survey.entries()[e].title))))
        .filter_map(|d| {
            let start = d.start?;
            let end = starts.iter().copied().find(|s| *s > start).unwrap_or((survey.end, 0));
            Some((start, end))
        })
        .collect()
}

/// One line of the sommaire, many acts: one draft per heading inside.
fn split_bundles(survey: &Survey<'_, '_>, drafts: &mut Vec<Draft>) {
    for (from, to) in bundles(survey, drafts) {
        let inside: Vec<usize> = (0..survey.headings.len())
            .filter(|&h| {
                let at = (survey.headings[h].page, survey.headings[h].start);
                at >= from && at < to
            })
            .collect();
        let Some(i) = drafts.iter().position(|d| d.start == Some(from)) else { continue };
        if inside.len() < 2 {
            continue;
        }
        let bundle = drafts[i].clone();
        let parts = inside.iter().enumerate().map(|(n, &h)| {
            let part = from_heading(survey, h);
            // The first also takes the divider page.
            let start = if n == 0 { bundle.start } else { part.start };
            Draft { entry: bundle.entry, divider: None, start, bundled: true, ..part }
        });
        let parts: Vec<Draft> = parts.collect();
        drafts.splice(i..=i, parts);
    }
}

/// By place; acts that are nowhere keep their place in the sommaire.
fn sort(drafts: &mut [Draft]) {
    let mut last = (0, 0);
    let mut keyed: Vec<(Cut, usize, Draft)> = Vec::with_capacity(drafts.len());
    for (i, draft) in drafts.iter().enumerate() {
        let key = draft.start.unwrap_or(last);
        last = key;
        keyed.push((key, i, draft.clone()));
    }
    keyed.sort_by_key(|(key, i, _)| (*key, *i));
    for (slot, (_, _, draft)) in drafts.iter_mut().zip(keyed) {
        *slot = draft;
    }
}

/// Nothing is lost: what stands above the first act on its page belongs to it.
fn claim_the_rest(survey: &Survey<'_, '_>, drafts: &mut [Draft]) {
    let Some(first) = drafts.iter_mut().find(|d| d.start.is_some()) else { return };
    first.start = first.start.map(|(p, o)| if p >= survey.body { (p, 0) } else { (p, o) });
}
