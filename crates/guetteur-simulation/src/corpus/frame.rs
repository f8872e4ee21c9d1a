//! What stands around the acts: cover, sommaire, dividers, footers.

use guetteur_model::dates::format_french_date;

use super::departement::Departement;
use super::fill::Filled;
use super::{BulletinSpec, Layout, Medium};
use crate::pdf::{Align, Block, Flow, Font, PageSpec, Style, wrap};

/// An act as the sommaire lists it.
pub(super) struct Entry<'a> {
    pub(super) act: &'a Filled,
    /// Page on which it starts (its divider, if there is one).
    pub(super) first_page: usize,
    /// Pages without the divider.
    pub(super) length: usize,
}

/// Cover and sommaire.
pub(super) fn front(
    spec: &BulletinSpec,
    departement: &Departement,
    entries: &[Entry<'_>],
) -> Vec<PageSpec> {
    match spec.layout {
        Layout::Bare => Vec::new(),
        Layout::National => {
            let mut pages = vec![national_cover(spec, departement)];
            pages.extend(numbered(national_contents(spec, entries)));
            pages
        }
        Layout::Sentences => {
            let mut blocks = plain_cover(spec, departement);
            blocks.push(Block::PageBreak);
            blocks.extend(sentences(entries));
            Flow::a4().blocks(blocks).pages()
        }
        Layout::Leaders => {
            let mut blocks = plain_cover(spec, departement);
            blocks.extend(leaders(entries));
            Flow::a4().blocks(blocks).pages()
        }
        Layout::Table => {
            let mut blocks = plain_cover(spec, departement);
            blocks.push(Block::PageBreak);
            blocks.extend(table(entries));
            Flow::a4().blocks(blocks).pages()
        }
        Layout::NoContents => {
            let mut blocks = plain_cover(spec, departement);
            let day = format_french_date(spec.published_on);
            blocks.push(centred(&format!("Arrêtés reçus jusqu'au {day}"), Font::Serif, 12.0));
            Flow::a4().blocks(blocks).pages()
        }
    }
}

/// The page that announces an act, in the national tool only.
pub(super) fn divider(spec: &BulletinSpec, act: &Filled) -> Option<PageSpec> {
    (spec.layout == Layout::National).then(|| {
        let title = frame_words(spec, &act.title);
        let blocks = [
            Block::Gap(230.0),
            centred(&frame_words(spec, service_head(&act.service)), Font::Sans, 14.0),
            Block::Gap(20.0),
            centred(&act.tool_number, Font::Sans, 14.0),
            Block::Gap(20.0),
            centred(&narrow(&title), Font::Sans, 14.0),
        ];
        Flow::a4().blocks(blocks).pages().swap_remove(0)
    })
}

/// Marks laid over page `number` (from 1) of an act.
pub(super) fn footer(spec: &BulletinSpec, act: &Filled, number: usize) -> PageSpec {
    match spec.layout {
        Layout::National => {
            let head = service_head(&act.service);
            let line = format!("{head} - {} - {}", act.tool_number, act.title);
            let lines = wrap(&frame_words(spec, &line), Font::Sans, 7.5, 480.0);
            let top = 808.0;
            let last = top + (lines.len() - 1) as f32 * 9.5;
            let page = lines.into_iter().enumerate().fold(PageSpec::a4(), |page, (i, line)| {
                page.text(40.0, top + i as f32 * 9.5, Font::Sans, 7.5, line)
            });
            page.text(545.0, last, Font::Sans, 7.5, number.to_string())
        }
        Layout::Leaders => {
            let name = spec.number.as_deref().unwrap_or("spécial");
            PageSpec::a4().centred(812.0, Font::Sans, 8.0, format!("RAA n° {name} – p {number}"))
        }
        Layout::Table => PageSpec::a4().text(545.0, 812.0, Font::Sans, 9.0, number.to_string()),
        Layout::Sentences | Layout::NoContents | Layout::Bare => PageSpec::a4(),
    }
}

fn national_cover(spec: &BulletinSpec, departement: &Departement) -> PageSpec {
    // The tool cuts long names at their own hyphen.
    let name = departement.name.to_uppercase();
    let name = if name.len() > 14 { name.replacen('-', "-\n", 1) } else { name };
    let series = spec.series.as_ref().map(|series| format!(" {series}")).unwrap_or_default();
    let mut blocks = vec![Block::Gap(120.0), left(&name, Font::SansBold, 26.0), Block::Gap(160.0)];
    blocks.push(left(&format!("RECUEIL DES ACTES\nADMINISTRATIFS{series}"), Font::SansBold, 22.0));
    blocks.push(Block::Gap(30.0));
    if let Some(number) = &spec.number {
        blocks.push(left(&format!("N°{number}"), Font::Sans, 16.0));
    }
    let day = format_french_date(spec.published_on).to_uppercase();
    blocks.push(left(&format!("PUBLIÉ LE {day}"), Font::Sans, 16.0));
    Flow::a4().blocks(blocks).pages().swap_remove(0)
}

fn national_contents(spec: &BulletinSpec, entries: &[Entry<'_>]) -> Vec<PageSpec> {
    let mut blocks = vec![left("Sommaire", Font::SansBold, 20.0), Block::Gap(10.0)];
    let style =
        Style { font: Font::Sans, size: 10.0, align: Align::Left, indent: 12.0, after: 5.0 };
    for (entry, is_first) in with_service_starts(entries) {
        if is_first {
            blocks.push(left(&frame_words(spec, &entry.act.service), Font::SansBold, 11.0));
        }
        let pages = if entry.length == 1 { "page" } else { "pages" };
        let line =
            format!("{} - {} ({} {pages})", entry.act.tool_number, entry.act.title, entry.length);
        let tail = format!("Page {}", entry.first_page);
        blocks.push(Block::Tail(frame_words(spec, &line), tail, style));
    }
    Flow::a4().blocks(blocks).pages()
}

/// The sommaire bears a lone page number; it starts on page 2.
fn numbered(pages: Vec<PageSpec>) -> Vec<PageSpec> {
    pages
        .into_iter()
        .enumerate()
        .map(|(i, page)| page.text(545.0, 817.0, Font::Sans, 7.5, (i + 2).to_string()))
        .collect()
}

fn plain_cover(spec: &BulletinSpec, departement: &Departement) -> Vec<Block> {
    let number = spec.number.as_ref().map(|n| format!("N° {n}")).unwrap_or_default();
    let series = spec.series.as_deref().unwrap_or("NORMAL");
    let day = format_french_date(spec.published_on);
    vec![
        centred("RÉPUBLIQUE FRANÇAISE", Font::SansBold, 11.0),
        Block::Gap(20.0),
        centred(&format!("PRÉFECTURE {}", departement.du().to_uppercase()), Font::SansBold, 16.0),
        Block::Gap(20.0),
        centred("RECUEIL DES ACTES ADMINISTRATIFS", Font::SerifBold, 20.0),
        centred(&format!("{series} {number}"), Font::SerifBold, 14.0),
        centred(&format!("publié le {day}"), Font::Serif, 12.0),
        Block::Gap(26.0),
    ]
}

fn sentences(entries: &[Entry<'_>]) -> Vec<Block> {
    let mut blocks = vec![centred("- SOMMAIRE -", Font::SansBold, 14.0), Block::Gap(8.0)];
    for (entry, is_first) in with_service_starts(entries) {
        if is_first {
            blocks.push(left(&entry.act.service.to_uppercase(), Font::SansBold, 10.5));
        }
        blocks.push(Block::paragraph(format!("{}.", entry.act.title)));
    }
    blocks
}

fn leaders(entries: &[Entry<'_>]) -> Vec<Block> {
    let style = Style { align: Align::Left, after: 4.0, ..Style::default() };
    let mut blocks = vec![centred("Table des matières", Font::SerifBold, 14.0)];
    for (entry, is_first) in with_service_starts(entries) {
        if is_first {
            blocks.push(left(&entry.act.service.to_uppercase(), Font::SerifBold, 10.5));
        }
        let page = entry.first_page.to_string();
        blocks.push(Block::Leader(entry.act.title.clone(), page, style));
    }
    blocks
}

fn table(entries: &[Entry<'_>]) -> Vec<Block> {
    let style = Style { font: Font::Sans, size: 9.0, align: Align::Left, ..Style::default() };
    let row = |cells: [&str; 4]| {
        let shares = [2.2, 1.3, 5.5, 0.7];
        Block::Row(shares.into_iter().zip(cells.map(str::to_owned)).collect(), style)
    };
    let mut blocks = vec![centred("SOMMAIRE", Font::SansBold, 14.0), Block::Gap(8.0)];
    for (entry, is_first) in with_service_starts(entries) {
        if is_first {
            blocks.push(left(&entry.act.service.to_uppercase(), Font::SansBold, 10.0));
            blocks.push(row(["Arrêté N°", "Date", "INTITULÉ", "Page"]));
        }
        let date = entry.act.signed_on.format("%d/%m/%Y").to_string();
        let page = entry.first_page.to_string();
        blocks.push(row([&entry.act.own_number, &date, &entry.act.title, &page]));
    }
    blocks
}

/// Each entry, and whether it is the first of its service.
fn with_service_starts<'a, 'b>(
    entries: &'b [Entry<'a>],
) -> impl Iterator<Item = (&'b Entry<'a>, bool)> {
    entries
        .iter()
        .enumerate()
        .map(|(i, entry)| (entry, i == 0 || entries[i - 1].act.service != entry.act.service))
}

/// « Préfecture du Gard » of « Préfecture du Gard / Cabinet ».
fn service_head(service: &str) -> &str {
    service.split_once(" /").map_or(service, |(head, _)| head)
}

/// Breaks a divider's title at about 45 characters, as the tool does.
fn narrow(title: &str) -> String {
    wrap(title, Font::Sans, 14.0, 300.0).join("\n")
}

/// The frame's words with the glyphs that the tool lost in some years.
fn frame_words(spec: &BulletinSpec, text: &str) -> String {
    if spec.medium == Medium::SommaireBoxes {
        text.replace(['\'', '’', '–', 'œ', '«', '»'], "□")
    } else {
        text.to_owned()
    }
}

fn left(text: &str, font: Font, size: f32) -> Block {
    Block::left(text, font, size)
}

fn centred(text: &str, font: Font, size: f32) -> Block {
    Block::Text(
        text.to_owned(),
        Style { font, size, align: Align::Centre, indent: 0.0, after: 6.0 },
    )
}
