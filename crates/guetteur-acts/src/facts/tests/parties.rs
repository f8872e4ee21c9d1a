use super::{article, facts};

/// Applicant as printed, from a *Vu*.
fn applicant(vu: &str) -> String {
    let body = format!(
        "Le préfet\n{vu}\nVu le code ;\nConsidérant le risque ;\nARRÊTE\nArticle 1er : A.\n"
    );
    facts("Arrêté autorisant", &body, "84").applicant.unwrap_or_default()
}

#[test]
fn applicants() {
    let cases = [
        (
            "Vu la demande en date du 11 mai 2026, formée par le groupement de gendarmerie départementale de Vaucluse, visant à obtenir l'autorisation de capter ;",
            "le groupement de gendarmerie départementale de Vaucluse",
        ),
        (
            "Vu la demande d'autorisation d'installation d'un système de vidéoprotection situé TABAC DU PONT 12 rue Haute 84200 CARPENTRAS, présentée par Monsieur Jean FAUVEL, gérant ;",
            "Monsieur Jean FAUVEL, gérant",
        ),
        (
            "Vu la demande présentée le 3 février 2026 par Mme Line AUDRY pour l'établissement « Le Four » ;",
            "Mme Line AUDRY",
        ),
        (
            "Vu la demande du 2 juin 2026 du directeur de la sûreté de la SNCF ;",
            "directeur de la sûreté de la SNCF",
        ),
        (
            "Vu la requête de la directrice de la police nationale tendant à ce que ;",
            "directrice de la police nationale",
        ),
        (
            "Vu la demande, reçue le 4 mai 2026, émanant de la commune d'Orange ;",
            "la commune d'Orange",
        ),
        ("Vu la demande de renouvellement d'un système autorisé ;", ""),
        (
            "Vu la demande de M. le maire d'Orange en vue d'obtenir l'autorisation ;",
            "M. le maire d'Orange",
        ),
        (
            "Vu le dossier de demande déposé par la SAS « Clos Vert », sise 3 rue Basse à Orange ;",
            "la SAS « Clos Vert »",
        ),
    ];
    for (vu, expected) in cases {
        assert_eq!(applicant(vu), expected, "{vu}");
    }
}

#[test]
fn beneficiaries() {
    let cases = [
        (
            "Monsieur Jean FAUVEL est autorisé, dans les conditions fixées au présent arrêté et pour une durée de cinq ans renouvelable, à mettre en œuvre un système.",
            "Monsieur Jean FAUVEL",
        ),
        (
            "M. Jean FAUVEL, maire d'Orange, est autorisé à installer un système.",
            "M. Jean FAUVEL, maire d'Orange",
        ),
        (
            "La SAS Clos Vert, représentée par Mme Line AUDRY, est autorisée à exploiter un système.",
            "La SAS Clos Vert",
        ),
        (
            "La captation, l'enregistrement et la transmission d'images par la direction de l'ordre public et de la circulation, au moyen de caméras installées sur des aéronefs, sont autorisés à Paris.",
            "la direction de l'ordre public et de la circulation",
        ),
        (
            "L'enregistrement audiovisuel des interventions des agents de police municipale de la commune de Sorgues est autorisé au moyen de six caméras.",
            "agents de police municipale de la commune de Sorgues",
        ),
        (
            "En application de l'article L. 242-5 du code de la sécurité intérieure, les services de la DIPN sont autorisés à filmer.",
            "les services de la DIPN",
        ),
        (
            "La gendarmerie nationale peut, le 3 mars 2026 de 8h00 à 9h00, capter des images.",
            "La gendarmerie nationale",
        ),
        (
            "L'autorisation accordée à la commune d'Orange par l'arrêté n° 12 est retirée.",
            "la commune d'Orange",
        ),
        ("La demande d'autorisation d'installer un système, située à Orange, est refusée.", ""),
        ("L'arrêté n° 2026-12 du 3 mars 2026 est abrogé.", ""),
        // No one acts by a way, a means or an event.
        (
            "Est autorisé le recours à une caméra pour transmettre des images du parcours entre Die et Crest.",
            "",
        ),
        ("La captation est autorisée par temps clair, sur la place.", ""),
        ("La captation est autorisée par tout moyen technique, sur la place.", ""),
        ("La fête foraine est autorisée à Orange.", ""),
        ("La captation d'images par drones est autorisée à Orange.", ""),
        ("INTERMARCHÉ ORANGE est autorisé à exploiter un système.", "INTERMARCHÉ ORANGE"),
        (
            "Le bar-tabac « Le Four » est autorisé à exploiter un système.",
            "Le bar-tabac « Le Four »",
        ),
        (
            "Les services de la police aux frontières sont autorisés à filmer.",
            "Les services de la police aux frontières",
        ),
    ];
    for (sentence, expected) in cases {
        let found = article(sentence).beneficiary.unwrap_or_default();
        assert_eq!(found, expected, "{sentence}");
    }
}

#[test]
fn places_end_where_the_words_do() {
    let cases = [
        (
            "Ce périmètre est délimité par les voies suivantes : rue du Four, place Haute, quai Neuf. Le plan est annexé.",
            "rue du Four, place Haute, quai Neuf",
        ),
        (
            "La demande d'installer un système dans l'établissement « Le Four », situé 4 cours Briand à Orange, est refusée.",
            "4 cours Briand à Orange",
        ),
        (
            "La captation est autorisée sur le territoire de la commune d'Orange du 3 au 5 mars 2026.",
            "le territoire de la commune d'Orange",
        ),
        (
            "Le système, sis 12 rue Haute 84100 ORANGE, poursuit une finalité.",
            "12 rue Haute 84100 ORANGE",
        ),
        ("L'autorisation est limitée au périmètre mentionné à l'article 1er.", ""),
        ("L'autorisation est limitée au périmètre délimité sur le plan annexé.", ""),
        ("Au moyen de caméras installées sur des aéronefs.", ""),
    ];
    for (sentence, expected) in cases {
        assert_eq!(article(sentence).place.unwrap_or_default(), expected, "{sentence}");
    }
}

#[test]
fn an_address_of_the_demand_is_the_place_when_the_article_refers_to_it() {
    let body = "Vu la demande d'autorisation d'un système situé TABAC DU PONT 12 rue Haute 84200 CARPENTRAS, présentée par M. X ;\n\
                ARRÊTE\nArticle 1er : Un système est autorisé à l'adresse sus-indiquée.\n";
    let found = facts("Arrêté portant autorisation", body, "84");
    assert_eq!(found.place.as_deref(), Some("TABAC DU PONT 12 rue Haute 84200 CARPENTRAS"));
    let names: Vec<_> = found.communes.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["Carpentras"]);
}
