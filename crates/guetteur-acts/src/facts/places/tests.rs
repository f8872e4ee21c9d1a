use guetteur_model::{Act, ActPage};

use crate::context::BulletinContext;
use crate::facts::extract_facts;

/// Names of the communes found, joined.
fn communes(title: &str, body: &str, departement: &str) -> String {
    let page = ActPage { number: 1, offset: 0, text: body.to_owned() };
    let act = Act { text: vec![page], ..Act::of_title(title) };
    let context = BulletinContext { departement: Some(departement), ..BulletinContext::default() };
    let facts = extract_facts(&act, &context);
    facts.communes.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_title_names_its_place() {
    let cases = [
        (
            "Arrêté autorisant un système – bureau de tabac Le Jean Bart, rue du Port – Montargis",
            "45",
            "Montargis",
        ),
        ("Arrêté portant autorisation - SAS Fournil - Gien (45500)", "45", "Gien"),
        ("Arrêté autorisant la captation d'images – marché de Noël de Colmar", "68", "Colmar"),
        ("Arrêté réglementant la foire aux vins et aux fromages de Colmar", "68", "Colmar"),
        ("Arrêté portant interdiction aux abords du palais des congrès de Gien", "45", "Gien"),
        ("Arrêté autorisant un feu d'artifice du Cellier", "44", "Le Cellier"),
        ("Arrêté relatif au festival « Les Nuits » de Saint-Nazaire", "44", "Saint-Nazaire"),
        ("Arrêté relatif au stade nautique d'Argentan", "61", "Argentan"),
        ("Arrêté relatif à la salle des fêtes de Vannes", "56", "Vannes"),
        ("VIDEOPROTECTION-Commune de MONTCARET-renouvellement", "24", "Montcaret"),
        ("Arrêté autorisant un système descommunes de Menton et Saorge", "06", "Menton, Saorge"),
        (
            "Arrêté autorisant un système sur les communesde Saint-Paul et de Cilaos",
            "974",
            "Saint-Paul, Cilaos",
        ),
        (
            "Arrêté autorisant un système, 4 rue des Jardins, Palau-del-Vidre (66690)",
            "66",
            "Palau-del-Vidre",
        ),
        ("Arrêté autorisant un système, 12 avenue du Lac, Annecy", "74", "Annecy"),
        ("Arrêté autorisant la captation d'images à Paris et à Nanterre", "92", "Paris, Nanterre"),
        ("Arrêté autorisant la captation d'images à Paris 13e", "94", "Paris 13e Arrondissement"),
        ("Arrêté autorisant des caméras sur aéronefsà Valence le 3 mars", "26", "Valence"),
        ("AP encadrement du match Saint-Malo-Bordeaux", "35", "Saint-Malo"),
        ("Vidéoprotection Crédit Mutuel La Ferté Bernard", "72", "La Ferté-Bernard"),
        ("Arrêté autorisant la captation d'images à Ambarès et Ambès le 3 mars", "33", "Ambès"),
        ("Arrêté portant autorisation pour le parc des sports □ Villemomble.", "93", "Villemomble"),
        (
            "Portant autorisation d'un système de vidéoprotection Tabac Le Cygne JOIGNY",
            "89",
            "Joigny",
        ),
        ("Arrêté réglementant la circulation à la barrière de péage de Buchelay", "78", "Buchelay"),
        ("Arrêté portant renouvellement de l'association foncière d'IZIER", "21", "Izier"),
        ("Arrêté portant fermeture de la mosquée de Pessac", "33", "Pessac"),
        (
            "Arrêté autorisant la communauté de communes de Gevrey et de Nuits à défricher des bois \
             sur la commune de Chamboeuf",
            "21",
            "Chambœuf",
        ),
        ("Arrêté de vidéoprotection sur la commune de NOYONCONVENTION", "60", "Noyon"),
    ];
    for (title, departement, expected) in cases {
        assert_eq!(communes(title, "", departement), expected, "{title}");
    }
}

#[test]
fn names_are_found_however_they_are_joined() {
    let cases = [
        ("Arrêté autorisant la captation d'images - VALENCE/CREST", "26", "Valence, Crest"),
        ("Arrêté autorisant la captation d'images – Dieulefit & Nyons", "26", "Dieulefit, Nyons"),
        ("Arrêté autorisant la captation d'images à Crest & Nyons", "26", "Crest, Nyons"),
        ("Arrêté autorisant la captation d'images : ROMANS-SUR-ISERE", "26", "Romans-sur-Isère"),
        ("MONTELIMAR - Arrêté autorisant la captation d'images", "26", "Montélimar"),
        (
            "Arrêté autorisant un système de vidéoprotection - pharmacie d'Étoile-sur-Rhône",
            "26",
            "Étoile-sur-Rhône",
        ),
        (
            "Arrêté autorisant la captation d'images - cortège historique de Romans-sur-Isère",
            "26",
            "Romans-sur-Isère",
        ),
        ("Arrêté autorisant la captation d'images – bal des pompiers d'Allex", "26", "Allex"),
        (
            "Arrêté autorisant la captation d'images, communes de Valence-Bourg-lès-Valence",
            "26",
            "Valence, Bourg-lès-Valence",
        ),
        (
            "Arrêté autorisant un système sur les communes de Crest, Dieulefit, ainsi que de Nyons",
            "26",
            "Crest, Dieulefit, Nyons",
        ),
        (
            "Arrêté autorisant un système dans la commune nouvelle de Valherbasse",
            "26",
            "Valherbasse",
        ),
        ("VIDEOPROTECTION mairie_BOURG_LES_VALENCE", "26", "Bourg-lès-Valence"),
        ("Arrêté autorisant un système sur les communes de Crest etNyons", "26", "Crest, Nyons"),
        ("Arrêté autorisant un système deDie à laGarde-Adhémar", "26", "La Garde-Adhémar"),
        (
            "Arrêté portant autorisation de vidéosurveillanceà Loriol-sur-Drôme",
            "26",
            "Loriol-sur-Drôme",
        ),
    ];
    for (title, departement, expected) in cases {
        assert_eq!(communes(title, "", departement), expected, "{title}");
    }
}

#[test]
fn other_words_name_none() {
    let cases = [
        ("Arrêté relatif à la fête de la Saint-Jean", "31"),
        ("Arrêté relatif à la foire de Mars", "07"),
        ("Arrêté portant autorisation – Les Marronniers", "26"),
        ("Arrêté portant autorisation à Paris", "13"),
        ("Délégation de signature à M. Jean Valence", "26"),
        ("Arrêté relatif au match Lens – Arsenal", "26"),
        ("Arrêté relatif au salon des vins", "26"),
        ("Arrêté relatif à la gare de Paris-Nord", "26"),
        ("Arrêté réglementant la navigation sur le lac d'Annecy", "73"),
        ("Arrêté portant agrément de la communauté de communes de Chablis et de Tonnerre", "89"),
        ("Arrêté relatif aux statuts du syndicat intercommunal des eaux de Crest et de Die", "26"),
        ("Arrêté relatif à la dérogation demandée par Dinan Agglomération", "22"),
        ("Arrêté relatif à la vidéoprotection demandée par Monsieur Jean VALENCE", "26"),
        ("Arrêté donnant délégation à Monsieur Durand et Die", "38"),
        ("Arrêté autorisant un système – SARL Valence et Fils", "26"),
        ("Arrêté autorisant un système : Durand / Crest", "26"),
        ("Gare – Arrêté autorisant un système", "26"),
        ("M. Valence – Arrêté portant nomination", "26"),
        ("Arrêté autorisant un système – pharmacie de la Gare", "26"),
        ("Arrêté autorisant la circulation des véhicules sur l'axe Crest-Nord", "26"),
        ("Arrêté encadrant le déplacement de supporters lors du match du FC Metz", "57"),
        ("Arrêté interpréfectoral relatif à l'aérodrome Auxerre-Branches", "89"),
        ("Récépissé de services à la personne - M. DUPUY Louis-VISION VERT", "40"),
    ];
    for (title, departement) in cases {
        assert_eq!(communes(title, "", departement), "", "{title}");
    }
}

const HEAD: &str = "PRÉFET DE LA DRÔME\n26000 VALENCE\nDie, le 2 mars 2026\nARRÊTÉ n° 2026-17\n";

#[test]
fn a_heading_names_its_place_and_texts_do_not() {
    let texts = "Le préfet de la Drôme,\nVu la demande du maire de Crest, à Nyons ;\n";
    let articles =
        "ARRÊTE\nArticle 1er : La captation est autorisée.\nFait à Valence, le 2 mars 2026";
    let cases = [
        (
            format!(
                "{HEAD}autorisant la captation\nCommune de Romans-sur-Isère\n{texts}{articles}"
            ),
            "Romans-sur-Isère",
        ),
        (format!("{HEAD}autorisant la captation à Livron-sur-Drôme\n{texts}"), "Livron-sur-Drôme"),
        (format!("{HEAD}autorisant la captation\n{texts}Fait à Valence, le 2 mars 2026"), ""),
        ("Avis d'ouverture à Crest\nFait à Valence, le 2 mars 2026".to_owned(), "Crest"),
    ];
    for (body, expected) in cases {
        assert_eq!(communes("Arrêté autorisant la captation", &body, "26"), expected, "{body}");
    }
}
