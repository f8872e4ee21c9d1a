//! [`Standing`] as pages show it: sentences, lists, bars with their table.

use chrono::NaiveDate;
use guetteur_model::{ActId, Category, Level};
use guetteur_publish::address::{Filters, Moment};
use guetteur_publish::standing::Standing;
use guetteur_publish::{Catalogue, CatalogueError, PublishedAct, french};
use guetteur_search::{Devices, Stated};
use serde::Serialize;

use crate::figures::months::{self, Month};
use crate::listed_act::ListedAct;
use crate::page_parts::Link;

/// Months drawn.
const MONTHS: u32 = 24;
/// Acts of a list shown before its link.
const SHOWN: usize = 10;
/// Services shown.
const SERVICES: usize = 12;

#[derive(Serialize)]
pub(crate) struct StandingView {
    total: u64,
    /// `2 autorisations sont en vigueur`.
    sentence: String,
    in_force: SomeActs,
    open_ended: u64,
    repealed: Vec<Link>,
    soon: SomeActs,
    undated: u64,
    /// Drawing of the months.
    chart: String,
    months: Vec<MonthRow>,
    /// Of the rows, those with a count: the chart has something to draw.
    drawn: bool,
    devices: Vec<DeviceGroup>,
    services: Vec<Link>,
    services_unsaid: u64,
    notice: Option<Notice>,
}

/// The first of a list, and where the whole of it is.
#[derive(Serialize)]
struct SomeActs {
    count: usize,
    lines: Vec<ListedAct>,
    all: String,
}

#[derive(Serialize)]
struct MonthRow {
    name: String,
    count: u64,
    href: Option<String>,
}

#[derive(Serialize)]
struct DeviceGroup {
    title: &'static str,
    rows: Vec<DeviceRow>,
}

#[derive(Serialize)]
struct DeviceRow {
    label: String,
    href: String,
    acts: u64,
    cameras: Cell,
    aircraft: Cell,
}

/// A sum with how many acts do not state a number.
#[derive(Serialize)]
struct Cell {
    sum: Option<u64>,
    unsaid: u64,
}

#[derive(Serialize)]
struct Notice {
    known: u64,
    short: u64,
    percent: u64,
    href: String,
}

impl StandingView {
    /// Of the authorisations that `place` narrows to.
    pub(crate) async fn of(catalogue: &Catalogue, place: &Filters) -> Result<Self, CatalogueError> {
        let standing = catalogue.standing(place).await?;
        let authorisations = place.with(|f| f.levels = vec![Level::Authorises]);
        let moment = |moment| authorisations.with(|f| f.moments = vec![moment]).address(SEARCH);
        let some = async |ids: &[ActId], all| {
            let acts = catalogue.acts(&ids[..ids.len().min(SHOWN)]).await?;
            Ok::<_, CatalogueError>(SomeActs {
                count: ids.len(),
                lines: ListedAct::all(&acts),
                all,
            })
        };
        let months: Vec<(Month, u64)> = Month::up_to(catalogue.today(), MONTHS)
            .into_iter()
            .map(|month| (month, standing.in_month(month.days().0)))
            .collect();
        let services = standing.services();
        Ok(Self {
            total: standing.total(),
            sentence: french::authorisations_in_force(standing.in_force.len() as u64),
            in_force: some(&standing.in_force, moment(Moment::InForce)).await?,
            open_ended: standing.now.open_ended,
            repealed: repealed(catalogue, &standing.repealed).await?,
            soon: some(&standing.soon, moment(Moment::Soon)).await?,
            undated: standing.all.undated,
            drawn: months.iter().any(|(_, count)| *count > 0),
            chart: months::drawing(TITLE, &drawn(&months, &authorisations)).to_inline_svg(),
            months: month_rows(&standing, &authorisations, &months),
            devices: device_groups(&standing, &authorisations),
            services_unsaid: standing.total()
                - services.iter().map(|(_, count)| count).sum::<u64>(),
            services: service_links(&services, &authorisations),
            notice: notice(&standing, &authorisations),
        })
    }

