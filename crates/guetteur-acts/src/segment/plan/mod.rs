//! Puts together what the sommaire, the dividers, the footers and the headings say: which acts
//! there are and where each starts.

mod bundle;
mod place;

use std::collections::{HashMap, HashSet};

use guetteur_model::fold::fold;

use super::Layout;
use super::divider::{self, Divider, Footer};
use super::heading::{self, Heading};
use super::lexicon::{COLOPHON, ENDS};
use super::page::{Line, PageView};
use super::similar::Words;
use super::sommaire::{Entry, Sommaire, Style};
use crate::parts::pattern;
use bundle::{split_bundles, unclaimed};
use place::{by_heading, by_order, by_page_number};

pub(crate) use place::page_offset;

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
    PART,
    r"^[^a-z0-9]{0,4}(?:annexes?|plan|plans|carte|cartographie)\b(?: n| \d| de situation| annexe|s?$| [a-c]\b| :| -|s? a |s? de l'arrete| du perimetre)"
);

impl<'p, 'a> Survey<'p, 'a> {
    pub(crate) fn new(pages: &'p [PageView<'a>]) -> Self {
        let sommaire = Sommaire::read(pages);
        let entries: &[Entry] = sommaire.as_ref().map_or(&[], |s| &s.entries);
        let after = sommaire.as_ref().map(|s| s.pages.end() + 1);
        let body = after.unwrap_or_else(|| pages.iter().take_while(|page| is_cover(page)).count());
        let body = body.min(pages.len());
        let dividers: Vec<Divider> =
            (body..pages.len()).filter_map(|p| divider::read(p, &pages[p], entries)).collect();
        // A bulletin without numbers has none in its footers.
        let numbered = entries.is_empty() || entries.iter().any(|e| e.number.is_some());
        let footers: Vec<Option<Footer>> = pages
            .iter()
            .enumerate()
            .map(|(p, page)| (p >= body && numbered).then(|| divider::footer(page)).flatten())
            .collect();
        let dividers = agreeing(dividers, entries, &footers);
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

/// Dividers, without pages that hold another act's number: where the sommaire has numbers and pages
/// have footers, the sommaire or a footer names each act too.
fn agreeing(
    mut dividers: Vec<Divider>,
    entries: &[Entry],
    footers: &[Option<Footer>],
) -> Vec<Divider> {
    let known: HashSet<&str> = entries.iter().filter_map(|e| e.number.as_deref()).collect();
    if !known.is_empty() && footers.iter().any(Option::is_some) {
        dividers.retain(|divider| {
            let Some(number) = divider.number.as_deref() else { return true };
            let near = footers.iter().skip(divider.page).take(2).flatten();
            known.contains(number) || near.into_iter().any(|footer| footer.number == number)
        });
    }
    dividers
}

fn is_cover(page: &PageView<'_>) -> bool {
    let signs =
        |line: &Line<'_>| line.folded.matches(char::is_alphanumeric).map(str::len).sum::<usize>();
    let prose = page.lines.iter().any(|l| super::lexicon::CITES.is_match(l));
    !prose
        && page.lines.iter().take(40).map(signs).sum::<usize>() < 1_200
        && super::cover::is_titled(page)
}

fn is_colophon(page: &PageView<'_>) -> bool {
    page.lines.len() < 14
        && page.lines.iter().any(|l| COLOPHON.is_match(&l.folded))
        && !page.lines.iter().any(|l| ENDS.is_match(l))
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
    // What one footer alone names, where the sommaire has numbers, is an act that a title cites.
    let listed = survey.entries().iter().any(|e| e.number.is_some());
    let mut times: HashMap<&str, usize> = HashMap::new();
    for footer in survey.footers.iter().flatten() {
        *times.entry(&footer.number).or_default() += 1;
    }
    for (p, footer) in survey.footers.iter().enumerate() {
        let Some(Footer { number, .. }) = footer else { continue };
        if listed && !known.contains_key(number) && times.get(number.as_str()) == Some(&1) {
            continue;
        }
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

// What portfolios and dynamic forms show where their viewer is missing.
pattern!(
    PLACEHOLDER,
    r"please wait\.* ?if this message is not eventually replaced|veuillez patienter\.* ?si ce message n'est pas|(?:open|ouvre[zr]) (?:this|ce) (?:pdf )?portfolio|portfolio pdf (?:dans|avec)|(?:the document you are trying to load|ce document) (?:requires|necessite) adobe reader"
);

// « Le préfet certifie que le sommaire du recueil a été affiché »: a cover, whoever signs it.
pattern!(CERTIFIES, r"\bcertifi(?:e|cat)\b[^.]{0,80}\b(?:affich|diffus)");

fn certifies(page: &PageView<'_>) -> bool {
    CERTIFIES.is_match(&page.joined(0, page.lines.len()))
}

/// One act that is the whole document. No pages, or nothing but a viewer's message: no act.
fn bare(survey: &Survey<'_, '_>) -> Vec<Draft> {
    let placeholder = |page: &PageView<'_>| PLACEHOLDER.is_match(&page.joined(0, 6));
    let covers = |page: &PageView<'_>| super::cover::is_titled(page) && certifies(page);
    if survey.pages.iter().all(|page| placeholder(page) || covers(page)) {
        return Vec::new();
    }
    let heading = (!survey.headings.is_empty()).then_some(0);
    vec![Draft { heading, start: Some((0, 0)), placed: Placed::Whole, ..Draft::new(None) }]
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
