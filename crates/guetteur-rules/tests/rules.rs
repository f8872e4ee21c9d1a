//! The built-in rules against their own examples, user files, evidence and hostile text.

use std::path::Path;
use std::time::Instant;

use guetteur_model::fold::slice_chars;
use guetteur_model::{ActPage, Basis, Category, Level, Span};
use guetteur_rules::{ActInput, LegalReference, RuleSet};
use proptest::prelude::*;

fn page(number: u32, offset: u32, text: &str) -> ActPage {
    ActPage { number, offset, text: text.to_owned() }
}

fn write(dir: &Path, name: &str, text: &str) {
    std::fs::write(dir.join(name), text).expect("written");
}

#[test]
fn every_rule_passes_its_examples() {
    let report = RuleSet::builtin().self_test();
    assert!(report.passed(), "{report}");
    for rule in &report.rules {
        assert!(rule.passed >= 2, "{} needs examples that fire and that do not", rule.rule);
    }
}

#[test]
fn a_failing_example_is_told() {
    let dir = tempfile::tempdir().expect("dir");
    write(
        dir.path(),
        "raves.toml",
        "category = \"raves\"\n[[rule]]\nid = \"rave\"\ndescription = \"x\"\nany = [\"rave\"]\n\
         [[rule.example]]\ntitle = \"Arrêté interdisant une rave\"\nexpect = \"authorises\"\n",
    );
    let (rules, errors) = RuleSet::load_dir(dir.path());
    assert!(errors.is_empty(), "{errors:?}");
    let report = rules.self_test();
    assert!(!report.passed());
    let text = report.to_string();
    assert!(text.contains("ÉCHEC") && text.contains("attendu : autorise"), "{text}");
    assert!(text.contains("obtenu : restreint par raves/rave"), "{text}");
}

#[test]
fn every_category_has_law_and_description() {
    let rules = RuleSet::builtin();
    for (id, label) in Category::BUILT_IN {
        let of: Vec<_> = rules.rules().filter(|rule| rule.category.as_str() == id).collect();
        assert!(!of.is_empty(), "{id} has no rule");
        for rule in of {
            assert_eq!(rule.label, label);
            assert!(!rule.legal.is_empty() && !rule.category_description.is_empty(), "{id}");
            // Texts have their dates and sources in one place.
            let by_id = |legal: &LegalReference| matches!(legal, LegalReference::Text(_));
            assert!(rule.legal.iter().all(by_id), "{id} cites law by a string of its own");
            assert!(!rule.description.is_empty() && rule.examples() >= 2, "{}", rule.id);
        }
    }
}

#[test]
fn evidence_quotes_the_pages() {
    let rules = RuleSet::builtin();
    let pages = [
        page(7, 40, "Vu le code ;\nARRÊTE\nArticle 1er : La captation, l’enregistre-\nment"),
        page(8, 0, "d’images par caméras installées sur des aéronefs est autorisé.\nArticle 2 : x"),
    ];
    let act = ActInput { title: "AP 12", title_span: None, pages: &pages };
    let flags = rules.classify(&act);
    assert_eq!(flags.len(), 1, "{flags:?}");
    let flag = &flags[0];
    assert_eq!((flag.category.as_str(), flag.level), ("drone", Level::Authorises));
    assert_eq!((flag.basis, flag.to_check), (Basis::Body, false));
    assert_eq!(flag.rule, "drone/captation");
    let words: Vec<&str> = flag.evidence.iter().map(|span| span.text.as_str()).collect();
    assert!(
        words[0].starts_with("captation") && words[0].ends_with("enregistre-\nment"),
        "{words:?}"
    );
    assert!(
        words.iter().any(|w| w.starts_with("d’images") && w.ends_with("aéronefs")),
        "{words:?}"
    );
    assert!(words.iter().any(|w| w.starts_with("est autoris")), "{words:?}");
    quotes_exactly(&flag.evidence, &pages);
}

#[test]
fn a_title_is_quoted_where_it_stands() {
    let rules = RuleSet::builtin();
    let printed = "Arrêté autorisant la captation d□images au\nmoyen d'un aéronef";
    let end = 12 + printed.chars().count() as u32;
    let span = Span { page: 2, start: 12, end, text: printed.to_owned() };
    let title = "Arrêté autorisant la captation d'images au moyen d'un aéronef";
    let flags = rules.classify(&ActInput { title, title_span: Some(&span), pages: &[] });
    assert_eq!(flags[0].basis, Basis::Title);
    let evidence = &flags[0].evidence[0];
    assert_eq!(evidence.text, "captation d□images au\nmoyen d'un aéronef");
    assert_eq!((evidence.page, evidence.start, evidence.end), (2, 33, end));
}

