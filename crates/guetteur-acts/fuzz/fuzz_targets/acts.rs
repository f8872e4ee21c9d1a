//! Pages, separated by form feeds: cut, read, and every quotation as it stands on its page.
#![no_main]

use guetteur_acts::{BulletinContext, extract_facts, segment, segment_sommaire};
use guetteur_model::fold::slice_chars;
use guetteur_model::{Method, Page};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let page = |(text, number): (&str, u32)| Page {
        number,
        method: Method::Text,
        text: text.to_owned(),
        confidence: 1.0,
        ms: 0,
        note: None,
    };
    let pages: Vec<Page> = text.split('\u{c}').zip(1..).map(page).collect();
    let context = BulletinContext { departement: Some("26"), ..BulletinContext::default() };
    for act in segment(&pages, &context).acts {
        for span in extract_facts(&act, &context).evidence.values().flatten() {
            let page = &pages[span.page as usize - 1].text;
            assert_eq!(slice_chars(page, span.start, span.end), span.text);
        }
    }
    drop(segment_sommaire(&pages, &context));
});
