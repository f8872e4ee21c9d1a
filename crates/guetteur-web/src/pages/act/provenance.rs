//! Where an act comes from: its bulletin, its file, the hours that each of them bears; how to cite it.

use guetteur_publish::published::web_address;
use guetteur_publish::{PublishedAct, Site, french, hour};

use crate::page_parts::Detail;

/// Said of hours that rest on other people's clocks.
const INDICATION: &str =
    "Ces heures sont celles d’horloges qui ne sont pas les nôtres : un indice, pas une certitude.";

pub(super) fn provenance(
    act: &PublishedAct,
    bytes: u64,
    ocr_pages: u32,
    also_in: &[guetteur_store::BulletinRow],
) -> Vec<Detail> {
    let zone = act.prefecture.zone;
    let pages = match act.pages {
        span if span.from == span.to => format!("page {}", span.from),
        span => format!("pages {} à {}", span.from, span.to),
    };
    let row = |label, value: String| Detail { label, value, ..Detail::default() };
    let mut rows = vec![
        Detail {
            href: Some(format!("/recueil/{}", act.bulletin.id)),
            ..row("Recueil", super::bulletin_name(act))
        },
        row("Dans le PDF", pages),
        Detail {
            href: web_address(&act.bulletin.url).map(str::to_owned),
            outside: true,
            ..row("Publié à l’adresse", act.bulletin.url.clone())
        },
        row("Vu pour la première fois", french::instant_in(act.first_seen_at, zone)),
        row("Mis à jour", french::instant_in(act.updated_at, zone)),
    ];
    let hour = &act.hour;
    let of_file = |label, time: Option<guetteur_model::FileTime>| {
        time.map(|time| row(label, hour::file_time(time, zone)))
    };
    rows.extend(of_file("Créé, d’après le PDF", hour.pdf_created));
    rows.extend(of_file("Modifié, d’après le PDF", hour.pdf_modified));
    let server = hour.last_modified.map(|at| french::instant_in(at, zone));
    rows.extend(server.map(|at| row("Modifié, d’après le serveur", at)));
    if let Some(sentence) = hour.sentence(zone) {
        rows.push(row("Heure de publication", format!("{sentence} {INDICATION}")));
    }
    if let Some(sha) = act.pdf_sha256 {
        rows.push(Detail {
            mono: true,
            href: act.served_pdf().map(|sha| format!("/archive/{sha}.pdf")),
            ..row("SHA-256 du PDF", sha.to_string())
        });
        rows.push(row("Taille du PDF", size(bytes)));
    }
    if ocr_pages > 0 {
        let pages = french::count(ocr_pages.into(), "page scannée", "pages scannées");
        rows.push(row("Lecture", format!("{pages} lues par reconnaissance de caractères")));
    }
    if let Some(service) = &act.service {
        rows.push(row("Service", service.clone()));
    }
    if let Some(number) = &act.own_number {
        rows.push(row("Numéro propre", number.clone()));
    }
    rows.extend(also_in.iter().map(|other| Detail {
        href: Some(format!("/recueil/{}", other.id)),
        ..row("Aussi publié dans", other.title.clone())
    }));
    rows
}

fn size(bytes: u64) -> String {
    let (value, unit) = match bytes {
        0..1_000_000 => (bytes as f64 / 1e3, "ko"),
        _ => (bytes as f64 / 1e6, "Mo"),
    };
    format!("{value:.1}\u{202f}{unit}").replace('.', ",").replace(",0\u{202f}", "\u{202f}")
}

/// A line to copy: who, what, when, where, with the permanent address and the hash.
pub(crate) fn citation(act: &PublishedAct, site: &Site) -> String {
    let mut line = format!("{}, ", act.prefecture.name);
    if let Some(number) = act.cited_number() {
        line += &format!("n° {number}, ");
    }
    line += &format!("« {} »", act.title);
    if let Some(day) = act.signed_on.or(act.facts.signed_on) {
        line += &format!(", signé le {}", french::day(day));
    }
    if let Some(day) = act.published_on() {
        line += &format!(", publié le {}", french::day(day));
    }
    line += &format!(", p. {}", act.pages.from);
    line += &format!(". {}, {}{}", site.title, site.base_url, act.path());
    if let Some(sha) = act.pdf_sha256 {
        line += &format!(" (SHA-256 du PDF : {sha})");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let shown = |bytes| size(bytes).replace('\u{202f}', " ");
        assert_eq!(shown(31_790_000), "31,8 Mo");
        assert_eq!(shown(2_000), "2 ko");
    }
}
