//! A page that lists acts is never the body of one, whatever it is called and however extraction
//! glued its lines: each act stands once, with what its entry says and nothing else.

use guetteur_acts::{BulletinContext, extract_facts, segment};
use guetteur_model::Page;

const COVER: &str = "PREFETDE LA LOZERELibertéEgalitéFraternité\n\
    N° 5-9BULLETIN D'INFORMATIONET RECUEIL DES ACTESADMINISTRATIFS\n\
    DE LA PREFECTURE DE LA LOZEREdu 24 mai 2026";

struct Listed {
    name: &'static str,
    what: &'static str,
    signed: &'static str,
    communes: &'static [&'static str],
    days: Option<(&'static str, &'static str)>,
}

const ACTS: [Listed; 3] = [
    Listed {
        name: "Arrêté n° 2026-112 du 22 mai 2026",
        what: "autorisant la captation, l'enregistrement et la transmission d'images au moyen de \
               caméras installées sur des aéronefs",
        signed: "2026-05-22",
        communes: &[],
        days: None,
    },
    Listed {
        name: "Arrêté n° 2026-113 du 17 mai 2026",
        what: "portant autorisation d'organiser un triathlon à Marvejols, le samedi 6 et dimanche \
               7 juin 2026",
        signed: "2026-05-17",
        communes: &["Marvejols"],
        days: Some(("2026-06-06", "2026-06-07")),
    },
    Listed {
        name: "Arrêté n° 2026-114 du 18 mai 2026",
        what: "portant délégation de signature à la directrice départementale des territoires",
        signed: "2026-05-18",
        communes: &[],
        days: None,
    },
];

fn body(act: usize) -> String {
    let Listed { name, what, .. } = ACTS[act];
    let day = &name[name.find(" du ").expect("a day") + 4..];
    let name = name.split(" du ").next().expect("a name").to_uppercase();
    format!(
        "PRÉFET DE LA LOZÈRE\nCabinet\n{name}\n{what}\nLe préfet de la Lozère,\n\
         Vu le code de la sécurité intérieure ;\nARRÊTE\nArticle 1er : Il est fait droit à la demande.\n\
         Article 2 : Le présent arrêté est publié.\nFait à Mende, le {day}\nLe préfet,"
    )
}

fn footer(page: usize) -> String {
    format!("\nRecueil de la Préfecture de la Lozère − n°5−9 du 24 mai 2026 − {page} / 12\n")
}

/// What is wrong with the acts of the bulletin that this page lists: alone behind its cover, on one
/// page with it, and with the bodies of its acts.
fn wrong(listing: &str) -> Vec<String> {
    let mut pages: Vec<String> = vec![COVER.to_owned(), listing.to_owned()];
    pages.extend((0..ACTS.len()).map(body));
    for (i, page) in pages.iter_mut().enumerate() {
        page.push_str(&footer(i + 1));
    }
    let flat = pages[..2].join("\n");
    let texts = [vec![flat], pages[..2].to_vec(), pages];
    texts.iter().flat_map(|texts| differences(texts)).collect()
}

fn differences(texts: &[String]) -> Vec<String> {
    let pages = Page::of_texts(texts.iter().map(String::as_str));
    let context = BulletinContext { departement: Some("48"), ..BulletinContext::default() };
    let acts = segment(&pages, &context).acts;
    let mut wrong = Vec::new();
    if acts.len() != ACTS.len() {
        wrong.push(format!("{} acts on {} pages", acts.len(), pages.len()));
    }
    for (act, listed) in acts.iter().zip(&ACTS) {
        let facts = extract_facts(act, &context);
        let found: Vec<&str> = facts.communes.iter().map(|c| c.name.as_str()).collect();
        let valid = facts.valid_from.zip(facts.valid_to);
        let valid = valid.map(|(from, to)| (from.to_string(), to.to_string()));
        let days = listed.days.map(|(from, to)| (from.to_owned(), to.to_owned()));
        let title = format!("{} {}", listed.name, listed.what);
        let said = act.title.eq_ignore_ascii_case(&title);
        let signed = act.signed_on.map(|day| day.to_string());
        let known = signed.as_deref() == Some(listed.signed) && found == listed.communes;
        if !(said && known && valid == days) {
            wrong.push(format!("« {} » {signed:?} {found:?} {valid:?}", act.title));
        }
    }
    wrong
}

