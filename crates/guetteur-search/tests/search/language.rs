//! The query language, filters, facets, order and snippets on the corpus.

use guetteur_communes::Around;
use guetteur_model::{BulletinId, Category, Level, Purpose};
use guetteur_search::{Filters, IdOrder, Query, SearchRequest, Sort};

use crate::corpus::{Corpus, day, request};

fn sorted(mut keys: Vec<String>) -> Vec<String> {
    keys.sort();
    keys
}

#[test]
fn typed_variants_find_the_same() {
    let corpus = Corpus::new();
    for variants in [
        &["vidéoprotection", "vidéo-protection", "vidéo protection", "VIDEOPROTECTION"][..],
        &["hélicoptère", "helicopteres", "l'hélicoptère", "l’hélicoptère", "HÉLICOPTÈRES"],
        &["caméra autorisée", "cameras autorisées", "CAMERA AUTORISE"],
        &["L. 242-5", "L242-5", "l.242-5", "« L. 242-5 »"],
        &["2024-00493", "n°2024-00493", "numero:2024-00493"],
        &["transmission d'images", "transmission images", "d□images transmission"],
    ] {
        let expected = sorted(corpus.find(variants[0]));
        assert!(!expected.is_empty(), "{variants:?}");
        for variant in variants {
            assert_eq!(sorted(corpus.find(variant)), expected, "{variant}");
        }
    }
}

#[test]
fn operators_and_fields() {
    let corpus = Corpus::new();
    let cases: &[(&str, &[&str])] = &[
        ("Lille SAUF DEVRED", &["video-cleor"]),
        ("Lille -devred", &["video-cleor"]),
        ("devred OU cleor", &["video-cleor", "video-devred"]),
        ("(devred OR cleor) AND modification", &["video-cleor"]),
        ("pyrotech*", &["drone-feu-artifice"]),
        ("\"spectacle nocturne\"", &["spectacle-drones-33"]),
        ("\"nocturne spectacle\"", &[]),
        ("\"spectacles lumineux\"~4", &["spectacle-drones-33"]),
        ("prefecture:34 categorie:drone", &["drone-montpellier-10-septembre"]),
        ("pref:pref34 cat:vidéoprotection", &["video-herault"]),
        (
            "prefecture:Hérault niveau:autorise enregistrement OU categorie:licorne",
            &["drone-montpellier-10-septembre", "pieton-lunel"],
        ),
        ("departement:gironde spectacle", &["spectacle-drones-33"]),
        ("categorie:drone niveau:restreint", &["drone-abroge-44", "drone-abroge-76"]),
        ("commune:59350", &["video-cleor", "video-devred"]),
        ("commune:lille", &["video-cleor", "video-devred"]),
        ("epci:\"Métropole européenne de Lille\"", &["video-cleor", "video-devred"]),
        ("interco:200093201 SAUF devred", &["video-cleor"]),
        ("autour:\"Villeneuve d'Ascq, 10 km\"", &["video-cleor", "video-devred"]),
        ("autour:93066-12km", &["drone-squat-montreuil"]),
        ("autour:93066-2km", &[]),
        ("région:Occitanie categorie:drone", &["drone-gard", "drone-montpellier-10-septembre"]),
        ("region:76 drone SAUF prefecture:30 categorie:drone", &["drone-montpellier-10-septembre"]),
        (
            "categorie:drone apres:2025-10-01",
            &["drone-bordeaux-captation", "drone-bordeaux-survol"],
        ),
        ("categorie:drone apres:01/10/2025 avant:03/10/2025", &["drone-bordeaux-captation"]),
        ("en-vigueur:2024-08-01", &["vsa-46-stations"]),
        ("annee:2022", &["commission-voyage", "plaque-commemorative"]),
        ("finalite:6", &["immigration-nord"]),
        ("beneficiaire:RATP", &["vsa-46-stations"]),
        ("titre:spectacle", &["essaim-05", "spectacle-drones-33"]),
        ("numero:DUPA-2024-1017", &["vsa-46-stations"]),
        ("1er Monaco", &["plaque-commemorative"]),
    ];
    for (typed, expected) in cases {
        let found = sorted(corpus.find(typed));
        assert_eq!(found, *expected, "{typed}");
    }
}

