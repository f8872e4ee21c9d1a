//! Rates on one core of what every page goes through: folding, classifying, cutting, facts; and of
//! `grep -c -i -E` for the same words on the same bytes in the same run.
//!
//! Run it with `make bench-classify`. The texts are those of `fixtures/acts` and ordinary prose, so
//! that the figures move with the code and not with the data. A package of its own, because the
//! test kit's dependencies would take longer to build than everything measured here.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

mod grep;
mod texts;

use std::hint::black_box;
use std::time::Instant;

use guetteur_acts::{BulletinContext, extract_facts, segment};
use guetteur_model::fold::Folded;
use guetteur_model::{Act, ActPage, Page};
use guetteur_rules::{FoldedBody, RuleSet};

/// Each figure is the best of this many measures: the others had a neighbour on the core.
const MEASURES: usize = 5;

fn main() {
    let rules = RuleSet::builtin();
    let watched = texts::bulletins();
    let plain = texts::plain();
    let mixed = texts::mixed(&watched, &plain);

    println!("{:34} {:>10}", "", "MB/s");
    let mut fold = Vec::new();
    for (what, pages) in [("without keywords", &plain), ("typical mix", &mixed)] {
        let bytes: usize = pages.iter().map(|page| page.text.len()).sum();
        let rate = best(bytes, || {
            pages.iter().for_each(|page| drop(black_box(Folded::new(&page.text))));
        });
        println!("{:34} {rate:>10.1}", format!("fold, {what}"));
        fold.push(rate);
        let acts = one_act_a_page(pages);
        let bodies: Vec<FoldedBody<'_>> = acts.iter().map(|page| FoldedBody::new(page)).collect();
        let rate = best(bytes, || {
            for body in &bodies {
                drop(black_box(rules.classify_folded("Arrêté n° 12", None, body)));
            }
        });
        let grep = grep::rate(pages);
        let ratio =
            grep.map_or_else(|| "no grep".to_owned(), |g| format!("{g:.1}, ×{:.2}", rate / g));
        println!("{:34} {rate:>10.1}   grep {ratio}", format!("classify folded, {what}"));
    }
    acts_of(&watched, &rules);
}

/// Cutting, facts and classification of whole bulletins.
fn acts_of(bulletins: &[Vec<Page>], rules: &RuleSet) {
    let context = BulletinContext { departement: Some("26"), ..BulletinContext::default() };
    let bytes: usize = bulletins.iter().flatten().map(|page| page.text.len()).sum();
    let cut = || bulletins.iter().flat_map(|pages| segment(pages, &context).acts);
    let acts: Vec<Act> = cut().collect();
    let cutting = best(bytes, || cut().for_each(|act| drop(black_box(act))));
    let reading = best(bytes, || {
        acts.iter().for_each(|act| drop(black_box(extract_facts(act, &context))));
    });
    let bodies: Vec<FoldedBody<'_>> = acts.iter().map(|act| FoldedBody::new(&act.text)).collect();
    let classifying = best(bytes, || {
        for (act, body) in acts.iter().zip(&bodies) {
            drop(black_box(rules.classify_folded(&act.title, act.title_span.as_ref(), body)));
        }
    });
    println!("{:34} {cutting:>10.1}", "cut");
    println!("{:34} {reading:>10.1}", "facts");
    println!("{:34} {:>10.1}", "cut and facts", 1.0 / (1.0 / cutting + 1.0 / reading));
    println!("{:34} {classifying:>10.1}", "classify folded, watched acts only");
}

fn one_act_a_page(pages: &[Page]) -> Vec<[ActPage; 1]> {
    let act = |page: &Page| [ActPage { number: page.number, offset: 0, text: page.text.clone() }];
    pages.iter().map(act).collect()
}

/// Megabytes a second of `work` over `bytes`, of at least 0.2 s a measure.
fn best(bytes: usize, work: impl Fn()) -> f64 {
    let mut best: f64 = 0.0;
    for _ in 0..MEASURES {
        let (start, mut rounds) = (Instant::now(), 0);
        while rounds == 0 || start.elapsed().as_secs_f64() < 0.2 {
            work();
            rounds += 1;
        }
        best = best.max((bytes * rounds) as f64 / 1e6 / start.elapsed().as_secs_f64());
    }
    best
}
