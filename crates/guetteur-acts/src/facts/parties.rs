//! Who asked and who may use the measure.

use std::ops::Range;

use guetteur_model::Facts;

use super::{Reading, clause, note};
use crate::parts::{ARTICLE, Article, pattern};

// Where a clause begins in which someone asks.
pattern!(
    DEMAND,
    r"v ?u ?:? ?(?:la|les|le|l') ?(?:demandes?|requetes?|saisines?|courriers?(?: de demande)?|dossiers? de demande)\b"
);
// The one who « présente », « forme », « adresse » it.
pattern!(
    PRESENTED_BY,
    r"\b(?:form(?:ee|ulee)|present(?:ee?|e\(e\))|depos(?:ee?|e\(e\))|transmise?|adressee?|emise|introduite|faite?|effectuee?|emanant|sollicitee?|produite?|signee?|etablie?)s?,?(?: (?:conjointement|initialement|le \d[^,;]{3,20}|en date du [^,;]{5,20}|ce jour),?)* (?:par|de la part d[eu]s?|de|du|des) "
);
// « La demande [du 12 mai] de la direction … », but not « demande de renouvellement ».
pattern!(
    OF,
    r"^v ?u ?:? ?(?:la|les|le|l') ?(?:demandes?|requetes?|saisines?)(?: (?:conjointe?|urgente|ecrite|susvisee|initiale|complementaire)s?)?(?:,? (?:(?:en date )?d[ue]|n ?°|recue|enregistree|le) ?[^,;]{0,24}?\d[^,;]{0,16}?)*,? (?:de la |de l'|du |des |d'|de )"
);
pattern!(
    NOT_ASKING,
    r"^(?:autoris|renouvel|modific|prolong|install|demande|captation|enregistr|utilis|mise|deroga|permis|agrement|creation|extension|systeme|\d|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
);
pattern!(
    DEMAND_END,
    r",| (?:visant|en vue|tendant|sollicitant|aux fins|afin|en date|relative|pour (?:obtenir|l'|la |le |les |un|que|son)|recue|le \d|du \d|date|a l'effet|concernant|portant|par (?:courr|laquelle)|demandant|a obtenir|d'autorisation|au titre|sur le territoire|de (?:coupler|pouvoir|proceder)|situee?|sise?|est|sont|qui|dans le cadre|et (?:enregistree|recue|ayant))\b|;| considerant|, v ?u "
);
pattern!(
    IS_ALLOWED,
    r"\b(?:est|sont) ?autorise(?:e|s|es|\(e\))?(?:,| (?:a|au|aux|dans|pour|jusqu|du|le|les|sous|en|exceptionnellement|provisoirement|temporairement)\b)|\b(?:peut|peuvent),? [^.;]{0,80}?\b(?:capter|proceder|utiliser|recourir|filmer)\b"
);
pattern!(
    ACTION,
    r"^(?:(?:les? |la |l'|une? |des |cet(?:te)? |ces? )?(?:presentes? )?(?:captation|enregistrement|transmission|utilisation|usage|emploi|mise en|survol|installation|recours|traitement|systeme|dispositif|demande|autorisation|exploitation|renouvellement|modification|fonctionnement|acces|operation|mesure|vol|images)|il |elle |ils |elles |sont?\b|est\b)"
);
pattern!(GRANTS, r"autorise|accorde|delivre");
pattern!(INTERVENTIONS, r"interventions (?:des|de ses|de leurs) (agents? [^.;]{3,120})");
pattern!(
    BY,
    r"\b(?:par |au profit (?:d[eu]s? |de l[a'] ?)|au benefice (?:d[eu]s? |de l[a'] ?)|(?:accord|deliv?r)ee? (?:a |au |aux ))"
);
pattern!(
    BY_END,
    r",|:| (?:est|sont|au moyen|a l'occasion|dans|sur|aux fins|afin|du \d|le \d|les \d|pour|en vue|a compter|a proceder|a utiliser|a capter|de (?:proceder|capter)|visant|jusqu|lors|au titre|a mettre|au sein|conformement|au cours|en application|par (?:l'|un |le |la )?(?:arrete|prefet|decision))\b|[.;]"
);
pattern!(TITLE_ALLOWS, r"\bautorisant (les? |la |l')");
pattern!(
    NOT_A_PARTY,
    r"^(?:le present|l'article|les articles|arrete|tout moyen|l'arrete|decret|la loi|le code|voie|courri|drones?\b|aeronef|le prefet|la prefete|un registre|ses soins|lesquel|elle|lui|eux)"
);
// What of a name's apposition says who it is: « , maire de Die », « , gérant ».
pattern!(
    QUALITY,
    r"^(?:en qualite d|maire|president|directeur|directrice|geran|responsable|chef|commandant|representant|proprietaire|titulaire|exploitant|dirigeant|associe|co-?gerant)"
);
pattern!(
    CIRCUMSTANCE,
    r"^(?:dans|sur|pendant|durant|lors|a l'occasion|a compter|aux|du \d|du (?:lun|mar|mer|jeu|ven|sam|dim)|le (?:\d|lun|mar|mer|jeu|ven|sam|dim)|les \d|en (?:application|vue|complement|renfort)|pour|afin|a titre|a cette fin|par derogation|conformement|sans prejudice|au (?:titre|cours)|de \d)"
);

