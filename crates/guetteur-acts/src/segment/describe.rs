//! Writes out the acts: text, title, number, service, signature, confidence.

use guetteur_model::fold::fold;
use guetteur_model::{Act, ActPage, PageSpan, Span};

use super::heading::{self, Heading};
use super::kind;
use super::number;
use super::page::{Line, compact};
use super::plan::{self, Cut, Draft, Placed, Survey};
use super::signature::{self, Signature};
use super::similar::{Words, likeness};
use super::sommaire::Entry;
use crate::context::BulletinContext;
use crate::designation;
use crate::parts::pattern;
use crate::title::{is_designation, mend, without_service};

/// The acts, cut at the starts of the drafts.
pub(crate) fn acts(
    survey: &Survey<'_, '_>,
    drafts: Vec<Draft>,
    context: &BulletinContext<'_>,
) -> Vec<Act> {
    let starts: Vec<Option<Cut>> = drafts.iter().map(|d| d.start).collect();
    let mut next = (survey.end, 0);
    let mut ends = vec![next; drafts.len()];
    for (i, start) in starts.iter().enumerate().rev() {
        ends[i] = next;
        if let Some(start) = start {
            next = *start;
        }
    }
    drafts
        .iter()
        .zip(ends)
        .map(|(draft, end)| Describer { survey, draft }.act(end, context))
        .collect()
}

/// Acts from sommaire, dividers and footers alone; a number without a title announces nothing.
pub(crate) fn announced(survey: &Survey<'_, '_>, drafts: &[Draft]) -> Vec<Act> {
    let offset = plan::page_offset(survey, drafts);
    let describe = |draft: &Draft| {
        let describer = Describer { survey, draft };
        let mut act = describer.act((0, 0), &BulletinContext::default());
        if let Some(pages) = describer.announced_pages(offset) {
            act.pages = pages;
        }
        act.text = describer.announced_text();
        let twice = draft.entry.is_some() && draft.divider.is_some();
        act.confidence = if twice { 0.6 } else { 0.5 };
        (!act.title.is_empty()).then_some(act)
    };
    drafts.iter().filter_map(describe).collect()
}

struct Describer<'s, 'p, 'a> {
    survey: &'s Survey<'p, 'a>,
    draft: &'s Draft,
}

struct Title {
    /// As printed.
    raw: String,
    span: Option<Span>,
    /// From the act's own heading, which prints its number too.
    heading: bool,
}

impl Title {
    fn printed(span: Span) -> Self {
        Self { raw: span.text.clone(), span: Some(span), heading: false }
    }

    /// As readers should see it. Sentence lists end their lines with a stop.
    fn mended(&self) -> String {
        let mended =
            if self.heading { mend(&heading::without_number(&self.raw)) } else { mend(&self.raw) };
        match mended.strip_suffix('.').filter(|t| !t.ends_with('.')) {
            Some(sentence) => sentence.to_owned(),
            None => mended,
        }
    }
}

impl<'s, 'p, 'a> Describer<'s, 'p, 'a> {
    fn entry(&self) -> Option<&Entry> {
        self.survey.entries().get(self.draft.entry?)
    }

    /// From the divider, else from the page that the sommaire prints, for as many pages as it
    /// counts, which are those after the divider.
    fn announced_pages(&self, offset: i64) -> Option<PageSpan> {
        let entry = self.entry();
        let printed = || u32::try_from(i64::from(entry?.page?) + offset).ok();
        let start = self.draft.start.map(|(p, _)| self.survey.pages[p].number);
        let from = start.or_else(printed).filter(|page| *page > 0)?;
        let divided = self.draft.placed != Placed::Footer && self.survey.is_national();
        let count = entry.and_then(|e| e.page_count).unwrap_or(1).max(1);
        Some(PageSpan { from, to: from.saturating_add(count) - u32::from(!divided) })
    }

    /// The title in the footers of an act that neither sommaire nor divider names.
    fn footer_title(&self) -> Option<Title> {
        let (p, _) = self.draft.start.filter(|_| self.draft.placed == Placed::Footer)?;
        let span = self.survey.footers[p].as_ref()?.title(&self.survey.pages[p])?;
        Some(Title::printed(span))
    }

    fn act(&self, end: Cut, context: &BulletinContext<'_>) -> Act {
        let text = self.text(end);
        let lines = self.lines(end);
        let inside = self.heading_inside(end);
        let signature = signature::read(&lines);
        let title = self.title(inside, context);
        let own_number = self.own_number(inside);
        let signed_on = signature.on.or_else(|| self.dated(&title, inside));
        let numbered = self.draft.number.as_deref();
        let on_sommaire = self.entry().map_or(1, |e| self.survey.pages[e.on].number);
        let pages = match (text.first(), text.last()) {
            (Some(first), Some(last)) => PageSpan { from: first.number, to: last.number },
            _ => PageSpan { from: on_sommaire, to: on_sommaire },
        };
        let mended = title.mended();
        let confidence = self.confidence(&title, inside, &signature, pages, !text.is_empty());
        Act {
            number: self.draft.number.clone().or_else(|| own_number.clone()),
            kind: inside
                .and_then(|h| kind::by_title(&h.title.text))
                .or_else(|| kind::by_title(&mended))
                .or_else(|| kind::by_verb(&lines)),
            service: self.service(),
            signed_on: signed_on.map(|day| number::without_slip(day, numbered)),
            own_number,
            title: if mended.is_empty() { context.source_name.to_owned() } else { mended },
            title_raw: title.raw,
            title_span: title.span,
            signed_by: signature.by,
            capacity: signature.capacity,
            pages,
            text,
            confidence,
        }
    }