/// Words that every text has say nothing beside others; alone they are asked for, in any order.
#[test]
fn words_that_say_nothing_are_each_asked_for_when_they_stand_alone() {
    let corpus = Corpus::new();
    let (le, both) = (corpus.find("le"), sorted(corpus.find("le la")));
    assert!(!both.is_empty() && both.len() <= le.len(), "{both:?}");
    assert_eq!(sorted(corpus.find("la le")), both);
    assert_eq!(corpus.find("\"le la\""), [""; 0], "as they stand, nowhere");
    assert_eq!(sorted(corpus.find("le spectacle la")), sorted(corpus.find("spectacle")));
    let in_a_row = corpus.find("\"de la\"");
    let first = &corpus.find("de la")[..in_a_row.len()];
    assert_eq!(sorted(first.to_vec()), sorted(in_a_row), "acts that have them in a row come first");
    let notes = |typed: &str| corpus.index.search(&request(typed)).expect("answer").notes;
    assert!(notes("le la")[0].starts_with("« le la » : presque tous"), "{:?}", notes("le la"));
    assert_eq!(notes("le spectacle"), [""; 0]);
}

#[test]
fn filters() {
    let corpus = Corpus::new();
    let category = |id: &str| Category::new(id).expect("a category");
    let cases: &[(Filters, &[&str])] = &[
        (
            Filters {
                prefectures: vec!["74".into(), "06".into()],
                purposes: vec![Purpose::Borders],
                ..Filters::default()
            },
            &["paf-74-hiver", "paf-menton", "paf-tmb"],
        ),
        // One and the same flag: the Hérault act only mentions algorithms.
        (
            Filters {
                prefectures: vec!["34".into()],
                categories: vec![category("vsa")],
                levels: vec![Level::Authorises],
                ..Filters::default()
            },
            &[],
        ),
        (
            Filters {
                prefectures: vec!["34".into()],
                categories: vec![category("vsa")],
                levels: vec![Level::Mentions, Level::Restricts],
                ..Filters::default()
            },
            &["video-herault"],
        ),
        (
            Filters { max_notice_hours: Some(24.0), ..Filters::default() },
            &["drone-bordeaux-survol", "drone-la-saulce", "helico-14-juillet"],
        ),
        (
            Filters { starts_before: Some(day("2025-10-24")), ..Filters::default() },
            &["drone-bordeaux-survol"],
        ),
        (
            Filters { in_force_on: Some(day("2025-09-10")), ..Filters::default() },
            &["drone-la-saulce", "drone-montpellier-10-septembre"],
        ),
        (
            Filters { years: vec![2008, 2026], ..Filters::default() },
            &["commission-medicale", "video-obry"],
        ),
        (
            Filters { communes: vec!["93048".into(), "30041".into()], ..Filters::default() },
            &["drone-squat-montreuil", "video-blauzac"],
        ),
        (
            Filters {
                regions: vec!["nouvelle-aquitaine".into()],
                from: Some(day("2025-10-01")),
                to: Some(day("2025-12-01")),
                ..Filters::default()
            },
            &["drone-bordeaux-captation", "drone-bordeaux-survol"],
        ),
        (
            Filters { epcis: vec!["243300316".into()], ..Filters::default() },
            &["drone-bordeaux-2024", "drone-bordeaux-captation", "drone-bordeaux-survol"],
        ),
        (
            Filters { around: vec![Around { insee: "93066", km: 12 }], ..Filters::default() },
            &["drone-squat-montreuil"],
        ),
        (
            Filters {
                from: Some(day("2025-12-19")),
                to: Some(day("2025-12-31")),
                ..Filters::default()
            },
            &["spectacle-drones-33", "video-bundle"],
        ),
        (
            Filters { beneficiaries: vec!["DIPN de l'Hérault".into()], ..Filters::default() },
            &["drone-montpellier-10-septembre"],
        ),
        (
            Filters { bulletin_id: Some(BulletinId(0)), ..Filters::default() },
            &["drone-bordeaux-captation", "drone-bordeaux-survol"],
        ),
    ];
    for (filters, expected) in cases {
        let asked = SearchRequest { filters: filters.clone(), ..request("") };
        assert_eq!(sorted(corpus.find_by(&asked)), *expected, "{filters:?}");
    }
    let unflagged = SearchRequest {
        filters: Filters { flagged: true, ..Filters::default() },
        ..request("municipale")
    };
    assert!(!corpus.find_by(&unflagged).contains(&"convention-municipale".to_owned()));
}

