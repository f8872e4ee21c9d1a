//! Which documents of a page are bulletins, and what the page says of each.

mod contents;
mod describe;
mod left_out;
mod parts;
mod unread;
mod years;

use chrono::NaiveDate;
use guetteur_model::{BulletinLink, LeftOut, LeftOutReason, Source};

use self::contents::{is_contents, issue_of};
pub(crate) use self::describe::announced_document;
use self::describe::describe;
use self::left_out::{contents as contents_of, left_out};
use self::years::mend_years;
use crate::address::{decode, document_key, normalise_url, slug};
use crate::hint::Unit;
use crate::naming::{has_full_number, names_a_day, numbers_something};
use crate::page::{Link, LinkKind, PageView};
use crate::period::{self, Period};
use crate::words::{
    is_generic, names_bulletin, names_other_bulletin, only_structure, opens_act, opens_guide,
    opens_other_document, plain, tokens,
};

/// What the judge knows of the page beside its blocks.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageContext {
    /// What one PDF of the source holds.
    pub(crate) unit: Unit,
    /// Words of the source's own name, folded.
    pub(crate) own_words: Vec<String>,
    /// The days that the page gathers.
    pub(crate) period: Option<Period>,
    /// Whether the walk reached the page as a period of the bulletins, and no period is further down:
    /// what is listed here belongs to it, unless something says otherwise.
    pub(crate) is_leaf: bool,
    /// The label of the link that led here, when the page is one bulletin's own.
    pub(crate) announced: Option<Lead>,
    /// The present day.
    pub(crate) today: NaiveDate,
}

/// What a link to another page says of the bulletin, or the bulletins, that are there.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Lead {
    pub(crate) label: String,
    pub(crate) detail: String,
    /// Path and query of the page that shows the link.
    pub(crate) via: String,
}

/// The words of a source's name that its labels may repeat: `hautes`, `alpes`.
pub(crate) fn own_words(source: &Source) -> Vec<String> {
    let own = own_name(source);
    own.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The département's or region's name, folded: `puy-de-dome`.
pub(crate) fn own_name(source: &Source) -> String {
    let name = plain(source.name.split('(').next().unwrap_or_default());
    let name = name.trim_start_matches("prefecture").trim_start();
    let name = name.trim_start_matches("de la region").trim_start();
    ["de la ", "de l'", "des ", "du ", "de ", "d'"]
        .iter()
        .find_map(|article| name.strip_prefix(article))
        .unwrap_or(name)
        .trim()
        .to_owned()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Bulletin,
    /// Only the other documents of the page can tell.
    Unclear,
    Other(LeftOutReason),
}

/// Fewer single acts beside bulletins are also in these.
const FEW_ACTS: usize = 6;

/// What the documents of a page are.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// Each address once, in page order.
    pub(crate) bulletins: Vec<BulletinLink>,
    pub(crate) left_out: Vec<LeftOut>,
}

/// Tells the bulletins that a page links from what else it links.
pub(crate) fn bulletins(view: &PageView, context: &PageContext) -> Judged {
    let documents: Vec<&Link> =
        view.links.iter().filter(|link| link.kind == LinkKind::Document && !link.in_menu).collect();
    let (contents, documents): (Vec<&Link>, Vec<&Link>) =
        documents.into_iter().partition(|link| is_contents(link));
    let judge_all = |holds| -> Vec<(&Link, Verdict)> {
        documents.iter().map(|link| (*link, judge(link, view, context, holds))).collect()
    };
    let mut holds = context.unit;
    let mut verdicts = judge_all(holds);
    if (context.is_leaf && holds_acts(&verdicts, context))
        || (context.announced.is_some() && holds_its_acts(&verdicts))
    {
        holds = Unit::Act;
        verdicts = judge_all(holds);
    }
    if let (Some(_), [(_, verdict @ Verdict::Other(LeftOutReason::SingleAct))]) =
        (&context.announced, &mut verdicts[..])
    {
        // The only document of the page that was announced is what was announced.
        *verdict = Verdict::Bulletin;
    }
    let accept_unclear = accepts_unclear(&verdicts, context);
    let mut judged = Judged::default();
    for (link, verdict) in verdicts {
        let reason = match verdict {
            Verdict::Bulletin => None,
            Verdict::Unclear => {
                let taken = accept_unclear
                    && (context.announced.is_some()
                        || context.is_leaf
                        || carries_number_or_day(link));
                (!taken).then_some(LeftOutReason::Unnamed)
            }
            Verdict::Other(reason) => Some(reason),
        };
        match reason {
            None => take(&mut judged.bulletins, describe(link, view, context)),
            Some(reason) => judged.left_out.push(left_out(link, view, reason)),
        }
    }
    for link in contents {
        let own = describe(link, view, context);
        match issue_of(&own, link, view, &judged.bulletins) {
            Some(issue) => judged.left_out.push(contents_of(link, view, issue)),
            // The issue itself may be called so; nothing else on the page can be it.
            None if context.announced.is_none()
                && (own.number.is_some() || own.published_on.is_some())
                && (context.is_leaf || names_bulletin(&plain(&own.title))) =>
            {
                take(&mut judged.bulletins, own);
            }
            None => judged.left_out.push(left_out(link, view, LeftOutReason::OtherDocument)),
        }
    }
    judged.left_out.extend(unread::left_out(view, context, holds, &judged.bulletins));
    mend_years(&mut judged.bulletins);
    parts::share_days(&mut judged.bulletins);
    judged
}