    /// Whether nothing is known to be authorised here.
    pub(crate) fn is_empty(&self) -> bool {
        self.total == 0
    }
}

const SEARCH: &str = "/recherche";
const TITLE: &str = "Actes qui autorisent, par mois de publication ; les mêmes nombres sont dans le tableau qui suit";

/// The months with where their acts are.
fn drawn(months: &[(Month, u64)], authorisations: &Filters) -> Vec<(Month, u64, String)> {
    months.iter().map(|(month, count)| (*month, *count, month.list(authorisations))).collect()
}

async fn repealed(catalogue: &Catalogue, ids: &[ActId]) -> Result<Vec<Link>, CatalogueError> {
    let link = |act: &PublishedAct| {
        let label = act.cited_number().map_or_else(|| act.title.clone(), |n| format!("n° {n}"));
        Link::new(label, act.path())
    };
    Ok(catalogue.acts(ids).await?.iter().map(link).collect())
}

/// Newest first; then what was published before the drawing begins, or without a date: the rows
/// add up to all authorisations.
fn month_rows(
    standing: &Standing,
    authorisations: &Filters,
    months: &[(Month, u64)],
) -> Vec<MonthRow> {
    let published = |from: Option<NaiveDate>, to: Option<NaiveDate>| {
        authorisations.with(|f| (f.from, f.to) = (from, to)).address(SEARCH)
    };
    let row = |(month, count): &(Month, u64)| MonthRow {
        name: month.name(),
        count: *count,
        href: (*count > 0).then(|| month.list(authorisations)),
    };
    let mut rows: Vec<MonthRow> = months.iter().rev().map(row).collect();
    if let Some((oldest, _)) = months.first() {
        let before = standing.before(oldest.days().0);
        rows.extend((before > 0).then(|| MonthRow {
            name: format!("avant {}", oldest.name()),
            count: before,
            href: Some(published(None, oldest.days().0.pred_opt())),
        }));
    }
    let undated = standing.unpublished();
    rows.extend((undated > 0).then(|| MonthRow {
        name: "sans date de publication".to_owned(),
        count: undated,
        href: None,
    }));
    rows
}

fn device_groups(standing: &Standing, authorisations: &Filters) -> Vec<DeviceGroup> {
    let row = |(category, devices): (&Category, &Devices), moments: &[Moment]| DeviceRow {
        label: category.label().to_owned(),
        href: authorisations
            .with(|f| {
                f.categories = vec![category.clone()];
                f.moments = moments.to_vec();
            })
            .address(SEARCH),
        acts: devices.acts,
        cameras: cell(devices.cameras, devices.acts),
        aircraft: cell(devices.aircraft, devices.acts),
    };
    let now: Vec<_> = standing.now.devices.iter().map(|d| row(d, &[Moment::InForce])).collect();
    let ever: Vec<_> = standing.all.devices.iter().map(|d| row(d, &[])).collect();
    [("En vigueur aujourd’hui", now), ("Depuis le début des recueils lus", ever)]
        .into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(title, rows)| DeviceGroup { title, rows })
        .collect()
}

fn cell(stated: Stated, acts: u64) -> Cell {
    Cell { sum: (stated.acts > 0).then_some(stated.sum), unsaid: acts - stated.acts }
}

fn service_links(services: &[(&str, u64)], authorisations: &Filters) -> Vec<Link> {
    let link = |(name, count): &(&str, u64)| {
        let here = authorisations.with(|f| f.beneficiaries = vec![(*name).to_owned()]);
        Link::new(french::capitalised(name), here.address(SEARCH)).counting(*count as usize)
    };
    services.iter().take(SERVICES).map(link).collect()
}

fn notice(standing: &Standing, authorisations: &Filters) -> Option<Notice> {
    let (known, short) = (standing.all.notice_known, standing.all.short_notice);
    (known > 0).then(|| Notice {
        known,
        short,
        percent: (short * 100 + known / 2) / known,
        href: authorisations.with(|f| f.moments = vec![Moment::ShortNotice]).address(SEARCH),
    })
}
