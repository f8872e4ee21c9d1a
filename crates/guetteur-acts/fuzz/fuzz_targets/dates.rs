//! A sentence of an act, through dates, hours and periods.
#![no_main]

use guetteur_acts::{BulletinContext, extract_facts};
use guetteur_model::dates::find_dates;
use guetteur_model::fold::fold;
use guetteur_model::{Act, ActPage, PageSpan};

libfuzzer_sys::fuzz_target!(|sentence: &str| {
    let folded = fold(sentence);
    for found in find_dates(&folded) {
        assert!(found.start < found.end && folded.is_char_boundary(found.end));
    }
    let text = format!("ARRÊTE\nArticle 1er : La captation est autorisée {sentence}\nFait à Die");
    let act = Act {
        number: None,
        own_number: None,
        title: "Arrêté autorisant la captation".to_owned(),
        title_raw: "Arrêté autorisant la captation".to_owned(),
        title_span: None,
        kind: None,
        service: None,
        signed_on: find_dates("12 mai 2026").first().map(|found| found.date),
        signed_by: None,
        capacity: None,
        pages: PageSpan { from: 1, to: 1 },
        text: vec![ActPage { number: 1, offset: 0, text }],
        confidence: 1.0,
    };
    drop(extract_facts(&act, &BulletinContext::default()));
});