/// Whether a page of a period lists single acts: nothing on it is a bulletin, or next to nothing.
fn holds_acts(verdicts: &[(&Link, Verdict)], context: &PageContext) -> bool {
    let is_issue = |link: &Link| {
        let (label, file) = (plain(&link.text), plain(&file_stem(link)));
        !opens_act(&label)
            && [&label, &file]
                .iter()
                .any(|text| names_bulletin(text) || only_structure(text, &context.own_words))
    };
    let issues = verdicts
        .iter()
        .filter(|(link, verdict)| *verdict == Verdict::Bulletin && is_issue(link))
        .count();
    let others = verdicts.len() - issues;
    issues == 0 || (others >= FEW_ACTS && others > 3 * issues)
}

/// Whether a bulletin's own page lists its acts, one by one, and nowhere the bulletin itself.
fn holds_its_acts(verdicts: &[(&Link, Verdict)]) -> bool {
    let count = |wanted| verdicts.iter().filter(|(_, verdict)| *verdict == wanted).count();
    count(Verdict::Bulletin) == 0 && count(Verdict::Other(LeftOutReason::SingleAct)) > 1
}

fn take(found: &mut Vec<BulletinLink>, bulletin: BulletinLink) {
    let key = document_key(&bulletin.url);
    match found.iter_mut().find(|other| document_key(&other.url) == key) {
        Some(other) => complete(other, bulletin),
        None => found.push(bulletin),
    }
}

/// Fills what the first sight of a bulletin did not tell.
pub(crate) fn complete(known: &mut BulletinLink, other: BulletinLink) {
    if other.url.starts_with("https:") {
        known.url = other.url;
    }
    known.published_on = known.published_on.or(other.published_on);
    known.number = known.number.take().or(other.number);
    known.series = known.series.take().or(other.series);
}

/// Documents that say nothing of themselves are taken where nothing else is: the only document of a
/// bulletin's own page, or a list in which no document names itself.
fn accepts_unclear(documents: &[(&Link, Verdict)], context: &PageContext) -> bool {
    if context.is_leaf {
        return true;
    }
    if documents.iter().any(|(_, verdict)| *verdict == Verdict::Bulletin) {
        return false;
    }
    let mut unclear: Vec<String> = documents
        .iter()
        .filter(|(_, verdict)| *verdict == Verdict::Unclear)
        .map(|(link, _)| normalise_url(&link.url))
        .collect();
    unclear.sort();
    unclear.dedup();
    match context.announced {
        Some(_) => unclear.len() == 1,
        None => context.period.is_some() || unclear.len() > 1,
    }
}

fn carries_number_or_day(link: &Link) -> bool {
    let label = plain(&link.text);
    names_a_day(&label) || numbers_something(&label)
}