// Who acts is named by what he is: what stands after « par » without a capital may be anything.
pattern!(
    PARTY,
    r"^(?:l[ea]s? |l'|un |une |des |ses |leurs? |ce |cette )?(?:(?:sous-)?(?:prefet|prefete|prefecture)|groupement|gendarmerie|gendarmes?|direction|directeur|directrice|police|policiers?|service|compagnie|brigade|escadron|escadrille|section|detachement|peloton|region|commune|communaute|ville|maire|mairie|metropole|syndicat|departement|conseil|president|presidente|societe|s\.?a\.?r?\.?l?\b|sas|sasu|eurl|snc|sci|gie|scop|association|etablissement|regie|ratp|sncf|office|agents?|militaires?|fonctionnaires?|personnels?|effectifs|forces|unites?|sapeurs|sdis|douanes?|dipn|ddpn|didpaf|dgpn|ddsp|dopc|dspap|crs|raid|gign|bri|paf|exploitant|gerante?|responsable|proprietaire|titulaire|groupe|entreprise|enseigne|magasin|banque|caisse|credit|pharmacie|tabac|bar|restaurant|hotel|supermarche|college|lycee|ecole|universite|centre|hopital|clinique|musee|parc|camping|chef|commandant|commandement|colonel|commissaire|commissariat|delegation|federation|comite|organisateur|organisatrice|operateur|pilotes?|prestataire|etat|ministre|ministere|marine|armee|aeroport|port|gestionnaire|concessionnaire|bailleur|residence|copropriete|autorite|mm|mme|mlle|monsieur|madame|docteur|dr)(?:s|x|es|e)?\b|^m\."
);

pattern!(ARTICLE_OF, r"^(?:l[ea]s? |l'|un |une |des |du )");

const LONGEST: usize = 220;

/// Applicant: from *Vu la demande*. Beneficiary: the subject of « est autorisé à », or who acts in
/// « la captation … par … est autorisée », or the object of « autorisant » in the title.
pub(crate) fn read(reading: &Reading<'_>, facts: &mut Facts) {
    if let Some(range) = applicant(reading) {
        facts.applicant = Some(reading.text.quote(range.clone()));
        note(facts, "applicant", reading.text.span(range));
    }
    if let Some(range) = beneficiary(reading) {
        facts.beneficiary = Some(reading.text.quote(range.clone()));
        note(facts, "beneficiary", reading.text.span(range));
    }
}

fn applicant(reading: &Reading<'_>) -> Option<Range<usize>> {
    let text = reading.text.as_str();
    let from = reading.parts.visas.start;
    let to = reading.parts.considerants.end.max(from);
    let cited = text.get(from..to)?;
    DEMAND.find_iter(cited).find_map(|asks| {
        let start = from + asks.start();
        let clause = clause(&cited[asks.start()..], 900);
        let presented = PRESENTED_BY.find(clause).map(|m| m.end());
        let named = || {
            let end = OF.find(clause)?.end();
            (!NOT_ASKING.is_match(&clause[end..])).then_some(end)
        };
        // « présentée … » that comes first may present something else.
        let party =
            |at: usize| bounded(text, at, &DEMAND_END).filter(|range| is_party(reading, range));
        presented.and_then(|at| party(start + at)).or_else(|| party(start + named()?))
    })
}

/// From `start` to the first match of `end`; the apposition that says in what quality belongs to it.
fn bounded(text: &str, start: usize, end: &regex::Regex) -> Option<Range<usize>> {
    let reach = (start + LONGEST).min(text.len());
    let reach = (reach..=text.len()).find(|&i| text.is_char_boundary(i))?;
    let rest = &text[start..reach];
    let goes_on = |m: &regex::Match<'_>| {
        m.as_str() == "," && { QUALITY.is_match(rest[m.end()..].trim_start()) }
    };
    let initial = |m: &regex::Match<'_>| m.as_str() == "." && abbreviates(&rest[..m.start()]);
    let len = end.find_iter(rest).find(|m| !goes_on(m) && !initial(m))?.start();
    let name = rest[..len].trim_end_matches([',', ' ', ':', '-']);
    let lead = name.len() - name.trim_start_matches([' ', ',', ':', '-', '"']).len();
    (name.trim().len() > 2 && !NOT_A_PARTY.is_match(name[lead..].trim()))
        .then(|| start + lead..start + name.len())
}