    /// The slices of the pages from the start to `end`.
    fn text(&self, end: Cut) -> Vec<ActPage> {
        let Some(start) = self.draft.start else { return Vec::new() };
        let mut slices = Vec::new();
        for p in start.0..=end.0.min(self.survey.pages.len().saturating_sub(1)) {
            let page = &self.survey.pages[p];
            let from = if p == start.0 { start.1.max(page.start) } else { page.start };
            let text = if p == end.0 {
                if end.1 <= from {
                    continue;
                }
                page.slice(from, Some(end.1))
            } else if p > end.0 {
                break;
            } else {
                page.slice(from, None)
            };
            slices.push(ActPage { number: page.number, offset: from, text: text.to_owned() });
        }
        slices
    }

    /// Lines of the act, without the divider page and the footers.
    fn lines(&self, end: Cut) -> Vec<&'p Line<'a>> {
        let Some(start) = self.draft.start else { return Vec::new() };
        let divider = self.draft.divider.map(|d| self.survey.dividers[d].page);
        let from = if divider == Some(start.0) { (start.0 + 1, 0) } else { start };
        let mut lines = Vec::new();
        for p in from.0..=end.0.min(self.survey.pages.len().saturating_sub(1)) {
            let page = &self.survey.pages[p];
            let first = page.lines.partition_point(|line| (p, line.start) < from);
            let last = page.lines.partition_point(|line| (p, line.start) < end).max(first);
            let on_page = page.lines[first..last].iter();
            lines.extend(on_page.filter(|line| number::in_footer_line(line).is_none()));
        }
        lines
    }

