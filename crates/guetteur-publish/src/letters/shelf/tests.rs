use super::*;

fn load(files: &[(&str, &str)]) -> Result<Letters, LetterError> {
    let folder = tempfile::tempdir().expect("folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("file");
    }
    Letters::load(Some(folder.path()), law())
}

fn law() -> Arc<Library> {
    Arc::new(Library::built_in())
}

const HEAD: &str = "+++\ntitle = \"Au journal\"\nabout = \"x\"\nkind = \"lettre\"\n+++\n";

#[test]
fn all_templates_of_the_folder_are_built_in() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/letters");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("folder")
        .map(|entry| entry.expect("entry").file_name().into_string().expect("name"))
        .collect();
    files.sort();
    assert_eq!(files, BUILT_IN.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    let letters = Letters::load(None, law()).expect("built-in letters");
    let ids = |kind| letters.of_kind(kind).map(|letter| letter.id.as_str()).collect::<Vec<_>>();
    assert_eq!(
        ids(LetterKind::Lettre),
        ["maire", "conseil", "prefet", "engagement", "candidat", "liste", "cada"]
    );
    assert_eq!(ids(LetterKind::Voeu), ["voeu", "voeu-vsa"]);
}

#[test]
fn the_operator_replaces_adds_and_takes_away() {
    let own = format!("{HEAD}Bonjour {{{{ commune.de }}}}.\n{{% include \"_loi.txt\" %}}\n");
    let letters = load(&[("journal.txt", &own), ("prefet.txt", ""), ("_loi.txt", "La loi.\n")])
        .expect("letters");
    let ids: Vec<_> =
        letters.of_kind(LetterKind::Lettre).map(|letter| letter.id.as_str()).collect();
    assert_eq!(ids, ["journal", "maire", "conseil", "engagement", "candidat", "liste", "cada"]);
    let journal = letters.of_kind(LetterKind::Lettre).next().expect("letter");
    let text = letters.fill(journal, &Filling::sample()).expect("text");
    assert_eq!(text, "Bonjour de Montpellier.\nLa loi.\n");
}

#[test]
fn a_mistake_is_told_with_its_file() {
    let cases = [
        ("sans-tete.txt", "Bonjour".to_owned(), "sans-tete.txt : l’en-tête"),
        ("ouvert.txt", "+++\ntitle = \"x\"\n".to_owned(), "ne finit pas"),
        ("cle.txt", HEAD.replace("about", "abuot"), "abuot"),
        ("nom.txt", format!("{HEAD}{{{{ comune.de }}}}"), "nom.txt"),
        ("droit.txt", format!("{HEAD}{{{{ loi(\"csi-l999-9\") }}}}"), "csi-l999-9"),
        (
            "droits.txt",
            format!("{HEAD}{{{{ loi(\"csi-l242-5\", \"csi-l999-9\") }}}}"),
            "csi-l999-9",
        ),
        ("fin.txt", format!("{HEAD}{{{{ fin(\"csi-l242-5\") }}}}"), "fin(\"csi-l242-5\")"),
        ("boucle.txt", format!("{HEAD}{{% for %}}"), "boucle.txt"),
        (
            "acte.txt",
            format!("{HEAD}{{% for a in acts %}}{{{{ a.titel }}}}{{% endfor %}}"),
            "acte.txt",
        ),
    ];
    for (name, text, expected) in cases {
        let error = load(&[(name, &text)]).expect_err(name).to_string();
        assert!(error.contains(expected), "{name}: {error}");
    }
    assert!(Letters::load(Some(Path::new("/no/such/folder")), law()).is_err());
}

