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
        ("Vidéoprotection PFM Craon", "53", "Craon"),
        ("Arrêté portant habilitation funéraire PFM Craon", "53", ""),
        ("Vidéoprotection - CHU d'Angers", "49", "Angers"),
        ("Délégation de signature CHU d'Angers", "49", ""),
        ("Vidéoprotection CCL Fontevraud l'Abbaye", "49", "Fontevraud-l'Abbaye"),
        ("Vidéoprotection Paris-Le Bourget", "93", "Le Bourget"),
        ("Arrêté relatif à l'hippodrome de Paris-Vincennes", "75", "Paris"),
        ("Arrêté autorisant la course cycliste Tour Thann-Cernay", "68", "Thann, Cernay"),
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
        ("Arrêté autorisant un système deDie à laGarde-Adhémar", "26", "Die, La Garde-Adhémar"),
        ("Arrêté relatif aux éoliennes sur les cnes de Crest et Grane", "26", "Crest, Grane"),
        ("Arrêté relatif à la chasse deLa Garde Adhémar", "26", "La Garde-Adhémar"),
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

#[test]
fn a_title_is_about_what_lies_there() {
    let cases = [
        (
            "Arrêté autorisant le pharmacien de Buis-les-Baronnies (Drôme) à s'installer",
            "26",
            "Buis-les-Baronnies",
        ),
        ("Arrêté relatif aux captages d'Allex et de Grane (26)", "26", "Allex, Grane"),
        ("Arrêté prorogeant le système d'assainissement de CHABEUIL", "26", "Chabeuil"),
        ("Arrêté relatif au carrefour de la rocade Est de Valence", "26", "Valence"),
        (
            "Arrêté complétant les travaux sur la digue de Livron sur Drôme au lieu-dit Roc",
            "26",
            "Livron-sur-Drôme",
        ),
        (
            "Arrêté portant convocation des électeurs de MIRABEL-ET-BLACONS",
            "26",
            "Mirabel-et-Blacons",
        ),
        (
            "Arrêté portant agrément de l'association foncière agricole et forestière de Grane",
            "26",
            "Grane",
        ),
        ("Arrêté autorisant la course de côte du Poët-Laval", "26", "Le Poët-Laval"),
        ("Arrêté portant agrément – AUTO-ÉCOLE DU PONT (NYONS)", "26", "Nyons"),
        (
            "Arrêté portant ouverture d'un débit « Le Crest » sis à Tain-l'Hermitage",
            "26",
            "Tain-l'Hermitage",
        ),
        ("Arrêté modifiant l'officine de la rue de La Rochelle à Rochefort", "17", "Rochefort"),
        ("Arrêté autorisant la captation d'images en gare de Valence-Ville", "26", "Valence"),
        ("Arrêté autorisant le tour cycliste Crest-Nyons", "26", "Crest, Nyons"),
        ("Arrêté relatif à l'aéroport Paris-Le Bourget", "93", "Le Bourget"),
        (
            "Arrêté relatif aux chasses sur les communes de falaise, monthois et bourcq",
            "08",
            "Falaise, Monthois, Bourcq",
        ),
        (
            "Arrêté relatif à la circulation sur les communes de Dieppe, Eu et Criel-sur-Mer",
            "76",
            "Dieppe, Eu, Criel-sur-Mer",
        ),
        ("Arrêté relatif à la circulation sur les communes de Luchon, Oô", "31", "Oô"),
        ("Arrêté autorisant la captation d'images à Pau et à Lons", "64", "Pau, Lons"),
        ("Arrêté autorisant la captation d'images à DAX", "40", "Dax"),
        ("Arrêté relatif à la fête de Mollans s/ Ouvèze", "26", "Mollans-sur-Ouvèze"),
        (
            "Arrêté relatif au péril 6 rue du Moulin La GREVE sur MIGNON",
            "17",
            "La Grève-sur-Mignon",
        ),
        ("Arrêté relatif à un système 12 rue de Lyon à Crest", "26", "Crest"),
        (
            "Arrêté portant chasses à Tarbes, Bordères-sur-Echez et Bours",
            "65",
            "Tarbes, Bordères-sur-l'Échez, Bours",
        ),
        (
            "Arrêté relatif à la fête de Saillans, communes de Saint-Nulle-Part, Allex et Grane",
            "26",
            "Saillans, Allex, Grane",
        ),
    ];
    for (title, departement, expected) in cases {
        assert_eq!(communes(title, "", departement), expected, "{title}");
    }
}

