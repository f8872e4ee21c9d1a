//! Which bulletins are composed: every template in every layout, several départements and seeds.
//! None of them is one that `guetteur-acts` is tested on.

use chrono::{Days, NaiveDate};
use guetteur_testkit::corpus::{Bulletin, BulletinSpec, Layout, Library, Medium, compose};

const DEPARTEMENTS: [&str; 12] =
    ["01", "2B", "31", "67", "75", "38", "62", "83", "35", "57", "971", "06"];

/// Bulletins with text.
pub(crate) fn born_digital() -> impl Iterator<Item = (BulletinSpec, Bulletin)> {
    const MEDIUMS: &[Medium] = &[Medium::Clean, Medium::SommaireBoxes, Medium::Clean];
    bulletins(&Layout::ALL, MEDIUMS, 3, 160 * times())
}

/// Bulletins that only OCR can read.
pub(crate) fn scanned() -> impl Iterator<Item = (BulletinSpec, Bulletin)> {
    const MEDIUMS: &[Medium] =
        &[Medium::Office, Medium::Poor, Medium::Fax, Medium::Office, Medium::Stamped];
    const LAYOUTS: &[Layout] =
        &[Layout::National, Layout::Bare, Layout::Sentences, Layout::Leaders];
    bulletins(LAYOUTS, MEDIUMS, 1, 24 * times())
}

fn times() -> usize {
    std::env::var("GUETTEUR_BULLETINS").ok().and_then(|n| n.parse().ok()).unwrap_or(1)
}

fn bulletins(
    layouts: &[Layout],
    mediums: &[Medium],
    rounds: usize,
    most: usize,
) -> impl Iterator<Item = (BulletinSpec, Bulletin)> {
    let library = Library::bundled().expect("the corpus");
    let ids: Vec<String> = library.templates().iter().map(|t| t.id.clone()).collect();
    let known: Vec<&str> =
        DEPARTEMENTS.into_iter().filter(|code| library.departement(code).is_ok()).collect();
    let mut specs = Vec::new();
    for round in 0..rounds {
        for (l, layout) in layouts.iter().enumerate() {
            // Neighbours in the corpus are not neighbours in each bulletin.
            let stride = [1, 7, 11][(round + l) % 3];
            let size = if *layout == Layout::Bare { 1 } else { 4 + (round + l) % 3 };
            let order: Vec<String> =
                (0..ids.len()).map(|i| ids[(i * stride + l) % ids.len()].clone()).collect();
            for (c, acts) in order.chunks(size).enumerate() {
                let departement = known[(round * 5 + l * 2 + c) % known.len()];
                specs.push(spec(departement, *layout, mediums, acts, round * 1000 + l * 100 + c));
            }
        }
    }
    // A sample takes from every layout.
    let step = (specs.len() / most.min(specs.len())).max(1);
    specs.into_iter().step_by(step).take(most).filter_map(move |spec| {
        // Some templates fit only some départements.
        let bulletin = compose(&library, &spec).ok()?;
        Some((spec, bulletin))
    })
}

fn spec(
    departement: &str,
    layout: Layout,
    mediums: &[Medium],
    acts: &[String],
    seed: usize,
) -> BulletinSpec {
    let day = NaiveDate::from_ymd_opt(2025, 9, 3).expect("a day");
    BulletinSpec {
        departement: departement.to_owned(),
        number: Some(format!("{departement}-2025-{:03}", 100 + seed % 900)),
        series: None,
        published_on: day + Days::new(seed as u64 % 200),
        layout,
        medium: mediums[seed % mediums.len()],
        acts: acts.to_vec(),
        seed: 0x9e37 + seed as u64 * 31,
    }
}
