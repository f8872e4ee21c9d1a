//! A bulletin from its specification.

use chrono::NaiveTime;
use guetteur_model::PageSpan;

use super::act_pages::act_pages;
use super::departement::Departement;
use super::fill::{Filled, fill, mix};
use super::frame::{Entry, divider, footer, front};
use super::library::{Library, Template};
use super::truth::{ActTruth, BulletinTruth, FlagTruth};
use super::{BulletinSpec, CorpusError, Layout, Medium};
use crate::pdf::{Garble, PageSpec, PdfBuilder, Rotation, ScanOptions};

/// When the files of bulletins say that they were made, on their day.
const MADE_AT: NaiveTime = NaiveTime::from_hms_opt(6, 12, 0).expect("an hour");

/// A composed bulletin.
#[derive(Debug, Clone)]
pub struct Bulletin {
    /// The file.
    pub pdf: Vec<u8>,
    /// What a perfect reader finds in it.
    pub truth: BulletinTruth,
    /// The visible text of each page.
    pub texts: Vec<String>,
}

/// One page: what is printed, and the marks that the national tool lays over it.
struct Sheet {
    page: PageSpec,
    over: PageSpec,
    /// Cover, sommaire and dividers are the tool's own, never scanned by it.
    frame: bool,
}

struct Plan<'a> {
    sheets: Vec<Sheet>,
    acts: Vec<(&'a Template, Filled, PageSpan)>,
}

/// Composes a bulletin: the file and its truth.
///
/// # Errors
/// When the specification names what the library lacks, or a bare layout has not one act.
pub fn compose(library: &Library, spec: &BulletinSpec) -> Result<Bulletin, CorpusError> {
    let plan = plan(library, spec)?;
    let truth = truth(&plan, spec);
    let builder = printed(plan.sheets, spec);
    let texts = builder.texts();
    Ok(Bulletin { pdf: builder.build(), truth, texts })
}

/// The truth alone, without drawing or scanning a page.
///
/// # Errors
/// As [`compose`].
pub fn truth_of(library: &Library, spec: &BulletinSpec) -> Result<BulletinTruth, CorpusError> {
    Ok(truth(&plan(library, spec)?, spec))
}

fn plan<'a>(library: &'a Library, spec: &BulletinSpec) -> Result<Plan<'a>, CorpusError> {
    if spec.layout == Layout::Bare && spec.acts.len() != 1 {
        return Err(CorpusError::NotOneAct(spec.acts.len()));
    }
    let departement = library.departement(&spec.departement)?;
    let mut templates = Vec::new();
    for id in &spec.acts {
        templates.push(library.template(id)?);
    }
    // A sommaire groups acts by service, and the acts follow it.
    templates.sort_by(|a, b| a.service.cmp(&b.service));
    let mut acts = Vec::new();
    for (rank, template) in templates.into_iter().enumerate() {
        let filled = fill(library, spec, template, rank)?;
        let variant = mix(spec.seed, 77 + rank as u64);
        // Recognition takes a second a page: what it must read is set tight.
        let roomy = !spec.medium.needs_ocr() && (variant >> 7).is_multiple_of(2);
        let pages = act_pages(&filled, departement, variant, roomy);
        acts.push((template, filled, pages));
    }
    Ok(lay_out(acts, spec, departement))
}

/// Gives pages their numbers. The sommaire's length depends on them, and they on it.
fn lay_out<'a>(
    acts: Vec<(&'a Template, Filled, Vec<PageSpec>)>,
    spec: &BulletinSpec,
    departement: &Departement,
) -> Plan<'a> {
    let dividers = usize::from(spec.layout == Layout::National);
    let mut front_pages = Vec::new();
    for _ in 0..3 {
        let mut first_page = front_pages.len() + 1;
        let mut entries = Vec::new();
        for (_, act, pages) in &acts {
            entries.push(Entry { act, first_page, length: pages.len() });
            first_page += dividers + pages.len();
        }
        let set = front(spec, departement, &entries);
        let settled = set.len() == front_pages.len();
        front_pages = set;
        if settled {
            break;
        }
    }
    let frame = |page| Sheet { page, over: PageSpec::a4(), frame: true };
    let mut sheets: Vec<Sheet> = front_pages.into_iter().map(frame).collect();
    let mut placed = Vec::new();
    for (template, act, pages) in acts {
        let from = sheets.len() + 1;
        if let Some(page) = divider(spec, &act) {
            let over = footer(spec, &act, from);
            sheets.push(Sheet { page, over, frame: true });
        }
        for page in pages {
            let over = footer(spec, &act, sheets.len() + 1);
            sheets.push(Sheet { page, over, frame: false });
        }
        let span = PageSpan { from: from as u32, to: sheets.len() as u32 };
        placed.push((template, act, span));
    }
    Plan { sheets, acts: placed }
}