#[test]
fn what_bears_a_name_may_lie_elsewhere() {
    let cases = [
        ("Délégation de signature à la sous-préfète de Die", "26"),
        ("Délégation du responsable du service des impôts des entreprises de Valence", "26"),
        ("Délégation du directeur de l'hôpital à la direction des finances de Valence", "26"),
        ("Arrêté portant organisation du tribunal judiciaire de Valence", "26"),
        ("Arrêté fixant la composition de la chambre de commerce de Valence", "26"),
        ("Arrêté relatif à l'arrondissement de Calais", "62"),
        ("Arrêté fixant les prescriptions de Bordeaux Métropole", "33"),
        ("Arrêté fixant les statuts de Granville Terre et Mer", "50"),
        ("Arrêté réglementant la circulation sur la route de Crest", "26"),
        ("Arrêté portant agrément du GAEC de Grane", "26"),
        ("Arrêté autorisant la société Hélivol d'Aubérive (51) à survoler des villes", "70"),
        ("Arrêté interdisant le déplacement des supporters de l'Olympique de Valence", "26"),
        ("ARRETE AUTORISANT LE SURVOL DU PLAN DE LA RIVIERE", "38"),
        ("Arrêté relatif aux communes de moyenne montagne", "26"),
        ("Arrêté interpréfectoral aérodrome Brive-Souillac", "46"),
        ("Arrêté relatif au comité de la vallée de la Drôme de Crest à Die", "26"),
        ("Arrêté relatif à la ligne de chemin de fer de Nantes à Saintes", "17"),
        ("Arrêté relatif au groupement de la politique de la ville Valence Romans", "26"),
        ("AP convocation des électeurs Tribunal de Commerce VALENCE", "26"),
        ("Arrêté autorisant une régate au large de Granville", "50"),
        ("Arrêté relatif au Grand Poitiers", "86"),
        ("Arrêté relatif à l'Eurométropole de Strasbourg", "67"),
        ("Projet au lieu-dit Valence", "26"),
        ("Arrêté relatif aux Jeux olympiques de Paris en Seine-Saint-Denis", "93"),
    ];
    for (title, departement) in cases {
        assert_eq!(communes(title, "", departement), "", "{title}");
    }
}

#[test]
fn an_institution_that_decides_of_itself_names_no_place() {
    let cases = [
        ("Arrêté fixant la composition du conseil du centre hospitalier de Valence", "26", ""),
        ("Décision portant délégation de signature au sein du CHU de Grenoble", "38", ""),
        ("Délégation - CD NEUVIC - Le 15.09.2025", "24", ""),
        ("Décision du chef de la maison d'arrêt de Valence portant délégation", "26", ""),
        ("Avis de concours sur titres du Centre Hospitalier de Crest", "26", ""),
        ("Arrêté relatif au conseil de l'université de Grenoble", "38", ""),
        ("Arrêté portant organisation du Grand Port Maritime du Havre", "76", ""),
        ("Arrêté fixant le coefficient du centre hospitalier de Crest", "26", ""),
        ("Arrêté portant nomination à la CCI de Valence", "26", ""),
        ("Délégation de signature - CDIF VALENCE", "26", ""),
        // What happens there does.
        ("Arrêté autorisant le survol du centre pénitentiaire de Valence", "26", "Valence"),
        ("Arrêté autorisant des caméras à l'hôpital de Crest", "26", "Crest"),
        ("Arrêté portant autorisation de vidéoprotection au port de Dieppe", "76", "Dieppe"),
    ];
    for (title, departement, expected) in cases {
        assert_eq!(communes(title, "", departement), expected, "{title}");
    }
}

#[test]
fn rivers_lands_and_distances_are_no_communes() {
    let cases = [
        ("Arrêté relatif aux usages de l'eau dans les communes de la Mayenne", "53", ""),
        ("Restrictions d'eau bassin de l'Ernée", "53", ""),
        ("Restrictions d'eau - département de la Mayenne", "53", ""),
        ("Arrêté relatif à la pêche dans le Doubs", "25", ""),
        ("Arrêté autorisant la captation d'images à Mayenne", "53", "Mayenne"),
        ("Arrêté réglementant l'accès à la forêt de Saoû", "26", ""),
        ("Arrêté relatif au massif de Saoû", "26", ""),
        ("Arrêté relatif à la forêt communale de Saoû", "26", "Saou"),
        ("Arrêté relatif à un rassemblement à 10 kilomètres de Crest", "26", ""),
        ("Arrêté relatif à un terrain situé au nord de Crest", "26", ""),
        (
            "Arrêté autorisant une manifestation sportive dénommée « Les 10 kilomètres de Crest »",
            "26",
            "Crest",
        ),
        ("Arrêté abrogeant les cartes communales de Crest et Grane", "26", "Crest, Grane"),
        (
            "Arrêté autorisant des caméras de surveillance au centre pénitentiaire de Valence",
            "26",
            "Valence",
        ),
        (
            "Arrêté instaurant un périmètre de 300 mètres autour de la mairie de Crest",
            "26",
            "Crest",
        ),
        ("circulation BOURG DE PEAGE - D532", "26", "Bourg-de-Péage"),
        ("Vidéoprotection LIDL PORTES LES VALENCE", "26", "Portes-lès-Valence"),
        ("Arrêté relatif aux gaves de Pau et d'Oloron", "64", ""),
        ("Arrêté de mise en demeure de la SCI du Château de Crest", "26", ""),
        ("Arrêté de vidéoprotection - SARL Pharmacie de Crest", "26", "Crest"),
        (
            "Arrêté relatif à la traversée de Livron-sur-Drôme et Loriol-sur-Drôme",
            "26",
            "Livron-sur-Drôme, Loriol-sur-Drôme",
        ),
        ("Arrêté relatif à la commune du Poët-Laval", "26", "Le Poët-Laval"),
    ];
    for (title, departement, expected) in cases {
        assert_eq!(communes(title, "", departement), expected, "{title}");
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