#[test]
fn the_sommaire_has_the_first_word_and_not_the_last() {
    let rules = RuleSet::builtin();
    let title = "Arrêté autorisant la captation d'images au moyen d'un aéronef";
    let end = 20 + title.chars().count() as u32;
    let span = Span { page: 2, start: 20, end, text: title.to_owned() };
    let early = &rules.classify_sommaire(title, Some(&span))[0];
    assert_eq!(
        (early.basis, early.level, early.to_check),
        (Basis::Sommaire, Level::Authorises, false)
    );
    assert_eq!(
        (early.evidence[0].page, early.evidence[0].text.as_str()),
        (2, "captation d'images au moyen d'un aéronef")
    );
    assert!(early.basis < Basis::Title, "less certain than what is read in the act");
    let opaque = &rules.classify_sommaire("AP PAF74 DRONE janv-fev", None)[0];
    assert!(opaque.to_check && opaque.basis == Basis::Sommaire, "{opaque:?}");
    assert!(rules.classify_sommaire("Arrêté portant ouverture de la chasse", None).is_empty());
}

#[test]
fn a_rule_can_be_shown_as_it_is_written() {
    let rules = RuleSet::builtin();
    for rule in rules.rules() {
        assert!(!rule.patterns.is_empty() && !rule.positives.is_empty(), "{}", rule.id);
    }
    let captation = rules.rules().find(|rule| rule.id == "drone/captation").expect("the rule");
    let file = include_str!("../rules/drone.toml").replace(r"\\", r"\");
    for written in captation.patterns.iter().chain(captation.exceptions) {
        assert!(file.contains(written.as_str()), "{written} is not what the file says");
    }
    assert!(file.contains(captation.positives[0]) && !captation.negatives.is_empty());
}

#[test]
fn user_files_join_the_built_in_rules() {
    let dir = tempfile::tempdir().expect("dir");
    write(dir.path(), "rave-party.txt", "# fêtes\nrave party\nTeknival\n");
    write(dir.path(), "broken.toml", "category = \"x\"\nlabel = 3\n");
    write(
        dir.path(),
        "typo.toml",
        "category = \"typo\"\n\n[[rule]]\nid = \"a\"\ndescription = \"b\"\nany = [\"drone(\"]\n",
    );
    write(
        dir.path(),
        "twice.toml",
        "category = \"drone\"\n[[rule]]\nid = \"captation\"\ndescription = \"b\"\nany = [\"x\"]\n",
    );
    write(dir.path(), "notes.md", "not a rule");
    let (rules, errors) = RuleSet::load_dir(dir.path());
    let messages: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert!(messages.iter().any(|m| m.contains("broken.toml, ligne 2, colonne 9")));
    assert!(
        messages.iter().any(|m| m.contains("typo.toml, ligne 6, colonne 14, règle typo/a")
            && m.contains("« drone( »")
            && m.contains("ajoutez « ) »")),
        "{messages:?}"
    );
    assert!(messages.iter().any(|m| m.contains("drone/captation existe déjà")), "{messages:?}");

    let flags = rules.classify_title("Arrêté portant interdiction du Teknival des Causses");
    let teknival = &flags[0];
    assert_eq!((teknival.category.as_str(), teknival.level), ("rave-party", Level::Restricts));
    assert_eq!(teknival.rule, "rave-party/teknival");
    let flags =
        rules.classify_text("AP 3", "ARRÊTE Article 1er : Les rave-parties et la rave party.");
    assert_eq!(flags[0].level, Level::Mentions);
    assert_ne!(rules.version(), RuleSet::builtin().version());
    assert!(rules.self_test().passed());
}

#[test]
fn a_missing_folder_is_told_and_the_rest_works() {
    let (rules, errors) = RuleSet::load_dir(Path::new("/nowhere/at/all"));
    assert!(errors[0].to_string().contains("/nowhere/at/all"), "{}", errors[0]);
    assert_eq!(rules.version(), RuleSet::builtin().version());
}

#[test]
fn a_long_page_of_keywords_takes_linear_time() {
    let rules = RuleSet::builtin();
    let time = |size: usize| {
        let text = "captation ".repeat(size / 10);
        let start = Instant::now();
        let flags = rules.classify_text("AP", &text);
        assert!(flags.iter().all(|flag| flag.level >= Level::Concerns));
        start.elapsed()
    };
    let (small, large) = (time(1_000_000), time(10_000_000));
    assert!(large < small * 40, "1 MB: {small:?}, 10 MB: {large:?}");
}

fn quotes_exactly(evidence: &[Span], pages: &[ActPage]) {
    for span in evidence {
        let page = pages.iter().find(|page| page.number == span.page).expect("page of the act");
        assert!(span.start >= page.offset && span.end > span.start, "{span:?}");
        let quoted = slice_chars(&page.text, span.start - page.offset, span.end - page.offset);
        assert_eq!(quoted, span.text);
        assert_eq!(span.text.chars().count() as u32, span.end - span.start);
    }
}

const WORDS: &str = "(Vu le |Considérant |ARRÊTE : |Article 1er |captation |d□images |aéro-\n|nefs |drone |\
    vidéoprotection |est autorisée |abroge |périmètre de protection |brouillage |L. 242-5 |é|□|\n|ﬁ|𝒳|. |\\PC){0,40}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn evidence_always_quotes_its_page(title in WORDS, first in WORDS, second in WORDS, offset in 0u32..50) {
        static RULES: std::sync::LazyLock<RuleSet> = std::sync::LazyLock::new(RuleSet::builtin);
        let pages = [page(3, offset, &first), page(4, 0, &second)];
        let end = 5 + title.chars().count() as u32;
        let span = Span { page: 9, start: 5, end, text: title.clone() };
        let mut all = pages.to_vec();
        all.push(page(9, 5, &title));
        for title_span in [None, Some(&span)] {
            for flag in RULES.classify(&ActInput { title: &title, title_span, pages: &pages }) {
                quotes_exactly(&flag.evidence, &all);
                prop_assert!(flag.basis == Basis::Title || !flag.evidence.is_empty());
            }
        }
    }
}

