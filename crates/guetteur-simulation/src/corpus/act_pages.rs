//! One act set on its pages: letterhead, heading, body, signature, notice, map.

use guetteur_model::dates::format_french_date;

use super::departement::{Departement, a};
use super::fill::Filled;
use crate::pdf::{Align, Block, Flow, Font, PageSpec, Rule, Style};

/// What a printed act starts with, longest first.
const OPENINGS: [&str; 6] =
    ["Arrêté préfectoral ", "ARRÊTÉ ", "Arrêté ", "Décision ", "AP ", "Récépissé "];

/// Sets an act. `variant` picks between the ways in which prefectures do it; a `roomy` one is set
/// in large type, so that it runs over several pages.
pub(super) fn act_pages(
    act: &Filled,
    departement: &Departement,
    variant: u64,
    roomy: bool,
) -> Vec<PageSpec> {
    let mut blocks = vec![letterhead(act, departement), Block::Gap(18.0)];
    blocks.extend(heading(act, variant));
    blocks.push(styled(&addressee(departement), Font::SerifBold, 11.0, Align::Centre));
    blocks.push(Block::Gap(6.0));
    let mut maps = Vec::new();
    for line in act.body.lines().filter(|line| !line.trim().is_empty()) {
        match line.strip_prefix("map: ") {
            Some(caption) => maps.push(map(caption)),
            None => blocks.push(body_line(line, roomy)),
        }
    }
    blocks.extend(signature(act, departement));
    if variant.is_multiple_of(3) {
        blocks.push(notice(departement));
    }
    let mut pages = Flow::a4().blocks(blocks).pages();
    pages.extend(maps);
    pages
}

fn letterhead(act: &Filled, departement: &Departement) -> Block {
    let motto = ["Liberté", "Égalité", "Fraternité"];
    let du = departement.du().to_uppercase();
    let left = std::iter::once(departement.title())
        .chain(std::iter::once(du.as_str()))
        .map(|line| Block::left(line, Font::SansBold, 11.0))
        .chain(motto.into_iter().map(|line| Block::left(line, Font::Sans, 8.0)))
        .collect();
    let right =
        act.letterhead.iter().map(|line| styled(line, Font::SansBold, 9.0, Align::Right)).collect();
    Block::Columns(left, right)
}

/// The heading in two lines or more: « ARRÊTÉ N° … » and what it does; or whole, its number after.
fn heading(act: &Filled, variant: u64) -> Vec<Block> {
    let opening = OPENINGS.iter().find(|opening| act.heading.starts_with(**opening));
    let numbered = act.heading.contains(&act.own_number);
    match opening {
        Some(opening) if variant.is_multiple_of(2) && !numbered => {
            let rest = &act.heading[opening.len()..];
            let number = format!("{}N° {}", opening.to_uppercase(), act.own_number);
            vec![Block::title(number), Block::title(rest)]
        }
        _ if numbered => vec![Block::title(&act.heading)],
        _ => vec![Block::title(&act.heading), Block::title(format!("n° {}", act.own_number))],
    }
}

fn addressee(departement: &Departement) -> String {
    let capital =
        if departement.le_prefet() == "le préfet" { "Le préfet" } else { "La préfète" };
    format!("{capital} {},\nChevalier de la Légion d'honneur,", departement.du())
}

fn body_line(line: &str, roomy: bool) -> Block {
    if let Some(text) = line.strip_prefix("# ") {
        return styled(text, Font::SerifBold, 12.0, Align::Centre);
    }
    if let Some(text) = line.strip_prefix("- ") {
        let style = Style { indent: 18.0, after: 3.0, ..Style::default() };
        return Block::Text(format!("– {text}"), style);
    }
    if let Some(cells) = line.strip_prefix("| ") {
        let style = Style { size: 10.0, align: Align::Left, ..Style::default() };
        return Block::Row(cells.split('|').map(|c| (1.0, c.trim().to_owned())).collect(), style);
    }
    if roomy {
        let style = Style { size: 13.5, after: 13.0, ..Style::default() };
        return Block::Text(line.to_owned(), style);
    }
    Block::paragraph(line)
}

fn signature(act: &Filled, departement: &Departement) -> Vec<Block> {
    let date = format_french_date(act.signed_on);
    let place = a(&departement.commune(1).name);
    let style = Style { align: Align::Left, indent: 230.0, ..Style::default() };
    let say = |text: String| Block::Text(text, style);
    vec![
        Block::Gap(12.0),
        say(format!("Fait {place}, le {date}")),
        say(act.capacity.clone()),
        say(format!("Signé\n{}", act.signed_by)),
    ]
}

fn notice(departement: &Departement) -> Block {
    let seat = departement.commune(1).name;
    let text = format!(
        "Voies et délais de recours : la présente décision peut être contestée dans les deux mois \
         de sa publication, par recours gracieux auprès de l'autorité qui l'a prise ou par recours \
         contentieux devant le tribunal administratif, y compris sur le site www.telerecours.fr. \
         ({seat})"
    );
    styled(&text, Font::Serif, 8.0, Align::Justified)
}

/// A page that is a drawing: streets as lines, a zone as a frame, and hardly a word.
fn map(caption: &str) -> PageSpec {
    let line = |x, y, width, height| Rule { x, y, width, height };
    [
        line(90.0, 150.0, 420.0, 2.0),
        line(90.0, 700.0, 420.0, 2.0),
        line(90.0, 150.0, 2.0, 550.0),
        line(510.0, 150.0, 2.0, 552.0),
        line(60.0, 300.0, 480.0, 6.0),
        line(60.0, 520.0, 480.0, 4.0),
        line(220.0, 120.0, 5.0, 620.0),
        line(400.0, 120.0, 3.0, 620.0),
        line(260.0, 340.0, 90.0, 120.0),
    ]
    .into_iter()
    .fold(PageSpec::a4(), PageSpec::rule)
    .centred(90.0, Font::SansBold, 14.0, caption)
}

fn styled(text: &str, font: Font, size: f32, align: Align) -> Block {
    Block::Text(text.to_owned(), Style { font, size, align, indent: 0.0, after: 4.0 })
}
