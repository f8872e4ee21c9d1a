//! What a page says of a bulletin: its title, day, number and series.

use chrono::{Datelike, NaiveDate};
use guetteur_model::BulletinLink;
use guetteur_model::dates::plausible_publication;
use url::Url;

use super::{Lead, PageContext, file_stem};
use crate::address::{normalise_url, path_and_query};
use crate::naming::{
    Witnesses, days, detail_day, file_day, in_year_of_page, names_a_day, number, numbers_something,
    series, settle, title_day,
};
use crate::page::{Link, LinkKind, PageView, plain_link};
use crate::period::{self, Period};
use crate::words::{is_generic, plain};

/// The bulletin at the address to which a link leads that announced it.
pub(crate) fn announced_document(
    url: &Url,
    lead: &Lead,
    period: Option<Period>,
    today: NaiveDate,
) -> BulletinLink {
    let link = Link {
        kind: LinkKind::Document,
        detail: lead.detail.clone(),
        ..plain_link(url.clone(), &lead.label)
    };
    let shown_on = url.join(&lead.via).unwrap_or_else(|_| url.clone());
    let context = PageContext { period, today, ..PageContext::default() };
    let described = describe(&link, &PageView::empty(shown_on), &context);
    BulletinLink { via: lead.via.clone(), ..described }
}

/// The name under which a page shows a bulletin.
fn title_of(link: &Link, view: &PageView, context: &PageContext) -> String {
    let says = |text: &str| !is_generic(&plain(text));
    if says(&link.text) {
        return link.text.clone();
    }
    let row = link.row.as_ref().map_or("", |row| row.name.as_str());
    let announced = context.announced.as_ref().map_or("", |lead| lead.label.as_str());
    let heading = if context.announced.is_some() { view.heading.as_str() } else { "" };
    let before = link.before.trim_end_matches([':', '-', '–', ' ']);
    let upload = link.upload_name.trim_end_matches(".pdf");
    // A heading over one bulletin names it; one over many names their month.
    let under = Some(link.under.as_str()).filter(|under| numbers_something(&plain(under)));
    [row, before, announced, heading, under.unwrap_or_default(), upload]
        .into_iter()
        .find(|text| says(text))
        .map_or_else(|| file_stem(link), str::to_owned)
}

pub(super) fn describe(link: &Link, view: &PageView, context: &PageContext) -> BulletinLink {
    let title = title_of(link, view, context);
    let file = file_stem(link);
    let lead = context.announced.clone().unwrap_or_default();
    let heading = if context.announced.is_some() { view.heading.as_str() } else { "" };
    let row = link.row.clone().unwrap_or_default();
    let labels = [
        title.as_str(),
        &link.text,
        &row.name,
        &link.before,
        &link.upload_name,
        &lead.label,
        heading,
    ];
    let number = number(&labels, &file);
    BulletinLink {
        url: normalise_url(&link.url),
        published_on: day_of(link, &title, heading, &lead, number.as_deref(), context).or_else(
            || {
                let published = context.announced.as_ref().map(|_| view.published.as_str());
                detail_day(published.unwrap_or_default(), context.today)
            },
        ),
        number,
        series: series(&labels, &file),
        via: path_and_query(&view.url),
        title,
    }
}

/// `14` in a calendar of August, where the number is told elsewhere.
fn day_of_calendar(title: &str, number: Option<&str>, period: &Period) -> Option<NaiveDate> {
    let day: u32 = title.trim().parse().ok().filter(|day| *day <= 31)?;
    let is_number = number.is_none_or(|number| number.trim_start_matches('0') == day.to_string());
    let one_month = (period.to - period.from).num_days() < 31;
    (one_month && !is_number).then(|| period.from.with_day(day)).flatten()
}

/// The day of publication: the row's date cell, then title, details, headings, file name.
fn day_of(
    link: &Link,
    title: &str,
    heading: &str,
    lead: &Lead,
    number: Option<&str>,
    context: &PageContext,
) -> Option<NaiveDate> {
    let today = context.today;
    let under = plain(&link.under);
    let section = period::read(&under, context.period.as_ref()).filter(|_| !names_a_day(&under));
    let period = section.as_ref().or(context.period.as_ref());
    let in_row = link
        .row
        .as_ref()
        .and_then(|row| days(&plain(&row.day)).first().map(|found| found.date))
        .filter(|day| plausible_publication(*day, today));
    let in_title =
        title_day(title, period, today).or_else(|| title_day(&link.before, period, today));
    let uploaded = detail_day(&link.detail, today).or_else(|| detail_day(&lead.detail, today));
    let written = in_row
        .or(in_title)
        .or(uploaded)
        .or_else(|| title_day(&lead.label, period, today))
        .or_else(|| title_day(heading, period, today))
        .or_else(|| title_day(&link.upload_name, period, today))
        .or_else(|| title_day(&under, period, today))
        .or_else(|| file_day(&file_stem(link), period, today))
        .or_else(|| day_of_calendar(title, number, period?));
    let witnesses = Witnesses { uploaded, number, period, today };
    match written {
        Some(written) => settle(written, &witnesses),
        None => title_day(title, None, today).and_then(|day| in_year_of_page(day, &witnesses)),
    }
}
