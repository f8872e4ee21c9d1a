//! The words by which lines of a bulletin are told apart.

use super::line_pattern::{opening, telling};
use crate::parts::pattern;

// The kinds of acts that open a title or a heading.
opening!(
    KIND,
    b"abcdehilmnoprt",
    r"^[^a-z0-9]{0,4}(a{0,2}rr[eé]tes?(?: (?:inter)?(?:prefector|departement|ministeri|conjoint|municip|region|cadre|modificat|temporaire)[a-z]*)?|a r r e t e|arreten|ap\b|decisions?|avis|conventions?|circulaire|recepisses?|deliberations?|attestations?|agrement|reglement|instruction|delegations?|avenant|protocole|accord|proces-verbal|ordre du jour|liste|extrait|commission|tarif|cahier|divers arretes|habilitation|declaration|autorisation|renouvellement|modification|abrogation|prorogation|interdiction|refus|retrait|note)(?:[^a-z]|n ?°|no |$)|^[^a-z0-9]{0,4}a{0,2}rr[eé]te(?:portant|autorisant|modifiant|abrogeant|fixant|interdisant|reglementant|instituant|accordant|relatif)"
);
// « Arrêtés reçus entre le 2 et le 3 mars »: what a cover says of its acts is none.
pattern!(
    RECEIVED,
    r"^[^a-z0-9]{0,4}(?:arretes|actes|decisions) (?:recus|recues|publies|publiees|signes|signees|deposes|pris|prises|parus) (?:entre|du|le|au|jusqu|en)\b"
);
// The words after which a heading says what the act does.
pattern!(
    VERB,
    r"(?:\b|[0-9])(?:portant|autorisant|modifiant|abrogeant|relati(?:f|ve)|fixant|instituant|instaurant|interdisant|accordant|donnant|nommant|prolongeant|prorogeant|renouvelant|completant|reglementant|approuvant|declarant|prescrivant|imposant|mettant|prononcant|habilitant|agreant|constatant|etablissant|constituant|designant|arretant|delivrant|refusant|retirant|levant|ordonnant|rapportant|delimitant|determinant|definissant|attribuant|creant|classant|enregistrant|conferant|suspendant)\b"
);

/// Where the first of them begins; a number may be glued to it (« 2026autorisant »).
pub(super) fn verb_start(folded: &str) -> Option<usize> {
    let found = VERB.find(folded)?;
    Some(found.start() + found.as_str().bytes().take_while(u8::is_ascii_digit).count())
}

opening!(
    LETTERHEAD,
    b"abcdeflmprsu",
    r"^[^a-z0-9]{0,4}(?:(?:la )?pref[eè]te?\b|prefet|republique|liberte|egalite|fraternite|direction|service|bureau|cabinet|prefecture|sous-prefecture|secretariat|pole|mission|unite|affaire suivie|departement|ministere|agence|dd[a-z]+\b|dr[a-z]+\b)"
);
opening!(CITES, b"cvs", r"^[^a-z0-9]{0,3}(?:v ?u\b|considerant|sur (?:la )?proposition)");
opening!(ARTICLE_ONE, b"a", r"^[^a-z0-9]{0,3}art(?:icle|\.)\s?'?(?:1|premier|ler|i ?er|unique)");
opening!(ARTICLE_ANY, b"a", r"^[^a-z0-9]{0,3}art(?:icle|\.)\s?'?\d");
opening!(
    OPERATES,
    b"ad",
    r"^[^a-z0-9]{0,3}(?:arretent|arree?te|decide|a r r e t e|d e c i d e) ?:? ?$"
);
telling!(
    ENDS,
    r"(?:^|[^a-z])(?:fait (?:a|au|aux|en) |signature au |signe le |signee? :?)|^[^a-z]{0,3}[a-z' -]{3,40}, ?le \d|^[^a-z]{0,3}pour l[ea] pref[eè]te?\b|^[^a-z]{0,3}l[ea] pref[eè]te?,? ?$"
);
opening!(ANNEX, b"acp", r"^[^a-z0-9]{0,4}(?:annexes?|plans?|carte|cartographie|perimetre)\b");
telling!(
    REMEDIES,
    r"\b(?:voies et delais de recours|recours gracieux|recours contentieux|telerecours)\b"
);
pattern!(
    ORGANISATION,
    r"\b(?:direction|prefecture|pref|cabinet|cab|ddt|ddtm|ddets|deets|ddpp|ddcs|drac|dreal|driat|driee|draaf|ars|sgar|sgc|sgcd|secretariat|service|bureau|agence|sous-prefecture|sncf|rectorat|academie|tribunal|centre hospitalier|chu|departementale|regionale|etablissement|dir|dgfip|ddfip|drfip|dipn|dopc|zone de defense|prefet|office|unite|inspection|maison|mission|delegation territoriale|coordination|pole|divers|sdis|odonc|dsden)\b"
);
opening!(
    SOMMAIRE,
    b"ilst",
    r"^[^a-z0-9]{0,6}(?:(?:s ?o ?m ?m ?a ?i ?r ?e|table (?:des matieres|analytique|chronologique)|t a b l e d e s m a t i e r e s|i ?n ?d ?e ?x|liste des (?:actes|arretes)(?: (?:publies|administratifs))?)(?: (?:general|chronologique|thematique|par services?))?(?:[^a-z]{0,12}(?:\d{0,3})| (?:du |des )?(?:bia|raa|recueil|actes)\b.{0,50}))$"
);
// What a bulletin says of itself, between or below the lines of its sommaire.
opening!(
    IMPRINT,
    b"1acdefhilmprtuw",
    r"^[^a-z0-9]{0,4}(?:issn\b|imprimerie\b|depot legal|direct(?:eur|rice) (?:de )?(?:la )?publication|responsable de (?:la )?publication|realisation et composition|conception\b.{0,20}\b(?:realisation|impression)|achev[e] d'imprimer|(?:le |ce )?(?:present )?recueil .{0,60}\b(?:consult|publi|disponible)|(?:les|l'integralite des) actes .{0,60}\bconsult|le contenu integral|la version integrale|(?:est |peut etre )?consultable sur|https? ?:|www ?\.|publication ?:|pref[a-z-]*@|(?:tel|telephone|telecopie|fax|courriel|mel|standard)\b ?[:.]|(?:raa|recueil)(?: special)? ?n ?°|\d{1,3},? (?:bis,? )?(?:rue|avenue|place|boulevard|esplanade|quai|cours)\b.{0,80}\d{5}|page (?:vide|blanche)$)"
);
pattern!(
    COLOPHON,
    r"(?:directeur de (?:la )?publication|directrice de (?:la )?publication|achev[e] d'imprimer|imprimerie|depot legal|conception, (?:realisation|impression))"
);
