//! Pages, separated by form feeds: cut, read, and every quotation as it stands on its page.
#![no_main]

use guetteur_acts::{BulletinContext, extract_facts, segment, segment_sommaire};
use guetteur_model::fold::slice_chars;
use guetteur_model::Page;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let pages = Page::of_texts(text.split('\u{c}'));
    let context = BulletinContext { departement: Some("26"), ..BulletinContext::default() };
    for act in segment(&pages, &context).acts {
        for span in extract_facts(&act, &context).evidence.values().flatten() {
            let page = &pages[span.page as usize - 1].text;
            assert_eq!(slice_chars(page, span.start, span.end), span.text);
        }
    }
    drop(segment_sommaire(&pages, &context));
});
