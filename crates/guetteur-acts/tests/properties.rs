//! Whatever the pages are: nothing panics, nothing is lost or doubled, nothing is slow.

use std::time::Instant;

use guetteur_acts::{ActText, BulletinContext, extract_facts, parts, segment, segment_sommaire};
use guetteur_model::Page;
use proptest::prelude::*;

fn pages(texts: &[String]) -> Vec<Page> {
    Page::of_texts(texts)
}

/// Every page is in an act or outside; the slices of a page follow each other without a gap.
fn check(pages: &[Page]) {
    let context = BulletinContext { title: "RAA", departement: Some("26"), ..Default::default() };
    let cut = segment(pages, &context);
    let mut ends = vec![None; pages.len() + 1];
    for slice in cut.acts.iter().flat_map(|act| &act.text) {
        let len = slice.text.chars().count() as u32;
        let end: &mut Option<u32> = &mut ends[slice.number as usize];
        assert!(end.is_none_or(|end| end == slice.offset), "page {}", slice.number);
        *end = Some(slice.offset + len);
    }
    for page in pages {
        let end = ends[page.number as usize];
        let outside = cut.outside.contains(&page.number);
        assert!(end.is_some() != outside, "page {} lost or doubled", page.number);
        assert!(end.is_none_or(|end| end == page.text.chars().count() as u32));
    }
    for act in &cut.acts {
        assert!(act.pages.from <= act.pages.to);
        assert!((0.0..=1.0).contains(&act.confidence));
        let text = ActText::new(act);
        assert!(parts(&text).ending.end <= text.as_str().len());
        let facts = extract_facts(act, &context);
        // Quoting from a long page counts its characters: not what is timed here.
        let short = pages.iter().all(|p| p.text.len() < 10_000);
        for span in facts.evidence.values().flatten().filter(|_| short) {
            let page = &pages[span.page as usize - 1].text;
            let quoted = guetteur_model::fold::slice_chars(page, span.start, span.end);
            assert_eq!(quoted, span.text);
        }
    }
    drop(segment_sommaire(pages, &context));
}

/// Lines as bulletins have them, in any order.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("Sommaire".to_owned()),
        Just("26-2025-02-19-00002 - Arrêté autorisant (3 pages) Page 3".to_owned()),
        Just("26-2025-02-19-00002".to_owned()),
        Just("Préf - 26-2025-02-19-00002 - Arrêté autorisant la captation 3".to_owned()),
        Just("Arrêté n° 2025-12 portant autorisation".to_owned()),
        Just("Vu le code de la sécurité intérieure, articles L. 242-1 à L. 242-8 ;".to_owned()),
        Just("Considérant".to_owned()),
        Just("Article 1er : est autorisé du 22 février 2025 12h00 au 24 février".to_owned()),
        Just("Article 2 : sur la commune de Valence, deux caméras".to_owned()),
        Just("Fait à Valence, le 31 février 2025".to_owned()),
        Just("Le préfet, Jean DUPONT".to_owned()),
        Just("Divers arrêtés (20) portant autorisation ........ 4".to_owned()),
        Just("ANNEXE".to_owned()),
        Just("RECUEIL DES ACTES ADMINISTRATIFS".to_owned()),
        Just(String::new()),
        "\\PC{0,40}",
        "(du|le|les|au|de|à|et|,|[0-9]{1,4}|h|mars|2025|jusqu'au|minuit| ){0,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_is_lost_or_doubled(
        texts in prop::collection::vec(prop::collection::vec(line(), 0..14).prop_map(|l| l.join("\n")), 0..7)
    ) {
        check(&pages(&texts));
    }

    #[test]
    fn any_text(texts in prop::collection::vec("(?s).{0,200}", 0..4)) {
        check(&pages(&texts));
    }
}

/// Eight times the text may not take much more than eight times the time (a quadratic reader would
/// take 64 times), and ten megabytes end.
#[test]
fn long_pages_stay_linear() {
    let units = [
        "captation ",
        "article 1 vu le code l. 242-5 ",
        "le 22 mars 2025 ",
        "les 1, 2, 3, ",
        "commune de Valence, ",
        "ARRÊTÉ\nVu le\nFait à X, le 1er mars 2025\n",
        "quatre vingt ",
        "26-2025-02-19-00002 - ",
    ];
    for unit in units {
        let time = |bytes: usize| {
            let text = unit.repeat(bytes / unit.len());
            let pages = pages(&[text]);
            let start = Instant::now();
            check(&pages);
            start.elapsed().as_secs_f64()
        };
        time(1_000);
        let (small, large) = (time(16_000).max(0.02), time(128_000));
        assert!(large / small < 30.0, "{unit:?}: {small:.2} s then {large:.2} s");
    }
    let start = Instant::now();
    check(&pages(&["captation ".repeat(1_000_000)]));
    assert!(start.elapsed().as_secs() < 60, "ten megabytes of one word");
}