fn printed(sheets: Vec<Sheet>, spec: &BulletinSpec) -> PdfBuilder {
    let options = scan_options(spec);
    let national = spec.layout == Layout::National;
    let builder = PdfBuilder::new()
        .title("Recueil des actes administratifs")
        .made(spec.published_on.and_time(MADE_AT));
    sheets.into_iter().enumerate().fold(builder, |builder, (i, sheet)| {
        let options = ScanOptions { seed: mix(spec.seed, i as u64), ..options.clone() };
        let Sheet { page, over, frame } = sheet;
        if !spec.medium.is_scan() || (national && frame) {
            return builder.page(with_defect(merged(page, over), spec.medium, frame));
        }
        if national {
            return builder.scanned_under(page, options, stamped(over, spec));
        }
        let over_all = stamped(PageSpec::a4(), spec);
        builder.scanned_under(merged(page, over), options, over_all)
    })
}

fn merged(mut page: PageSpec, over: PageSpec) -> PageSpec {
    page.runs.extend(over.runs);
    page.rules.extend(over.rules);
    page
}

fn stamped(page: PageSpec, spec: &BulletinSpec) -> PageSpec {
    if spec.medium == Medium::Stamped {
        let day = spec.published_on.format("%d/%m/%Y");
        page.stamp(360.0, 60.0, format!("ENREGISTRÉ LE {day}"))
    } else {
        page
    }
}

fn with_defect(page: PageSpec, medium: Medium, frame: bool) -> PageSpec {
    match medium {
        Medium::WrongUnicode if !frame => page.garbled(Garble::Shifted),
        Medium::PrivateUse if !frame => page.garbled(Garble::PrivateUse),
        Medium::Rotated if !frame => page.rotated(Rotation::Quarter),
        _ => page,
    }
}

fn scan_options(spec: &BulletinSpec) -> ScanOptions {
    match spec.medium {
        Medium::Fax => ScanOptions::fax(spec.seed),
        Medium::Poor => ScanOptions::poor(spec.seed),
        Medium::HiddenLayer => ScanOptions { hidden_bad_ocr: true, ..ScanOptions::default() },
        Medium::Sideways => ScanOptions { quarter_turns: 1, ..ScanOptions::default() },
        _ => ScanOptions::default(),
    }
}

fn truth(plan: &Plan<'_>, spec: &BulletinSpec) -> BulletinTruth {
    let whole = spec.medium.is_scan() && spec.layout != Layout::National;
    let ocr_pages = plan
        .sheets
        .iter()
        .enumerate()
        .filter(|(_, sheet)| spec.medium.needs_ocr() && (whole || !sheet.frame))
        .map(|(i, _)| i as u32 + 1)
        .collect();
    let acts = plan.acts.iter().map(|(template, act, pages)| ActTruth {
        template: template.id.clone(),
        title: if has_contents(spec.layout) { act.title.clone() } else { heading_title(act) },
        heading: act.heading.clone(),
        number: if spec.layout == Layout::National {
            act.tool_number.clone()
        } else {
            act.own_number.clone()
        },
        own_number: act.own_number.clone(),
        kind: act.kind.clone(),
        service: has_contents(spec.layout).then(|| act.service.clone()),
        pages: *pages,
        signed_on: act.signed_on,
        signed_by: act.signed_by.clone(),
        capacity: act.capacity.replace('\n', " "),
        flags: template
            .flags
            .iter()
            .map(|(category, level)| FlagTruth { category: category.clone(), level: *level })
            .collect(),
        to_check: template.to_check,
        trap: template.trap.clone(),
        facts: act.facts.clone(),
    });
    BulletinTruth {
        number: spec.number.clone(),
        published_on: spec.published_on,
        layout: spec.layout,
        medium: spec.medium,
        page_count: plan.sheets.len() as u32,
        ocr_pages,
        acts: acts.collect(),
    }
}

/// The heading without the number that it may print: the number is a fact of its own.
fn heading_title(act: &Filled) -> String {
    let number = format!("n° {}", act.own_number);
    let words = act.heading.split_once(&number).unwrap_or((&act.heading, ""));
    format!("{} {}", words.0.trim_end(), words.1.trim_start()).trim_end().to_owned()
}

fn has_contents(layout: Layout) -> bool {
    !matches!(layout, Layout::NoContents | Layout::Bare)
}