/// The list, each entry between `before` and `after`, below `title`.
fn list(title: &str, before: &str, after: [&str; 3]) -> String {
    let services =
        ["Cabinet", "Sous-préfecture de Marvejols", "Direction départementale des territoires"];
    let entries = ACTS.iter().zip(services).zip(after);
    let lines = entries.map(|((listed, service), after)| {
        format!("\n{service}\n{before}{} {}{after}", listed.name, listed.what)
    });
    title.to_owned() + &lines.collect::<String>()
}

#[test]
fn under_any_word() {
    let titles = [
        "SOMMAIRE",
        "Sommaire :",
        "« SOMMAIRE »",
        "SOMMAIRES",
        "SOMMAIRE GENERAL",
        "Le sommaire",
        "SOMMAIRE DES ACTES PUBLIES",
        "SOMMAIRE DU RECUEIL N° 12 DU 24 MAI 2026",
        "SOMMAIRECABINET",
        "S O M M A I R E",
        "SOMMAI RE",
        "S OMMA I R E",
        "SOMMAIRE – RAA SPÉCIAL",
        "INDEX",
        "I N D E X",
        "LISTE DES ACTES",
        "LISTE DES ARRETES PUBLIES",
        "TABLE DES MATIERESCABINET",
        "TABLE DES MATIÈRES",
        "TABLE ANALYTIQUE",
        "CONTENU DU RECUEIL",
        "RECUEIL DES ACTES ADMINISTRATIFS - SOMMAIRE",
    ];
    let ends = [
        ("", ["", "", ""]),
        ("- ", ["", "", ""]),
        ("- ", [" p. 4", " p. 9", " p. 11"]),
        ("", [" ......... 4", " ......... 9", " ......... 11"]),
        ("", [" Pg 4", " Pg 9", " Pg 11"]),
        ("", [" 4", " 9", " 11"]),
    ];
    for title in titles {
        for (before, after) in ends {
            let found = wrong(&list(title, before, after));
            assert!(found.is_empty(), "{title} {after:?}: {found:#?}");
        }
    }
}

#[test]
fn however_glued() {
    let [one, two, three] = ACTS.map(|listed| format!("{} {}", listed.name, listed.what));
    let lists = [
        format!(
            "SOMMAIREPREFECTURE DE LA LOZERECabinet p 4- {one}\n\
             SOUS-PREFECTURESSous-Préfecture de Marvejols p9- {two}\n\
             SERVICES DECONCENTRESDirection départementale des territoires (D.D.T.)p 11- {three}"
        ),
        format!(
            "SOMMAIREPREFECTURE DE LA LOZERECabinet p 4- {one}SOUS-PREFECTURESSous-Préfecture de \
             Marvejols p9- {two}- {three}"
        ),
        format!(
            "PREFECTURE DE LA LOZERECabinet p 4- {one}\nSOUS-PREFECTURESSous-Préfecture de Marvejols \
             p9- {two}\nSERVICES DECONCENTRESDirection des territoires p 11- {three}"
        ),
        format!(
            "SOMMAIREPREFECTURE DE LA LOZERECABINET{one}…………………4SOUS-PREFECTURE DE MARVEJOLS\
             {two}………………9DIRECTION DEPARTEMENTALE DES TERRITOIRES{three}……………11"
        ),
        format!(
            "SOMMAIRE\nCABINET{one}.......... 4\nSOUS-PREFECTURE DE MARVEJOLS{two}.......... 9\n\
             DDT{three}....... 11"
        ),
        format!(
            "SOMMAIRE Cabinet {one} Pg 4 Sous-préfecture de Marvejols {two} Pg 9 Direction \
             départementale des territoires {three} Pg 11"
        ),
        format!(
            "SOMMAIRE\nI – PRÉFECTURE\nI.1 – Cabinet\n1. {one} 4\nII – SOUS-PRÉFECTURE DE MARVEJOLS\n\
             1. {two} 9\nIII – SERVICES DÉCONCENTRÉS\nIII.1 – DDT\n1. {three} 11"
        ),
        list("SOMMAIRE", "", ["", "", "\n4\n9\n11"]),
    ];
    for listing in lists {
        let found = wrong(&listing);
        assert!(found.is_empty(), "{listing}\n{found:#?}");
    }
}

