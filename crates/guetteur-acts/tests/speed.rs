//! `cargo test -p guetteur-acts --release --test speed -- --ignored --nocapture` prints the rate.
#![expect(clippy::print_stdout, reason = "a measure for people")]

use std::time::Instant;

use guetteur_acts::{BulletinContext, extract_facts, segment};
use guetteur_model::Page;

#[test]
#[ignore = "a measure"]
fn rate() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/acts/national-tool/pages.txt");
    let text = std::fs::read_to_string(root).expect("fixture");
    let pages = Page::of_texts(text.split('\u{c}'));
    let context = BulletinContext { departement: Some("26"), ..Default::default() };
    for act in segment(&pages, &context).acts {
        drop(extract_facts(&act, &context));
    }
    let rounds = 300;
    let (mut cut, mut read) = (0.0, 0.0);
    for _ in 0..rounds {
        let start = Instant::now();
        let acts = segment(&pages, &context).acts;
        cut += start.elapsed().as_secs_f64();
        let start = Instant::now();
        acts.iter().for_each(|act| drop(extract_facts(act, &context)));
        read += start.elapsed().as_secs_f64();
    }
    let megabytes = (text.len() * rounds) as f64 / 1e6;
    println!(
        "cut {:.1} MB/s, facts {:.1} MB/s, both {:.1} MB/s",
        megabytes / cut,
        megabytes / read,
        megabytes / (cut + read)
    );
    for unit in
        ["captation ", "le 22 mars 2025 ", "article 1 vu le code l. 242-5 ", "quatre vingt "]
    {
        let page = Page { text: unit.repeat(1_000_000 / unit.len()), ..pages[0].clone() };
        let start = Instant::now();
        let acts = segment(std::slice::from_ref(&page), &context).acts;
        let cut = start.elapsed().as_secs_f64();
        acts.iter().for_each(|act| drop(extract_facts(act, &context)));
        println!(
            "{unit:?}: 1 MB cut in {cut:.2} s, facts in {:.2} s",
            start.elapsed().as_secs_f64() - cut
        );
    }
}