/// « M. », « Mme. », « St. », « L. 242-5 »: the stop ends no sentence.
fn abbreviates(before: &str) -> bool {
    let word = before.rsplit([' ', '\'', '(']).next().unwrap_or_default();
    word.len() == 1 || matches!(word, "mme" | "mm" | "mlle" | "dr" | "st" | "ste" | "art" | "mr")
}

fn beneficiary(reading: &Reading<'_>) -> Option<Range<usize>> {
    let articles = &reading.parts.articles;
    articles.iter().take(3).find_map(|a| allowed_in(reading, a)).or_else(|| in_title(reading))
}

fn allowed_in(reading: &Reading<'_>, article: &Article) -> Option<Range<usize>> {
    let text = reading.text.as_str();
    let slice = reading.slice(&article.range);
    let from = article.range.start + heading(slice);
    let verb = IS_ALLOWED
        .find(slice)
        .map(|m| m.start())
        .or_else(|| GRANTS.find(slice).map(|m| m.start()))?;
    let verb = (article.range.start + verb).max(from);
    let subject = subject(text, from, verb);
    if subject.len() > 3
        && !ACTION.is_match(&text[subject.clone()])
        && !NOT_A_PARTY.is_match(&text[subject.clone()])
        && is_party(reading, &subject)
        && IS_ALLOWED.is_match(slice)
    {
        return Some(subject);
    }
    let sentence = sentence_end(text, subject.start, article.range.end);
    let words = &text[subject.start..sentence];
    let agents = INTERVENTIONS.captures(words).and_then(|c| c.get(1));
    let agents = agents.and_then(|m| bounded(text, subject.start + m.start(), &BY_END));
    let party = |at: usize| bounded(text, at, &BY_END).filter(|range| is_party(reading, range));
    agents.or_else(|| BY.find_iter(words).find_map(|m| party(subject.start + m.end())))
}

fn in_title(reading: &Reading<'_>) -> Option<Range<usize>> {
    let text = reading.text.as_str();
    let title = reading.headline();
    let found = TITLE_ALLOWS.captures(reading.slice(&title))?.get(1)?;
    let range = bounded(text, title.start + found.start(), &BY_END)?;
    let ends = text[range.end..].trim_start();
    let acts = ends.starts_with("a ") && !ACTION.is_match(&text[range.clone()]);
    (acts && is_party(reading, &range)).then_some(range)
}

/// Whether the words name someone: by what he is, or by a name.
fn is_party(reading: &Reading<'_>, range: &Range<usize>) -> bool {
    let words = reading.slice(range);
    let crossed = reading.text.without_furniture(range).len() != 1;
    let noun = range.start + ARTICLE_OF.find(words).map_or(0, |m| m.end());
    !crossed && (PARTY.is_match(words) || reading.text.is_upper(noun))
}

/// Bytes of « Article 1er – » at the start of an article.
fn heading(article: &str) -> usize {
    let marker = ARTICLE.find(article).filter(|m| m.start() == 0).map_or(0, |m| m.end());
    let rest = &article[marker..];
    marker + rest.len() - rest.trim_start_matches([' ', ':', '-', '.', '*', '°', ')']).len()
}

/// The end of the sentence that holds `at`.
fn sentence_end(text: &str, at: usize, most: usize) -> usize {
    let rest = &text[at..most];
    let ends = |&(i, _): &(usize, &str)| !abbreviates(&rest[..i]);
    rest.match_indices(['.', ';']).find(ends).map_or(most, |(i, _)| at + i)
}

/// Bytes of « Dans ce périmètre et aux mêmes heures, » before the subject.
fn circumstances(sentence: &str) -> usize {
    let mut start = 0;
    while CIRCUMSTANCE.is_match(&sentence[start..]) {
        let Some(comma) = sentence[start..].find(", ") else { break };
        start += comma + 2;
    }
    start
}

/// What stands before the verb, from the start of its sentence, without circumstances and
/// appositions.
fn subject(text: &str, from: usize, verb: usize) -> Range<usize> {
    let before = &text[from..verb];
    let mut start = 0;
    for mark in [": ", ". ", "; ", " - "] {
        let last =
            before.rmatch_indices(mark).find(|(i, m)| *m != ". " || !abbreviates(&before[..*i]));
        start = last.map_or(start, |(i, _)| start.max(i + mark.len()));
    }
    let sentence = &before[start..];
    let skipped = circumstances(sentence);
    let kept = &sentence[skipped..];
    let lead = kept.len() - kept.trim_start_matches([' ', ':', '-', '.', '*', '°', ',']).len();
    let kept = &kept[lead..];
    let apposed = |i: &usize| !QUALITY.is_match(kept[i + 1..].trim_start());
    let end = kept.match_indices(',').map(|(i, _)| i).find(apposed).unwrap_or(kept.len());
    let start = from + start + skipped + lead;
    let range = start..start + kept[..end].trim_end_matches([' ', ',']).len();
    if range.len() > LONGEST { range.end..range.end } else { range }
}