/// A letter says what the law is through its entries: dates, and what could not be read.
#[test]
fn letters_cite_the_law_from_its_entries() {
    let letters = Letters::built_in();
    let text = |kind: LetterKind, id: &str, filling: &Filling| {
        let letter = letters.of_kind(kind).find(|letter| letter.id == id).expect("letter");
        letters.fill(letter, filling).expect("text").replace(['\u{a0}', '\u{202f}'], " ")
    };
    let (with, without) = (Filling::sample(), Filling::sample_without_acts());
    for filling in [&with, &without] {
        for (kind, id) in [(LetterKind::Lettre, "engagement"), (LetterKind::Voeu, "voeu-vsa")] {
            let told = text(kind, id, filling);
            assert!(told.contains("n° 506370") && told.contains("31 décembre 2027"), "{told}");
            assert!(told.contains("reconnaissance faciale"), "{told}");
        }
    }
    let mayor = text(LetterKind::Lettre, "maire", &with);
    for said in [
        "31 mars 2025",
        "article L. 233-1 du code de la sécurité intérieure",
        "rien n’était en vigueur",
        "n° 2510584",
        "article 19 de la loi n° 2026-798 du 18 août 2026, à vérifier sur Légifrance",
        "articles R.* 311-12, R. 311-13 et R. 343-1 du code des relations entre le public",
        "achevée le 24 novembre 2024",
    ] {
        assert!(mayor.contains(said), "{said}: {mayor}");
    }
    // Plate readers have neither a commission nor five years.
    let (_, readers) = mayor.split_once("- Lecture de plaques.").expect("a paragraph");
    let readers = readers.lines().next().expect("a paragraph");
    assert!(readers.contains("sans commission ni durée de cinq ans"), "{readers}");
    let prefect = text(LetterKind::Lettre, "prefet", &without);
    assert!(prefect.contains("liste des autorisations de vidéoprotection publiées"), "{prefect}");
}

/// An application says only what the act carries.
#[test]
fn an_application_holds_what_the_act_carries() {
    let letters = Letters::built_in();
    let told = |id: &str, case: &Case| {
        let letter = letters.of_kind(LetterKind::Refere).find(|letter| letter.id == id);
        let text = letters.fill(letter.expect("an application"), case).expect("text");
        text.replace(['\u{a0}', '\u{202f}'], " ")
    };
    let [case, over, bare] = Case::samples();
    let full = told("refere", &case);
    for said in [
        "Tribunal administratif de Montpellier",
        "Ce n’est pas un conseil juridique",
        "article L. 521-1 du code de justice administrative",
        "page 4 du recueil : « du 2 mars au 30 juillet »",
        "L’acte prend effet demain",
        "aucun moyen moins intrusif",
    ] {
        assert!(full.contains(said), "{said}: {full}");
    }
    assert!(!full.contains("traitement algorithmique") && !full.contains("n° 506370"));
    let urgent = told("refere-liberte", &case);
    for said in ["> Juge des référés\n\n> [Lieu]", "(article L. 521-2", "sauvegarde la liberté"]
    {
        assert!(urgent.contains(said), "{said}: {urgent}");
    }
    assert!(!urgent.contains("annulation"), "it needs none: {urgent}");
    let over = told("annulation", &over);
    for said in [
        "\n\n> [Lieu]",
        "\n# Requête en annulation (article R. 421-1",
        "référé n’a donc plus d’objet.\nLe délai de deux mois, compté du jour que porte le recueil, est passé",
        "\n# L’intérêt à agir",
        "d’annuler l’acte",
        "[Aucun doute n’a été relevé",
    ] {
        assert!(over.contains(said), "{said}: {over}");
    }
    // Nothing is left to suspend, nor a judge of urgent matters to ask.
    for unsaid in [
        "L’atteinte serait",
        "suspendre",
        "référé-suspension",
        "Juge des référés",
        "référé-liberté",
    ] {
        assert!(!over.contains(unsaid), "{unsaid}: {over}");
    }
    let bare = told("refere", &bare);
    for said in [
        "[résidence de la personne visée]",
        "(article R. 312-8",
        "[Aucun doute n’a été relevé",
        "[Quand l’acte produit ses effets",
    ] {
        assert!(bare.contains(said), "{said}: {bare}");
    }
    assert!(!bare.contains("aucun moyen moins intrusif") && !bare.contains("SHA-256"), "{bare}");
}

#[test]
fn gaps_are_closed() {
    assert_eq!(without_gaps("\n\na\n\n\n b  \n\n"), "a\n\n b\n");
}
