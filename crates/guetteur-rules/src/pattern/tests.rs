use guetteur_model::fold::fold;

use super::token::Times;
use super::*;

fn matches(pattern: &str, text: &str) -> bool {
    let lists = Lists::new([("engin", "aeronef|drone")]).expect("lists");
    let mut pieces = Pieces::default();
    let pattern = pieces.pattern(pattern, &lists, 40).expect(pattern);
    let set = pieces.set().expect("set");
    let folded = fold(text);
    Haystack::new(folded.as_bytes(), &pieces, &set).has(&pattern)
}

#[test]
fn forgives_damage_and_no_more() {
    let cases = [
        ("vidéo protection", "système de vidéo-protection", true),
        ("video protection", "VIDEOPROTECTION", true),
        ("video protection", "vidéo surveillance", false),
        ("captation … {engin}", "la captation d'images par drone", true),
        ("captation … {engin}", "le drone de la captation", false),
        ("captation|transmission … images", "tra nsmissiond□images", true),
        ("d'images", "d 'images", true),
        ("d'images", "d un images", false),
        ("aeronef", "aér onefs", true),
        ("aeronef", "AÉRO-\nNEFS", true),
        ("enregistrement", "I'enreg1strement", true),
        ("_lapi_", "un dispositif LAPI fixe", true),
        ("_lapi_", "un clapier", false),
        ("§L242-5", "article L. 242-5 du code", true),
        ("§L242-5", "article I. 242 -5, 1°", true),
        ("§L242-5", "article L.2425", true),
        ("§L242-5", "article L. 242-51", false),
        ("§L242", "articles L. 242-1 à L. 242-8", true),
        ("§L242", "L. 2425", false),
        ("aeronef", "a e r o", false),
    ];
    for (pattern, text, expected) in cases {
        assert_eq!(matches(pattern, text), expected, "{pattern:?} on {text:?}");
    }
}

#[test]
fn the_gap_is_bounded() {
    assert!(matches("captation … drone", &format!("captation{}drone", " ".repeat(30))));
    assert!(!matches("captation … drone", &format!("captation {} drone", "x ".repeat(30))));
}

#[test]
fn an_optional_ending_takes_nothing_from_the_next_word() {
    let cases = [
        ("cameras? … (?:sur|a bord)", "une caméra sur aéronef"),
        ("cameras? … (?:sur|a bord)", "une camérasur aéronef"),
        ("cameras? … (?:sur|a bord)", "des caméra s sur aéronef"),
        ("enregistrements? … son", "enregistrement son et image"),
        ("traitements? … s[a-z]+_", "un traitement sonore"),
        ("vehicule(?: de | des)? … des agents", "le véhicule des agents"),
        ("aeroportee?s? … escorte", "caméra aéroporté escorte"),
        ("embarquee?s? … surete", "caméra embarquée sureté"),
        ("perimetres? (?:securise|ferme)s? … site", "périmètre sécurisé site"),
        ("vol … (?:d'|de )?drone", "vol de drone"),
        ("camera … s?urveill", "une caméra surveille"),
    ];
    for (pattern, text) in cases {
        assert!(matches(pattern, text), "{pattern:?} on {text:?}");
    }
    assert!(!matches("cameras?_", "une caméraste"));
}

#[test]
fn what_is_quoted_ends_with_its_word() {
    let quoted = |pattern, text| try_pattern(pattern, text, 40).expect(pattern);
    assert_eq!(quoted("cameras?", "une caméra sur mât").as_deref(), Some("caméra"));
    assert_eq!(quoted("cameras?", "des camér as fixes").as_deref(), Some("camér as"));
    assert_eq!(quoted("cameras?", "des caméra s fixes").as_deref(), Some("caméra s"));
    assert_eq!(quoted("embarquee?s?", "embarqu ées ensemble").as_deref(), Some("embarqu ées"));
}