#[test]
fn facets_count_all_results_not_the_page() {
    let corpus = Corpus::new();
    let asked = SearchRequest { limit: 1, offset: 2, ..request("categorie:drone,videoprotection") };
    let results = corpus.index.search(&asked).expect("searched");
    assert_eq!(results.hits.len(), 1);
    let sum = |facet: &[guetteur_search::FacetCount]| facet.iter().map(|f| f.count).sum::<usize>();
    assert_eq!(sum(&results.facets.prefecture), results.total);
    assert_eq!(sum(&results.facets.year), results.total);
    let drone = results.facets.category.iter().find(|f| f.value == "drone").expect("drone");
    let drones = corpus.index.search(&request("categorie:drone")).expect("searched");
    assert_eq!(drone.count, drones.total);
    let bordeaux = results.facets.commune.iter().find(|f| f.value == "33063").expect("Bordeaux");
    assert_eq!((bordeaux.label.as_deref(), bordeaux.count), (Some("Bordeaux"), 3));
    assert!(results.facets.category.windows(2).all(|pair| pair[0].count >= pair[1].count));
    assert_eq!(results.facets.purpose[0].value, "borders");
    assert_eq!(sum(&results.facets.month), results.total);
    assert!(results.facets.month[0].value.starts_with(&results.facets.year[0].value));
}

#[test]
fn a_count_is_what_a_click_gives_and_mentions_are_no_finding() {
    let corpus = Corpus::new();
    let narrowed = |categories: &[&str], levels: &[Level]| {
        let categories = categories.iter().map(|id| Category::new(id).expect("category")).collect();
        let filters = Filters { categories, levels: levels.to_vec(), ..Filters::default() };
        corpus.index.search(&SearchRequest { filters, ..request("") }).expect("searched")
    };
    let count = |facet: &[guetteur_search::FacetCount], value: &str| {
        facet.iter().find(|f| f.value == value).map_or(0, |f| f.count)
    };
    let all = narrowed(&[], &[]);
    let authorised = narrowed(&[], &[Level::Authorises]);
    for (id, _) in Category::BUILT_IN {
        assert_eq!(count(&all.facets.category, id), narrowed(&[id], &[]).total, "{id}");
        let both = narrowed(&[id], &[Level::Authorises]).total;
        assert_eq!(count(&authorised.facets.category, id), both, "{id} authorised");
        assert_eq!(count(&all.facets.flag, &format!("{id}/authorises")), both, "{id} by flag");
        let here = narrowed(&[id], &[]);
        for level in Level::ALL.into_iter().filter(|level| *level != Level::Mentions) {
            let clicked = narrowed(&[id], &[level]).total;
            assert_eq!(count(&here.facets.level, level.as_str()), clicked, "{id} {level}");
        }
    }
    let ids = |levels: &[Level]| {
        let found = narrowed(&["videoprotection"], levels);
        found.hits.iter().map(|hit| hit.act_id).collect::<Vec<_>>()
    };
    let (mentioned, found) = (ids(&[Level::Mentions]), ids(&[]));
    assert!(!mentioned.is_empty() && !found.is_empty());
    assert!(mentioned.iter().all(|id| !found.contains(id)), "a mention is no finding");
}