#[test]
fn the_singular_is_found_where_the_plural_is() {
    let rules = RuleSet::builtin();
    for title in [
        "Arrêté autorisant une caméra sur hélicoptère pendant la braderie",
        "Arrêté autorisant des caméras sur hélicoptère pendant la braderie",
        "AP - n° 2026-0311 - caméra sur drone",
    ] {
        let flags = rules.classify_title(title);
        let drone = flags.iter().find(|flag| flag.category.as_str() == "drone");
        assert!(
            drone.is_some_and(|flag| flag.level == Level::Authorises || flag.to_check),
            "{title}"
        );
    }
}

/// What people put into their folder, and what they are told of it.
#[test]
fn files_that_cannot_be_read_are_told_and_none_is_left_out_in_silence() {
    let dir = tempfile::tempdir().expect("dir");
    let put = |name: &str, bytes: &[u8]| std::fs::write(dir.path().join(name), bytes).expect(name);
    put("RAVE-PARTY.TXT", "\u{feff}Teknival\r\nfree party\r\n".as_bytes());
    put("ballons.Toml", "\u{feff}category = \"ballon\"\n[[rule]]\nid = \"a\"\ndescription = \"b\"\nany = [\"montgolfi\"]\n".as_bytes());
    put("fetes.txt", b"bal\nf\xeate\n");
    put("regles.toml", b"category = \"x\"\nlabel = \"\xe9t\xe9\"\n");
    put("unicode.txt", b"\xff\xfeb\0a\0l\0");
    put("vide.txt", b"# rien\n\n");
    put("mots.csv", b"bal;fete\n");
    put("liste", b"bal\n");
    std::fs::create_dir(dir.path().join("autres")).expect("folder");
    for passed_over in ["LISEZMOI.md", ".DS_Store", "rave-party.txt~", "x.toml.bak"] {
        put(passed_over, b"\xff");
    }
    let (rules, errors) = RuleSet::load_dir(dir.path());
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    for (file, says) in [
        ("fetes.txt", "ligne 2 : ce fichier n'est pas en UTF-8 mais en windows-1252"),
        ("regles.toml", "ligne 2 : ce fichier n'est pas en UTF-8"),
        ("unicode.txt", "UTF-16"),
        ("vide.txt", "aucun mot"),
        ("mots.csv", "seuls les fichiers .toml"),
        ("liste", "seuls les fichiers .toml"),
        ("autres", "c'est un dossier"),
    ] {
        let path = dir.path().join(file).display().to_string();
        assert!(told.iter().any(|t| t.contains(&path) && t.contains(says)), "{file}: {told:#?}");
    }
    assert_eq!(told.len(), 7, "{told:#?}");
    let flags = rules.classify_title("Arrêté interdisant un teknival et une free-party");
    assert_eq!(flags[0].category.as_str(), "rave-party");
    assert_eq!(
        rules.classify_title("Arrêté autorisant des montgolfières")[0].category.as_str(),
        "ballon"
    );
}

/// Line and column are those of the file, whatever quotes the pattern stands between.
#[test]
fn a_mistake_in_a_pattern_is_told_with_its_place() {
    let dir = tempfile::tempdir().expect("dir");
    write(
        dir.path(),
        "a.toml",
        "category = \"a\"\n[words]\nengin = 'drone|(aéronef'\n[[rule]]\nid = \"r\"\ndescription = \"d\"\nany = [\"{engin}\"]\n",
    );
    write(
        dir.path(),
        "b.toml",
        "category = \"b\"\nsignals = [\"vol\",\n  \"\\\\w+ [A-Z]\"]\n[[rule]]\nid = \"r\"\ndescription = \"d\"\nany = [\"vol\"]\n",
    );
    let (_, errors) = RuleSet::load_dir(dir.path());
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("a.toml, ligne 3, colonne 16, liste engin de [words]"), "{}", told[0]);
    assert!(told[0].contains("ajoutez « ) »"), "{}", told[0]);
    assert!(told[1].contains("b.toml, ligne 3, colonne 10, liste signals"), "{}", told[1]);
    assert!(
        told[1].contains("« A » ne sera jamais trouvé") && told[1].contains("« a »"),
        "{}",
        told[1]
    );
}