#[test]
fn says_what_is_wrong_and_where() {
    let lists = Lists::new([("engin", "aeronef|drone")]).expect("lists");
    let cases = [
        ("(captation", 1, "ajoutez « ) »"),
        ("drone|(a|(b)", 7, "n'est pas fermée"),
        ("captation)", 10, "que rien n'ouvre"),
        ("vol {engn}", 5, "« engn »"),
        ("vol {engin", 5, "ajoutez « } »"),
        ("vol{3,1}", 4, "{3,1}"),
        ("(a … b)", 4, "entre parenthèses"),
        ("(?:drone)?", 1, "obligatoire"),
        ("vol … _(?:s|) ", 7, "obligatoire"),
        ("vol … ", 7, "obligatoire"),
        ("(?=drone)", 1, "unless"),
        ("(?i)drone", 1, "(?:"),
        ("drone [A-Z]", 8, "« A »"),
        ("drone [a-zé]", 11, "écrivez « e »"),
        ("[^’]", 3, "écrivez « ' »"),
        ("drone [a-z", 7, "ajoutez « ] »"),
        ("drone []", 7, "vides"),
        ("drone [z-a]", 8, "a-z"),
        ("drone ]", 7, "\\]"),
        ("[a°]", 3, "(?:°|"),
        ("+drone", 1, "« + »"),
        ("drone|*", 7, "« * »"),
        ("(?:drone){2}+", 13, "« + »"),
        ("dr\\one", 3, "\\o"),
        ("drone\\", 6, "finit par"),
        ("\\`", 2, "« ' »"),
        ("§242", 1, "§L242-5"),
        ("§L", 1, "§L242-5"),
        ("mondial_relay", 8, "bord d'un mot"),
        ("vol ^drone", 5, "début du texte"),
        ("vol … ^drone", 7, "début du texte"),
        ("drone$ vol", 6, "fin du texte"),
        ("drone$ … vol", 6, "fin du texte"),
        ("dro\u{200b}ne", 4, "U+200B"),
        ("[a-z]{500}{500}", 11, "« {500} »"),
        ("(?:[a-z]{900} x){900}", 1, "trop grand"),
    ];
    for (pattern, column, says) in cases {
        let error = Pieces::default().pattern(pattern, &lists, 40).expect_err(pattern);
        assert_eq!(error.column(), column, "{pattern}: {error}");
        assert!(error.to_string().contains(says), "{pattern}: {error}");
    }
    let deep = "(".repeat(100_000);
    let error = Pieces::default().pattern(&deep, &lists, 40).expect_err("deep");
    assert_eq!(error.mistake, Mistake::TooDeep);
}

#[test]
fn lists_use_lists_in_any_order_and_never_themselves() {
    let wrong = |lists: &[(&str, &str)]| {
        let error = Lists::new(lists.iter().copied()).expect_err("lists");
        (error.list.clone().unwrap_or_default(), error.column(), error.to_string())
    };
    Lists::new([("a", "vol {b}"), ("b", "{c}|drone"), ("c", "aeronef")]).expect("an order");
    let (list, column, says) = wrong(&[("a", "vol {b}"), ("b", "x|{a}")]);
    assert_eq!((list.as_str(), column), ("a", 5));
    assert!(says.contains("elle-même"), "{says}");
    let (list, column, says) = wrong(&[("a", "vol"), ("b", "{nul}")]);
    assert_eq!((list.as_str(), column), ("b", 1));
    assert!(says.contains("« nul »"), "{says}");
    let (_, column, says) = wrong(&[("a", "vol … drone")]);
    assert_eq!(column, 5);
    assert!(says.contains("[words]"), "{says}");
    let (_, column, _) = wrong(&[("a", "(vol … drone)")]);
    assert_eq!(column, 6);
}

