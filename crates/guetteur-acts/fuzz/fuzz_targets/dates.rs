//! A sentence of an act, through dates, hours and periods.
#![no_main]

use guetteur_acts::{BulletinContext, extract_facts};
use guetteur_model::dates::find_dates;
use guetteur_model::fold::fold;
use guetteur_model::{Act, ActPage};

libfuzzer_sys::fuzz_target!(|sentence: &str| {
    let folded = fold(sentence);
    for found in find_dates(&folded) {
        assert!(found.start < found.end && folded.is_char_boundary(found.end));
    }
    let text = format!("ARRÊTE\nArticle 1er : La captation est autorisée {sentence}\nFait à Die");
    let act = Act { signed_on: find_dates("12 mai 2026").first().map(|found| found.date), text: vec![ActPage { number: 1, offset: 0, text }], ..Act::of_title("Arrêté autorisant la captation") };
    drop(extract_facts(&act, &BulletinContext::default()));
});
