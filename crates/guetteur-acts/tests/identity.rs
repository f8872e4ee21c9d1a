//! The same act in two bulletins gives the same fingerprint; acts that look alike do not.

use guetteur_acts::{BulletinContext, act_fingerprint, extract_facts, segment};
use guetteur_model::Page;

fn fingerprints(texts: &[&str]) -> Vec<Option<String>> {
    let pages = Page::of_texts(texts.iter().copied());
    let context = BulletinContext { title: "RAA", ..BulletinContext::default() };
    let acts = segment(&pages, &context).acts;
    acts.iter().map(|act| act_fingerprint(act, &extract_facts(act, &context))).collect()
}

const ACT: &str = "PRÉFECTURE\nDE POLICE\nLiberté\nÉgalité\nFraternité\nArrêté n° 2026-00531\n\
    autorisant la captation et la transmission d'images au moyen de caméras installées sur des\n\
    aéronefs à Paris le jeudi 14 mai 2026\nLe préfet de police,\nVu le code de la sécurité \
    intérieure ;\nArrête :\nArticle 1er - La captation est autorisée le jeudi 14 mai 2026 de 10h00 \
    à 22h00.\nArticle 2 - Cinq caméras.\nFait à Paris, le 13 mai 2026\nLe préfet de police\n\
    Hélène BRUNAUD";

fn one(texts: &[&str]) -> String {
    let found = fingerprints(texts);
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone().expect("a fingerprint")
}

#[test]
fn a_reprint_is_the_same_act() {
    let bare = one(&[ACT]);
    let national = [
        "RECUEIL DES ACTES\nADMINISTRATIFS\nN°92-2026-101\nPUBLIÉ LE 14 MAI 2026",
        "Sommaire\nPréfecture de Police / Cabinet\n92-2026-05-14-00003 - AP drones Paris 14 mai (1 page) Page 3",
        "Préfecture de Police\n92-2026-05-14-00003\nAP drones Paris 14 mai",
        ACT,
    ];
    assert_eq!(one(&national), bare);
    let noisy = ACT
        .replace("2026-00531", "2026 - O0531")
        .replace("captation", "càptation")
        .replace("l'", "I'")
        .replace("Égalité", "Egalite'")
        .replace("aéronefs", "aér onefs");
    assert_eq!(one(&[&noisy]), bare);
}

#[test]
fn acts_that_look_alike_are_not_the_same() {
    let bare = one(&[ACT]);
    for (from, to) in [
        ("2026-00531", "2026-00532"),
        ("le 13 mai 2026", "le 12 mai 2026"),
        ("de 10h00 à 22h00", "de 10h00 à 23h00"),
        ("BRUNAUD", "DURIEUX"),
    ] {
        assert_ne!(one(&[&ACT.replace(from, to)]), bare, "{to}");
    }
}

#[test]
fn without_a_number_the_title_and_what_it_says_tell() {
    let act = ACT.replace("n° 2026-00531", "");
    let bare = one(&[&act]);
    assert_eq!(
        one(&[&act.replace("captation et", "captat\u{131}on  et").replace('\u{131}', "l")]),
        bare
    );
    assert_ne!(one(&[&act.replace("à 22h00", "à 23h00")]), bare);
    // Too little to be told by.
    let opaque = "ARRÊTÉ du 6 mars\nVu le code ;\nArticle 1er : A.\nFait à Gap, le 6 mars 2026\nLe préfet\nJean DURIEUX";
    assert_eq!(fingerprints(&[opaque]), [None]);
}