    /// The first heading of the act's own pages.
    fn heading_inside(&self, end: Cut) -> Option<&'s Heading> {
        let start = self.draft.start?;
        let headings = &self.survey.headings;
        let first = headings.partition_point(|h| (h.page, h.start) < start);
        headings.get(first).filter(|h| (h.page, h.start) < end)
    }

    /// The least damaged of what divider, sommaire and heading print; the link for a bare act.
    fn title(&self, inside: Option<&Heading>, context: &BulletinContext<'_>) -> Title {
        let entry = self.entry().filter(|_| !self.draft.bundled);
        let divider = self.draft.divider.and_then(|d| self.survey.dividers[d].title.clone());
        let divider = divider.map(Title::printed);
        let entry =
            entry.map(|e| Title { raw: e.title.clone(), span: e.span.clone(), heading: false });
        let heading = inside.map(|h| Title { heading: true, ..Title::printed(h.title.clone()) });
        let announced: Vec<Title> = [divider, entry]
            .into_iter()
            .flatten()
            .filter(|t| t.raw.matches(char::is_alphanumeric).nth(2).is_some())
            .collect();
        let announced = without_cut_ones(announced);
        let says = announced.iter().any(|t| !is_designation(&t.raw));
        let announced = announced
            .into_iter()
            .filter(|t| !says || !is_designation(&t.raw))
            .min_by_key(|t| damage(&t.raw));
        let heading = heading.filter(|t| !t.raw.trim().is_empty());
        let link = || Title { raw: context.title.trim().to_owned(), span: None, heading: false };
        // « Arrêté n° 12 » in one place: the other says what it does.
        // A heading that a stamp or a bad scan cut short, which the link has whole.
        let heading =
            heading.map(|found| if is_cut(&found.raw, context.title) { link() } else { found });
        let (first, second) = match &heading {
            Some(found) if !says && !is_designation(&found.raw) => (heading, announced),
            _ => (announced, heading),
        };
        first
            .or(second)
            .filter(|t| !t.raw.trim().is_empty())
            .or_else(|| self.footer_title())
            .unwrap_or_else(link)
    }

    fn own_number(&self, inside: Option<&Heading>) -> Option<String> {
        let entry = self.entry().filter(|_| !self.draft.bundled);
        inside
            .and_then(|h| h.own_number.clone())
            .or_else(|| entry.and_then(|e| e.own_number.clone()))
            .or_else(|| own_in_title(&entry?.title))
            .filter(|own| Some(own.as_str()) != self.draft.number.as_deref())
    }

    fn service(&self) -> Option<String> {
        let divider = self.draft.divider.and_then(|d| self.survey.dividers[d].service.clone());
        let service = self.entry().and_then(|e| e.service.clone()).or(divider)?;
        let service = mend(&service);
        let service = service.trim_end_matches(['/', ' ']).trim();
        (!service.is_empty()).then(|| service.to_owned())
    }

    /// The day in the heading or the title, else in the number.
    fn dated(&self, title: &Title, inside: Option<&Heading>) -> Option<chrono::NaiveDate> {
        let heading = inside.map_or("", |h| h.title.text.as_str());
        [heading, &title.raw]
            .into_iter()
            .find_map(date_of_act)
            .or_else(|| self.entry()?.signed_on)
            .or_else(|| number::date_in(self.draft.number.as_deref()?))
    }

    /// The sommaire's and the divider's words about the act.
    fn announced_text(&self) -> Vec<ActPage> {
        let entry = self.entry().and_then(|e| e.span.clone());
        let divider = self.draft.divider.and_then(|d| self.survey.dividers[d].title.clone());
        let footer = self.footer_title().and_then(|t| t.span);
        let footer = footer.filter(|_| entry.is_none() && divider.is_none());
        let spans = [entry, divider, footer].into_iter().flatten();
        spans.map(|s| ActPage { number: s.page, offset: s.start, text: s.text }).collect()
    }

    /// Starts from how the act was found; each disagreement costs.
    fn confidence(
        &self,
        title: &Title,
        inside: Option<&Heading>,
        signature: &Signature,
        pages: PageSpan,
        placed: bool,
    ) -> f32 {
        if !placed {
            return 0.2;
        }
        let entry = self.entry();
        let mut confidence: f32 = match self.draft.placed {
            Placed::Divider => 1.0,
            Placed::Footer => 0.85,
            Placed::Heading(_) if entry.is_none() => 0.7,
            Placed::Heading(alike) => 0.6 + 0.3 * alike.clamp(0.0, 1.0),
            Placed::PageNumber => 0.6,
            Placed::Order => 0.5,
            Placed::Whole => 0.6,
            Placed::Nowhere => 0.2,
        };
        if let (Some(entry), Placed::Divider) = (entry, self.draft.placed) {
            let divider = self.draft.divider.and_then(|d| self.survey.dividers[d].title.as_ref());
            let differs =
                divider.is_some_and(|d| likeness(&fold(&entry.title), &fold(&d.text)) < 0.6);
            confidence -= if differs { 0.2 } else { 0.0 };
        } else if self.draft.placed == Placed::Divider && self.survey.sommaire.is_some() {
            confidence -= 0.3;
        }
        let dividers = u32::from(self.draft.divider.is_some());
        if let Some(count) = entry.and_then(|e| e.page_count).filter(|_| !self.draft.bundled) {
            let found = pages.to - pages.from + 1 - dividers.min(pages.to - pages.from);
            confidence -= if found == count { 0.0 } else { 0.15 };
        }
        let whole = self.draft.placed == Placed::Whole;
        confidence += match (inside.is_some(), signature.found) {
            (true, true) => {
                if whole {
                    0.3
                } else {
                    0.0
                }
            }
            (true, false) | (false, true) => {
                if whole {
                    0.1
                } else {
                    -0.05
                }
            }
            (false, false) => {
                if whole {
                    -0.3
                } else {
                    -0.1
                }
            }
        };
        if whole && title.span.is_none() && title.raw.is_empty() {
            confidence -= 0.2;
        }
        (confidence.clamp(0.05, 1.0) * 100.0).round() / 100.0
    }
}

pattern!(OPEN_END, r"\b(?:le|la|les|du|des|au|aux|de|d|et|a|l'occasion d(?:e|u|es)?)$");

/// Whether a heading stops in the middle of a sentence and the link says the same.
fn is_cut(heading: &str, link: &str) -> bool {
    let folded = fold(heading.trim());
    OPEN_END.is_match(&folded) && Words::of(&folded).shared_with(&Words::of(&fold(link))) > 0.8
}

/// Without a title that another one begins with: the end of its page cut it off.
fn without_cut_ones(titles: Vec<Title>) -> Vec<Title> {
    let [first, second] = &titles[..] else { return titles };
    let (a, b) = (compact(&fold(&first.raw)), compact(&fold(&second.raw)));
    let cut = match (b.strip_prefix(&a), a.strip_prefix(&b)) {
        (Some(rest), _) if !rest.is_empty() => Some(0),
        (_, Some(rest)) if !rest.is_empty() => Some(1),
        _ => None,
    };
    let mut kept = titles;
    cut.map(|at| kept.remove(at));
    kept
}

/// Lost glyphs, template slips and words glued together.
fn damage(raw: &str) -> usize {
    const LONGEST: usize = 28;
    let lost = raw.matches(['□', '\u{fffd}', '{']).count();
    let long = |word: &&str| word.len() > LONGEST && word.chars().count() > LONGEST;
    lost + raw.split_whitespace().filter(long).count()
}

/// « Arrêté n° 12 du 7 mai 2024 autorisant … »: the day in the act's name.
fn date_of_act(title: &str) -> Option<chrono::NaiveDate> {
    designation::own(without_service(title))?.date
}

/// « Arrêté n° 2025-12 … » in a title, not the number of an act that it modifies.
fn own_in_title(title: &str) -> Option<String> {
    heading::own_number(&heading::before_verb(&title.replace('\n', " ")))
}