#[test]
fn written_as_one_likes() {
    for (pattern, text) in [
        ("CAMÉRA – piéton", "caméra-piéton"),
        ("§L. 242-5", "article L 242-5 du"),
        ("§ r 242", "R. 242-8"),
        ("n° 12", "n°12"),
        ("cœur", "coeur"),
        ("L’aéronef", "l'aeronef"),
        ("a?b+c*d{2}e{1,}f{0,3}?", "bdde"),
        ("\\(vol\\)|drone", "un (vol) de nuit"),
        ("[\\w'-]+ drone", "l'anti-drone drone"),
    ] {
        assert!(matches(pattern, text), "{pattern:?} on {text:?}");
    }
}

/// Texts that `node` matches: with all that may be missing, without any of it, and each
/// alternative in turn.
fn samples(node: &Node) -> Vec<String> {
    let texts = |text: &str| vec![text.to_owned()];
    match node {
        Node::Word(letters) => {
            let spelt = |all: bool| {
                letters.iter().filter(|l| all || !l.optional).map(|l| l.letter).collect::<String>()
            };
            vec![spelt(false), spelt(true)]
        }
        Node::Sign(sign) => texts(&sign.to_string()),
        Node::OneOf(class) => {
            let regex = regex::Regex::new(class).expect(class);
            let one = ["q", "1", " ", "'", "-", "."].into_iter().find(|one| regex.is_match(one));
            texts(one.expect(class))
        }
        Node::Space => texts(" "),
        Node::Apostrophe => texts("'"),
        Node::Edge | Node::Start | Node::End => texts(""),
        Node::Article(letter, numbers) => match numbers.as_slice() {
            [only] => vec![format!("{letter}. {only}-1")],
            _ => vec![format!("{letter}. {}", numbers.join("-"))],
        },
        Node::Repeat(inner, Times(least, _)) => {
            let times = (*least).max(1) as usize;
            let mut all: Vec<String> = samples(inner).iter().map(|one| one.repeat(times)).collect();
            if *least == 0 {
                all.insert(0, String::new());
            }
            all
        }
        Node::Choice(nodes) => nodes.iter().flat_map(samples).collect(),
        // One part varies while the others keep their first form.
        Node::Sequence(nodes) => {
            let parts: Vec<Vec<String>> = nodes.iter().map(samples).collect();
            vary(&parts, "")
        }
    }
}

fn vary(parts: &[Vec<String>], between: &str) -> Vec<String> {
    let firsts: Vec<&str> = parts.iter().map(|part| part[0].as_str()).collect();
    let mut all = vec![firsts.join(between)];
    for (i, part) in parts.iter().enumerate() {
        for form in &part[1..] {
            let mut one = firsts.clone();
            one[i] = form;
            all.push(one.join(between));
        }
    }
    all
}

/// In every rule: whatever form a piece takes, the next one is found right behind it. An optional
/// ending that takes the beginning of the next word is a rule that misses acts.
#[test]
fn no_piece_of_a_built_in_rule_takes_from_the_next() {
    let mut tried = 0;
    for source in crate::ruleset::builtin_sources().expect("rule files") {
        let words = source.file.words.iter();
        let lists = Lists::new(words.map(|(name, w)| (name.as_str(), w.get_ref().as_str())));
        let lists = lists.expect("lists");
        let rules = source.file.rule.iter();
        let of_rules = rules.flat_map(|r| r.any.iter().chain(&r.unless).chain(&r.unless_anywhere));
        for written in of_rules.chain(&source.file.signals).chain(&source.file.cites) {
            let written = written.get_ref();
            let pieces = parse::pieces(written, &lists).expect(written);
            let parts: Vec<_> = pieces.iter().map(|piece| samples(&piece.node)).collect();
            let mut compiled = Pieces::default();
            let pattern = compiled.pattern(written, &lists, 40).expect(written);
            let set = compiled.set().expect("set");
            for text in vary(&parts, " ") {
                let hay = Haystack::new(text.as_bytes(), &compiled, &set);
                assert!(hay.has(&pattern), "{}: {written:?} misses {text:?}", source.name);
                tried += 1;
            }
        }
    }
    assert!(tried > 2000, "{tried} texts");
}