fn titles(texts: &[&str], link: &str) -> Vec<String> {
    let pages = Page::of_texts(texts.iter().copied());
    let context =
        BulletinContext { title: link, departement: Some("48"), ..BulletinContext::default() };
    segment(&pages, &context).acts.into_iter().map(|act| act.title).collect()
}

#[test]
fn what_sorts_acts_is_none() {
    let lists: [(&str, &[&str]); 4] = [
        (
            "SOMMAIRE\nCabinet\nArrêté n° 4 du 2 mai 2026 portant agrément d'un garde.\nAutres\n\
             Direction des routes\nArrêté n° 5 du 3 mai 2026 réglementant la circulation.",
            &[
                "Arrêté n° 4 du 2 mai 2026 portant agrément d'un garde",
                "Arrêté n° 5 du 3 mai 2026 réglementant la circulation",
            ],
        ),
        (
            "SOMMAIRE\nLa version intégrale de ce recueil est en ligne sur le site de la préfecture\n\
             Cabinet\nArrêté n° 4 du 2 mai 2026 portant agrément d'un garde Pg 1\n\
             Arrêté n° 5 du 3 mai 2026 fixant un prix Pg 3",
            &[
                "Arrêté n° 4 du 2 mai 2026 portant agrément d'un garde",
                "Arrêté n° 5 du 3 mai 2026 fixant un prix",
            ],
        ),
        (
            "Sommaire\nDIRECTION DE L'AGRICULTURE ...... 6\nEnquêtes publiques ...... 6\n\
             Arrêté n° 4 du 2 mai 2026 portant ouverture d'une enquête ...... 6\n\
             Circulation ...... 8\nArrêté n° 5 du 3 mai 2026 fixant une vitesse ...... 8",
            &[
                "Arrêté n° 4 du 2 mai 2026 portant ouverture d'une enquête",
                "Arrêté n° 5 du 3 mai 2026 fixant une vitesse",
            ],
        ),
        (
            "Sommaire\nBureau de la circulation\n2026122-01 - Arrêté modifiant un agrément\n\
             2026123-02 - Arrêté portant autorisation d'une course\n1\n4\nCabinet\n\
             Circulaire 2026-21 relative à un appel à projets\n34\n\
             2026124-01 - Arrêté fixant un prix",
            &[
                "Arrêté modifiant un agrément",
                "Arrêté portant autorisation d'une course",
                "Circulaire 2026-21 relative à un appel à projets",
                "Arrêté fixant un prix",
            ],
        ),
    ];
    for (list, expected) in lists {
        assert_eq!(titles(&[COVER, list], ""), expected, "{list}");
    }
}

#[test]
fn a_cover_with_a_certificate_is_no_act() {
    let cover = "RECUEIL DES ACTES ADMINISTRATIFS\nN° 69 du 13 juin 2026\nCERTIFICAT D'AFFICHAGE ET DE \
        DIFFUSION\nLe préfet certifie que le sommaire du recueil a été affiché ce jour.\n\
        A Mende, le 13 juin 2026\nPour le préfet et par délégation,";
    assert_eq!(titles(&[cover], "RAA n° 69"), Vec::<String>::new());
}

#[test]
fn a_heading_cut_short_gives_way_to_the_link() {
    let act = "PRÉFET DE LA LOZÈRE\nLiberté\nÉgalité\nFraternité\nArrêté n° 2026-14\nautorisant la captation \
        d'images au moyen de caméras installées sur des aéronefs à l'occasion d'une manifestation le\n\
        Vu le code de la sécurité intérieure ;";
    let link = "Arrêté n° 2026-14 autorisant la captation d'images au moyen de caméras installées sur des \
        aéronefs à l'occasion d'une manifestation le mardi 14 juillet 2026";
    assert_eq!(titles(&[act], link), [link]);
}
