//! What is measured.

use guetteur_model::{Method, Page};

/// Synthetic bulletins, form feeds between pages; most of their acts are about surveillance.
const BULLETINS: [&str; 6] = [
    include_str!("../../../fixtures/acts/national-tool/pages.txt"),
    include_str!("../../../fixtures/acts/sentence-list/pages.txt"),
    include_str!("../../../fixtures/acts/table-glued-columns/pages.txt"),
    include_str!("../../../fixtures/acts/no-sommaire-run/pages.txt"),
    include_str!("../../../fixtures/acts/bare-vsa-paris/pages.txt"),
    include_str!("../../../fixtures/acts/damaged-scan/pages.txt"),
];

/// An act that nobody watches for.
const PLAIN: &str = "\
Arrêté préfectoral n° 2025-DDT-0412 portant prescriptions spécifiques à déclaration pour la
restauration de la continuité écologique du ruisseau de l'Étang Neuf
Le préfet, chevalier de la Légion d'honneur, officier de l'ordre national du Mérite,
Vu le code de l'environnement, notamment ses articles L. 214-1 à L. 214-6 et R. 214-1 à R. 214-56 ;
Vu le schéma directeur d'aménagement et de gestion des eaux approuvé le 18 mars 2022 ;
Vu le dossier de déclaration déposé le 12 janvier 2025 par le syndicat mixte du bassin versant ;
Considérant que les travaux projetés améliorent la circulation des poissons et des sédiments ;
Considérant que la période de reproduction de la truite impose d'intervenir à l'étiage ;
Sur proposition du directeur départemental des territoires,
ARRÊTE
Article 1er : Il est donné acte au syndicat mixte de sa déclaration, sous réserve des prescriptions
énoncées aux articles suivants. Le seuil est arasé sur une hauteur de quatre-vingts centimètres.
Article 2 : Les travaux sont réalisés du 15 juillet au 15 octobre 2025, hors d'eau, après une pêche
de sauvetage. Les engins sont ravitaillés à plus de cinquante mètres du lit mineur.
Article 3 : Le présent arrêté peut être déféré devant le tribunal administratif dans un délai de
deux mois à compter de sa publication. Le secrétaire général et le directeur départemental des
territoires sont chargés, chacun en ce qui le concerne, de l'exécution du présent arrêté.
Fait à Laval, le 3 juin 2025
";

fn page(number: usize, text: &str) -> Page {
    Page {
        number: number as u32 + 1,
        method: Method::Text,
        text: text.to_owned(),
        confidence: 1.0,
        ms: 0,
        note: None,
    }
}

/// Bulletins, page by page.
pub(crate) fn bulletins() -> Vec<Vec<Page>> {
    let pages = |text: &&str| text.split('\u{c}').enumerate().map(|(i, t)| page(i, t)).collect();
    BULLETINS.iter().map(pages).collect()
}

/// Pages of ordinary acts: no word of any rule.
pub(crate) fn plain() -> Vec<Page> {
    (0..40).map(|i| page(i, &format!("{i}\n{PLAIN}"))).collect()
}

/// One page in twenty is about surveillance, as in a year of bulletins (3 acts in 100, and those
/// that cite them).
pub(crate) fn mixed(watched: &[Vec<Page>], plain: &[Page]) -> Vec<Page> {
    let watched: Vec<&Page> =
        watched.iter().flatten().filter(|page| page.text.len() > 1_500).collect();
    let each = |i: usize| {
        if i % 20 == 7 { watched[i / 20 % watched.len()] } else { &plain[i % plain.len()] }
    };
    (0..20 * watched.len()).map(each).cloned().collect()
}