fn judge(link: &Link, view: &PageView, context: &PageContext, holds: Unit) -> Verdict {
    let holds_acts = holds == Unit::Act;
    let label = plain(&link.text);
    let file = plain(&file_stem(link));
    if is_print_of_page(&label, &file, view) {
        return Verdict::Other(LeftOutReason::PrintOfPage);
    }
    let full_number = [&link.text, &file_stem(link)].iter().any(|text| has_full_number(text));
    if full_number {
        return Verdict::Bulletin;
    }
    let said = if is_generic(&label) { &file } else { &label };
    // In a list of acts an « avis » or a « convention » is one; a guide never is.
    if opens_guide(said)
        || (opens_other_document(said) && !(holds_acts && context.is_leaf))
        || names_other_bulletin(said)
    {
        return Verdict::Other(LeftOutReason::OtherDocument);
    }
    if names_bulletin(&label) && !is_generic(&label) && !opens_act(&label) {
        return Verdict::Bulletin;
    }
    if context.unit == Unit::Act || (holds_acts && !is_generic(&label)) {
        return Verdict::Bulletin;
    }
    if opens_act(&label) {
        return Verdict::Other(LeftOutReason::SingleAct);
    }
    if is_generic(&label) {
        return judge_generic(link, &file, view, context, holds_acts && context.is_leaf);
    }
    if names_bulletin(&file) && !opens_other_document(&file) {
        return Verdict::Bulletin;
    }
    let has_digit_or_month = label.bytes().any(|b| b.is_ascii_digit())
        || period::read(&label, Some(&Period::whole_year(2000))).is_some();
    if has_digit_or_month && only_structure(&label, &context.own_words) {
        return Verdict::Bulletin;
    }
    let opens_series = tokens(&label).next().is_some_and(|word| {
        matches!(word, "special" | "n" | "no" | "numero" | "nominatif" | "nominatifs" | "edition")
    });
    if opens_series && label.bytes().any(|b| b.is_ascii_digit()) {
        return Verdict::Bulletin;
    }
    Verdict::Unclear
}

/// `Télécharger le document`: what stands beside it decides.
fn judge_generic(
    link: &Link,
    file: &str,
    view: &PageView,
    context: &PageContext,
    holds_acts: bool,
) -> Verdict {
    let mut beside: Vec<String> = vec![plain(&link.upload_name)];
    match link.row.as_ref().filter(|row| !row.name.is_empty()) {
        // The other cells of a row speak of what the bulletin holds.
        Some(row) => beside.push(plain(&row.name)),
        None => beside.push(plain(&link.before)),
    }
    if let Some(lead) = &context.announced {
        beside.push(plain(&lead.label));
    }
    let act_alone = |text: &String| opens_act(text) && !names_bulletin(text);
    if beside.iter().any(|text| opens_guide(text))
        || (!holds_acts && beside.iter().any(|text| opens_other_document(text)))
    {
        return Verdict::Other(LeftOutReason::OtherDocument);
    }
    if !holds_acts && beside.iter().any(act_alone) {
        return Verdict::Other(LeftOutReason::SingleAct);
    }
    let tells = |text: &String| {
        !text.is_empty()
            && !is_generic(text)
            && (names_bulletin(text)
                || has_full_number(text)
                || (only_structure(text, &context.own_words)
                    && text.bytes().any(|b| b.is_ascii_digit())))
    };
    let named = names_bulletin(file)
        || beside.iter().any(tells)
        || (only_structure(file, &context.own_words) && file.bytes().any(|b| b.is_ascii_digit()));
    if named || names_bulletin(&plain(&link.text)) && names_bulletin(&plain(&view.heading)) {
        return Verdict::Bulletin;
    }
    Verdict::Unclear
}

/// The platform offers each page as a PDF, with the very class of the bulletins.
fn is_print_of_page(label: &str, file: &str, view: &PageView) -> bool {
    if file.contains("page entiere") || file.contains("page-entiere") {
        return true;
    }
    let heading = plain(&view.heading);
    let title = plain(&view.title);
    let repeats = !label.is_empty()
        && (label == heading || title.split(" - ").next() == Some(label) || title == label);
    repeats
        && period::read(label, Some(&Period::whole_year(2000))).is_some()
        && !names_a_day(label)
        && !numbers_something(label)
        && !names_bulletin(file)
        && !has_full_number(file)
}

fn file_stem(link: &Link) -> String {
    let name = decode(&slug(&link.url));
    match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 4 => stem.to_owned(),
        _ => name,
    }
}
