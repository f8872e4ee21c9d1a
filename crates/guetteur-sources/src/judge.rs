//! Which documents of a page are bulletins, and what the page says of each.

use chrono::NaiveDate;
use guetteur_model::{BulletinLink, Source};

use crate::address::{decode, normalise_url, path_and_query, slug};
use crate::hint::Unit;
use crate::naming::{
    choose_day, days, detail_day, file_day, has_full_number, names_a_day, number,
    numbers_something, series, title_day,
};
use crate::page::{Link, LinkKind, PageView};
use crate::period::{self, Period};
use crate::words::{
    is_generic, names_bulletin, only_structure, opens_act, opens_other_document, plain, tokens,
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
    /// The label of the link that led here, when the page is one bulletin's own.
    pub(crate) announced: Option<Announcement>,
    /// The present day.
    pub(crate) today: NaiveDate,
}

/// A bulletin announced by a link to its own page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Announcement {
    pub(crate) label: String,
    pub(crate) detail: String,
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
    Other,
}

/// The bulletins that a page links, each address once, in page order.
pub(crate) fn bulletins(view: &PageView, context: &PageContext) -> Vec<BulletinLink> {
    let documents: Vec<(&Link, Verdict)> = view
        .links
        .iter()
        .filter(|link| link.kind == LinkKind::Document && !link.in_menu)
        .map(|link| (link, judge(link, view, context)))
        .collect();
    let accept_unclear = accepts_unclear(&documents, context);
    let mut found: Vec<BulletinLink> = Vec::new();
    for (link, verdict) in documents {
        let taken = match verdict {
            Verdict::Bulletin => true,
            Verdict::Unclear => {
                accept_unclear && (context.announced.is_some() || carries_number_or_day(link))
            }
            Verdict::Other => false,
        };
        if taken {
            let bulletin = describe(link, view, context);
            match found.iter_mut().find(|other| other.url == bulletin.url) {
                Some(other) => complete(other, bulletin),
                None => found.push(bulletin),
            }
        }
    }
    found
}

/// Fills what the first sight of a bulletin did not tell.
pub(crate) fn complete(known: &mut BulletinLink, other: BulletinLink) {
    known.published_on = known.published_on.or(other.published_on);
    known.number = known.number.take().or(other.number);
    known.series = known.series.take().or(other.series);
}

/// Documents that say nothing of themselves are taken where nothing else is: the only document of a
/// bulletin's own page, or a list in which no document names itself.
fn accepts_unclear(documents: &[(&Link, Verdict)], context: &PageContext) -> bool {
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

fn judge(link: &Link, view: &PageView, context: &PageContext) -> Verdict {
    let label = plain(&link.text);
    let file = plain(&file_stem(link));
    if is_print_of_page(&label, &file, view) {
        return Verdict::Other;
    }
    let full_number = [&link.text, &file_stem(link)].iter().any(|text| has_full_number(text));
    if full_number {
        return Verdict::Bulletin;
    }
    if opens_other_document(&label) || (is_generic(&label) && opens_other_document(&file)) {
        return Verdict::Other;
    }
    if names_bulletin(&label) && !is_generic(&label) && !opens_act(&label) {
        return Verdict::Bulletin;
    }
    if context.unit == Unit::Act {
        return Verdict::Bulletin;
    }
    if opens_act(&label) {
        return Verdict::Other;
    }
    if is_generic(&label) {
        return judge_generic(link, &file, view, context);
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
fn judge_generic(link: &Link, file: &str, view: &PageView, context: &PageContext) -> Verdict {
    let mut beside: Vec<String> = vec![plain(&link.upload_name)];
    match link.row.as_ref().filter(|row| !row.name.is_empty()) {
        // The other cells of a row speak of what the bulletin holds.
        Some(row) => beside.push(plain(&row.name)),
        None => beside.push(plain(&link.before)),
    }
    if let Some(announcement) = &context.announced {
        beside.push(plain(&announcement.label));
    }
    if beside
        .iter()
        .any(|text| opens_other_document(text) || (opens_act(text) && !names_bulletin(text)))
    {
        return Verdict::Other;
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

/// The name under which a page shows a bulletin.
fn title_of(link: &Link, view: &PageView, context: &PageContext) -> String {
    let says = |text: &str| !is_generic(&plain(text));
    if says(&link.text) {
        return link.text.clone();
    }
    let row = link.row.as_ref().map_or("", |row| row.name.as_str());
    let announced =
        context.announced.as_ref().map_or("", |announcement| announcement.label.as_str());
    let heading = if context.announced.is_some() { view.heading.as_str() } else { "" };
    let before = link.before.trim_end_matches([':', '-', '–', ' ']);
    let upload = link.upload_name.trim_end_matches(".pdf");
    [row, before, announced, heading, upload]
        .into_iter()
        .find(|text| says(text))
        .map_or_else(|| file_stem(link), str::to_owned)
}

fn describe(link: &Link, view: &PageView, context: &PageContext) -> BulletinLink {
    let title = title_of(link, view, context);
    let file = file_stem(link);
    let announcement = context.announced.clone().unwrap_or_default();
    let heading = if context.announced.is_some() { view.heading.as_str() } else { "" };
    let row = link.row.clone().unwrap_or_default();
    let labels = [
        title.as_str(),
        &link.text,
        &row.name,
        &link.before,
        &link.upload_name,
        &announcement.label,
        heading,
    ];
    BulletinLink {
        url: normalise_url(&link.url),
        published_on: day_of(link, &title, heading, &announcement, context).or_else(|| {
            let published = context.announced.as_ref().map(|_| view.published.as_str());
            detail_day(published.unwrap_or_default(), context.today)
        }),
        number: number(&labels, &file),
        series: series(&labels, &file),
        via: path_and_query(&view.url),
        title,
    }
}

/// The day of publication: the row's date cell, then title, details, headings, file name.
fn day_of(
    link: &Link,
    title: &str,
    heading: &str,
    announcement: &Announcement,
    context: &PageContext,
) -> Option<NaiveDate> {
    let today = context.today;
    let under = plain(&link.under);
    let section = period::read(&under, context.period.as_ref()).filter(|_| !names_a_day(&under));
    let period = section.as_ref().or(context.period.as_ref());
    let in_row =
        link.row.as_ref().and_then(|row| days(&plain(&row.day)).first().map(|found| found.date));
    let in_title =
        title_day(title, period, today).or_else(|| title_day(&link.before, period, today));
    let beside =
        detail_day(&link.detail, today).or_else(|| detail_day(&announcement.detail, today));
    in_row
        .or_else(|| choose_day(in_title, beside))
        .or_else(|| title_day(&announcement.label, period, today))
        .or_else(|| title_day(heading, period, today))
        .or_else(|| title_day(&link.upload_name, period, today))
        .or_else(|| title_day(&under, period, today))
        .or_else(|| file_day(&file_stem(link), period, today))
}