#[test]
fn order_and_pages() {
    let corpus = Corpus::new();
    let by = |sort| SearchRequest { sort, ..request("categorie:drone") };
    let published = corpus.find_by(&by(Sort::Published));
    assert_eq!(published[0], "drone-bordeaux-survol");
    assert_eq!(corpus.find_by(&by(Sort::Effect))[0], "drone-bordeaux-survol");
    assert_eq!(corpus.find_by(&by(Sort::Relevance)), published, "a field alone does not rank");
    let mut paged = Vec::new();
    for offset in (0..published.len()).step_by(5) {
        let page = SearchRequest { offset, limit: 5, ..by(Sort::Published) };
        paged.extend(
            corpus.index.search(&page).expect("searched").hits.into_iter().map(|h| h.act_id),
        );
    }
    let ids = corpus.index.ids(&by(Sort::Relevance), IdOrder::Published).expect("searched");
    assert_eq!(paged, ids);
    let mut by_id = ids.clone();
    by_id.sort_unstable();
    assert_eq!(corpus.index.ids(&by(Sort::Relevance), IdOrder::ActId).expect("searched"), by_id);
    let far = SearchRequest { offset: usize::MAX, limit: usize::MAX, ..by(Sort::Published) };
    assert!(corpus.index.search(&far).expect("searched").hits.is_empty());
}

#[test]
fn what_was_found_is_highlighted() {
    let corpus = Corpus::new();
    let results = corpus.index.search(&request("brouillage drone")).expect("searched");
    let hit = &results.hits[0];
    let marked = |snippet: &guetteur_search::Snippet| -> Vec<String> {
        snippet.pieces().into_iter().filter(|(_, m)| *m).map(|(text, _)| text.to_owned()).collect()
    };
    assert!(marked(&hit.title).iter().any(|word| word.to_lowercase() == "brouillage"));
    assert!(marked(&hit.snippet).contains(&"brouillage".to_owned()), "{:?}", hit.snippet);
    let split = corpus.index.search(&request("transmission Nîmes")).expect("searched");
    assert!(split.hits[0].snippet.text.contains("transmission"), "hyphens at line ends are undone");
}

#[test]
fn a_long_query_may_lack_one_word_but_not_for_feeds() {
    let corpus = Corpus::new();
    let asked = request("drone Bordeaux captation octobre 2025 licorne");
    let results = corpus.index.search(&asked).expect("searched");
    assert!(results.total > 0 && results.notes.iter().any(|note| note.contains("qu'un")));
    let ids = corpus.index.ids(&asked, IdOrder::ActId).expect("searched");
    assert_eq!(ids.len(), results.total);
    let strict = SearchRequest { relax: false, ..asked };
    assert_eq!(corpus.index.search(&strict).expect("searched").total, 0);
    assert!(corpus.index.ids(&strict, IdOrder::ActId).expect("searched").is_empty());
}

#[test]
fn misspelt_words_are_mended() {
    let corpus = Corpus::new();
    let suggestion = |text: &str| corpus.index.search(&request(text)).expect("searched").suggestion;
    assert_eq!(suggestion("videoprotecton Lille").as_deref(), Some("vidéoprotection Lille"));
    assert_eq!(suggestion("brouilage").as_deref(), Some("brouillage"));
    assert_eq!(suggestion("Stasbourg").as_deref(), Some("strasbourg"));
    assert_eq!(suggestion("reconnaissance faciale"), None);
    assert_eq!(suggestion("zzzzzzzz"), None);
    assert_eq!(suggestion("videoprotecton zzzzzzzz"), None, "it would find no more");
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(200))]
    #[test]
    fn any_text_is_searched(text in "\\PC{0,40}|([\"()«»:*~,. -]|OU|SAUF|ET|drone|apres:|prefecture:|commune:|numero:|é|7|l'|a\\*){0,25}") {
        thread_local! {
            static CORPUS: Corpus = Corpus::new();
        }
        CORPUS.with(|corpus| {
            let asked = request(&text);
            let results = corpus.index.search(&asked).expect("searched");
            let ids = corpus.index.ids(&asked, IdOrder::ActId).expect("searched");
            assert_eq!(results.total, ids.len());
            assert_eq!(results.total, results.hits.len());
            let again = corpus.index.search(&SearchRequest { query: Query::parse(&text), ..asked });
            assert_eq!(again.expect("searched"), results, "the same question, the same answer");
        });
    }
}
