//! Who signed an act, in what capacity, and when.

mod electronic;

use std::borrow::Cow;

use chrono::NaiveDate;
use guetteur_model::dates::find_dates;
use guetteur_model::fold::fold;

use super::lexicon::{ANNEX, CITES, KIND, REMEDIES};
use super::line_pattern::telling;
use super::page::Line;
use crate::parts::pattern;

/// What the end of an act, or its letterhead, says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Signature {
    /// Day of signature.
    pub on: Option<NaiveDate>,
    /// Name as printed.
    pub by: Option<String>,
    /// Capacity on one line.
    pub capacity: Option<String>,
    /// Whether a place-and-date line or a capacity was found.
    pub found: bool,
}

telling!(
    DONE,
    r"^[^a-z0-9]{0,4}(?:fait|signe) (?:a|au|aux|en) .{2,60}|^[^a-z0-9]{0,4}donne (?:a|au|aux|en) [a-z' -]{2,40}, ?(?:le|ce) |[^a-z]fait (?:a|au|aux) [a-z' -]{2,40},? le |signature au \d"
);
pattern!(
    PLACE_AND_DATE,
    r"^[^a-z]{0,3}[a-z][a-z' -]{2,40}, ?(?:le )?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)? ?\d{1,2}(?:er|[^\d:h])|^[^a-z]{0,3}(?:telephone|tel|mel|affaire|ref)\b.*[a-z], ?le \d{1,2}(?:er|[^\d:h])"
);
pattern!(SIGNED_ON, r"sign[ea]e? (?:par .{3,60} )?le ");
pattern!(
    ROLE,
    r"\b(?:pref[eè]te?|directeur|directrice|secretaire|sous-pref[eè]te?|chef|cheffe|delegation|commissaire|general|colonel|inspect|administrat|interim|adjointe?|recteur|rectrice|ministre|president|deleguee?|ingenieur|commandant|attache|empechement|absence|cabinet)"
);
pattern!(
    CAPACITY,
    r"^[^a-z0-9]{0,4}(?:le |la |l'|les |pour |par |p/|et |de |du |des |en |directeur|directrice|secretaire|sous-pref|chef|adjoint|pref[eè]te?\b|charge)"
);
// « Le préfet, pour le préfet et par délégation, le directeur »: the first line is the form's.
pattern!(PER_PROCURATION, r"^(?:pour l|p/ ?l|par delegation)");
pattern!(SIGNED_BY, r"^(?i)\s*(?:original\s+)?sign[ée]e?\s*(?:par)?\s*:?\s*(?:par\s+)?");
pattern!(CIVILITY, r"^(?:M\.|Mme|Mlle|Monsieur|Madame|Dr|Docteur)\s+");

// Roles, and what else stands in capitals near a signature.
pattern!(
    NO_NAME,
    r"\b(?:pref[eè]te?|directeur|directrice|secretaire|sous-pref[eè]te?|chef|cheffe|delegation|commissaire|general|colonel|inspect|administrat|interim|adjointe?|recteur|rectrice|ministre|president|deleguee?|ingenieur|commandant|attache|empechement|absence|cabinet)|signe|republique|liberte|egalite|fraternite|recueil|article|legion|merite|direction|service|bureau|annexe|arrete"
);

/// Lines looked at after the place and date.
const REACH: usize = 16;

/// Reads the signature from the lines of an act.
pub(crate) fn read(lines: &[&Line<'_>]) -> Signature {
    let stop = lines
        .iter()
        .enumerate()
        .skip(3)
        .position(|(i, l)| i > 6 && REMEDIES.is_match(l) && before_is_signed(lines, i))
        .map_or(lines.len(), |i| i + 3);
    let lines = &lines[..stop];
    let done = lines.iter().position(|l| DONE.is_match(l) && l.folded.len() < 200);
    let dated =
        || lines.iter().rposition(|l| PLACE_AND_DATE.is_match(&l.folded) && l.folded.len() < 80);
    let at = done.or_else(dated).or_else(|| above_a_stamp(lines));
    let mut signature = Signature { found: at.is_some(), ..Signature::default() };
    if let Some(at) = at {
        signature.on = date_near(lines, at);
        below(&lines[at..], &mut signature);
    }
    if signature.on.is_none() {
        signature.on = lines.iter().rev().take(80).find_map(|l| {
            let m = SIGNED_ON.find(&l.folded)?;
            find_dates(&l.folded[m.end()..]).first().map(|d| d.date)
        });
    }
    if signature.on.is_none() {
        signature.on = in_letterhead(lines);
    }
    if let Some(stamp) = electronic::read(lines) {
        signature.found = true;
        signature.on = signature.on.or(stamp.on);
        signature.by = signature.by.or(stamp.by);
    }
    if signature.by.is_none()
        && signature.capacity.is_none()
        && let Some(at) = lines.iter().rposition(|l| {
            l.folded.starts_with("pour le pref") || l.folded.starts_with("pour la pref")
        })
    {
        signature.found = true;
        below(&lines[at..], &mut signature);
    }
    signature
}

// « Valence, le », and the dater's stamp on a line of its own.
pattern!(PLACE_ALONE, r"^[a-z][a-z'-]+(?: [a-z'-]+){0,3}, ?le ?$");
pattern!(STAMPED, r"^[^a-z0-9]{0,4}\d[ .]?\d?[ .]{0,2}[a-z]{3,9}[ .,]{0,2}20\d\d[^a-z0-9]*$");

/// The line of a place and « le » above a stamped day.
fn above_a_stamp(lines: &[&Line<'_>]) -> Option<usize> {
    lines.windows(2).rposition(|pair| {
        pair[0].text.starts_with(char::is_uppercase)
            && PLACE_ALONE.is_match(&pair[0].folded)
            && STAMPED.is_match(&pair[1].folded)
    })
}

// « La préfète Le vendredi 18 avril 2025 Chevalier … »: the day of the week, and no place.
pattern!(
    DAY_ALONE,
    r"(?:^|[a-z)] ?)le (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) \d{1,2}(?:er)? [a-z]{3,9} 20\d\d"
);

/// The day in a letterhead, above what the act is called: below, it would be one of its title.
fn in_letterhead(lines: &[&Line<'_>]) -> Option<NaiveDate> {
    let above = lines.iter().take(LETTERHEAD_LINES);
    above.take_while(|line| !KIND.is_match(line) && !CITES.is_match(line)).find_map(|line| {
        let above = line.folded.split("arrete").next()?;
        let day = DAY_ALONE.find(above)?;
        find_dates(day.as_str()).first().map(|found| found.date)
    })
}

/// Lines of a letterhead at most.
const LETTERHEAD_LINES: usize = 14;

fn before_is_signed(lines: &[&Line<'_>], i: usize) -> bool {
    lines[..i].iter().any(|l| DONE.is_match(l))
}

fn date_near(lines: &[&Line<'_>], at: usize) -> Option<NaiveDate> {
    lines[at..].iter().take(3).find_map(|l| find_dates(&l.folded).first().map(|d| d.date))
}

/// Capacity and name stand below the place and date.
fn below(lines: &[&Line<'_>], signature: &mut Signature) {
    let mut capacity: Vec<&str> = Vec::new();
    // After « Signé » or the capacity a name needs no capitals to be one.
    let mut expected = false;
    for (i, line) in lines.iter().take(REACH).enumerate() {
        if REMEDIES.is_match(line) || (i > 0 && ANNEX.is_match(line)) {
            break;
        }
        let done = i == 0 && DONE.is_match(line);
        let text = if done { behind_year(line.text) } else { line.text };
        if text.is_empty() {
            continue;
        }
        let folded = if done { Cow::Owned(fold(text)) } else { Cow::Borrowed(&*line.folded) };
        let (before, name) = split_name(text, expected);
        let folded_role = ROLE.is_match(&folded);
        if folded_role && CAPACITY.is_match(&folded) && text.chars().count() < 120 {
            let words = if name.is_some() { before } else { text };
            capacity.push(words.trim_matches([',', ' ', '.', ';', ':']));
            expected = true;
        }
        if let Some(name) = name {
            signature.by = Some(name);
            break;
        }
        expected |= folded.contains("signe") && folded.len() < 24;
    }
    if !capacity.is_empty() {
        signature.found = true;
        let acting = capacity.iter().rposition(|line| PER_PROCURATION.is_match(&fold(line)));
        let own = acting.filter(|at| *at + 1 < capacity.len()).unwrap_or(0);
        signature.capacity = Some(crate::title::mend(&capacity[own..].join(", ")));
    }
}

pattern!(YEAR, r"\b20\d\d\b");

/// « Fait à Valence, le 2 mars 2026 Le préfet, Camille EXEMPLE »: what stands behind the day.
fn behind_year(line: &str) -> &str {
    let rest = YEAR.find(line).map_or("", |year| &line[year.end()..]);
    rest.trim_start_matches([' ', ',', '.', ';', '-', '–'])
}

/// A name at the end of a line, and what stands before it.
fn split_name(text: &str, expected: bool) -> (&str, Option<String>) {
    let signed = SIGNED_BY.find(text).filter(|m| m.end() > 3);
    let rest = signed.map_or(text, |m| &text[m.end()..]);
    if let Some(name) = as_name(rest, expected || signed.is_some()) {
        return ("", Some(name));
    }
    match text.rsplit_once([',', ':']) {
        Some((before, last)) => (before, as_name(last, false)),
        None => (text, None),
    }
}

/// Two to five words with capitals, one of them in capitals only unless it follows « Signé ».
fn as_name(text: &str, signed: bool) -> Option<String> {
    let text = text.trim().trim_matches(|c: char| !c.is_alphabetic() && c != '.');
    let text = CIVILITY.find(text).map_or(text, |m| &text[m.end()..]);
    let words: Vec<&str> = text.split_whitespace().collect();
    if !(2..=5).contains(&words.len()) || text.chars().count() > 50 {
        return None;
    }
    let letters =
        |w: &str| w.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'));
    // « d'EXEMPLE »
    let own = |w: &str| w.strip_prefix("d'").or(w.strip_prefix("d’")).unwrap_or(w).to_owned();
    let capital = |w: &&str| own(w).starts_with(char::is_uppercase);
    let particle = |w: &&str| matches!(*w, "de" | "du" | "des" | "d'" | "le" | "la");
    let all_caps = |w: &&str| {
        let w = own(w);
        w.chars().filter(|c| c.is_alphabetic()).count() >= 2
            && w.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
    };
    let ok = words.iter().all(|w| letters(w) && (capital(w) || particle(w)))
        && (signed
            || words.iter().any(all_caps) && !words.iter().all(all_caps)
            || words.iter().all(all_caps) && words.len() <= 3)
        && !NO_NAME.is_match(&fold(text));
    ok.then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use guetteur_model::Page;

    fn signature(text: &str) -> Signature {
        let page = Page::of_text(1, text);
        let view = super::super::page::PageView::new(&page);
        read(&view.lines.iter().collect::<Vec<_>>())
    }

    /// What the visible blocks of signing tools say, line ends where they fall.
    #[test]
    fn electronic_signatures() {
        let blocks = [
            "Signé électroniquement par Camille EXEMPLE le 11 mai 2026",
            "Signé électroniquement par :\nCamille EXEMPLE\nle 11/05/2026 à 17h32",
            "Signature numérique de Camille EXEMPLE\nDate : 2026.05.11 17:32:10 +02'00'",
            "Signature numérique\nde Camille EXEMPLE\nDate : 2026.05.11\n17:32:10 +02'00'",
            "Camille\nEXEMPLE\nSignature numérique de Camille\nEXEMPLE 2100042 ID\nDate : 2026.05.11 17:32:10 +02'00'",
            "Digitally signed by Camille EXEMPLE\nDate: 2026.05.11 17:32:10 +02'00'",
            "Signé par : Camille EXEMPLE\nDate : 11/05/2026\nQualité : préfète",
            "Signé par : Camille EXEMPLE\nDate et heure : 11 mai 2026 à 17h32",
            "Document signé électroniquement le 11 mai 2026 par Camille EXEMPLE, préfète",
            "Signé numériquement par Camille EXEMPLE\nLe : 11/05/26 17:32",
            "Signé électroniquement par Mme Camille EXEMPLE\nla préfète\nle 11 mai 2026",
            "signé électroniquement\nCamille EXEMPLE\nle 11 mai 2026",
            "Camille EXEMPLE\nSignature numérique\nDate : 2026.05.11 17:32:10 +02'00'",
        ];
        for block in blocks {
            let found = signature(&format!("Article 3 : Exécution.\nLa préfète,\n{block}\n"));
            assert_eq!(found.on, NaiveDate::from_ymd_opt(2026, 5, 11), "{block}");
            assert_eq!(found.by.as_deref(), Some("Camille EXEMPLE"), "{block}");
        }
        let found =
            signature("Vu la convention signée par le maire le 3 mai 2026 ;\nVu le code ;\nARRÊTE");
        assert_eq!(found.by, None);
    }

    #[test]
    fn reads() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
        let cases = [
            (
                "Fait à Nîmes, le 08 novembre 2024\nPour le préfet et par délégation,\nle directeur de cabinet\nYann GÉRARD\nVoies et délais de recours : le 9 mai 2025",
                day(2024, 11, 8),
                Some("Yann GÉRARD"),
                Some("Pour le préfet et par délégation, le directeur de cabinet"),
            ),
            (
                "Donné à Foix, ce 9 mars 2026\nSigné : Le sous-préfet, Jean-Marc d'AUBREUIL",
                day(2026, 3, 9),
                Some("Jean-Marc d'AUBREUIL"),
                None,
            ),
            (
                "Fait à Foix, le neuf mars deux mil vingt-six\nLe préfet,\nMarc CHAPPUIS",
                day(2026, 3, 9),
                Some("Marc CHAPPUIS"),
                Some("Le préfet"),
            ),
            (
                "Digne-les-Bains, le 7 mai 2024\nLe préfet,\nSigné : Marc Chappuis",
                day(2024, 5, 7),
                Some("Marc Chappuis"),
                Some("Le préfet"),
            ),
            (
                "Fait à Avignon, le 9 mars 2026\nLe préfet,\nPour le préfet,\nLa directrice de cabinet.,\nIrène VASSEUR",
                day(2026, 3, 9),
                Some("Irène VASSEUR"),
                Some("Pour le préfet, La directrice de cabinet"),
            ),
            ("Fait à Gap, le Ao| ool ce\nLe préfet", None, None, Some("Le préfet")),
            ("Article 3 : le directeur de cabinet est chargé de l'exécution", None, None, None),
            (
                "La préfète de la Drôme Le vendredi 7 mars 2025\nARRÊTÉ\nautorisant la captation le samedi 8 mars 2025",
                day(2025, 3, 7),
                None,
                None,
            ),
            ("ARRÊTÉ\nautorisant la captation\nle samedi 8 mars 2025", None, None, None),
            (
                "Fait à Valence, le 2 mars 2026 Le préfet, Camille EXEMPLE",
                day(2026, 3, 2),
                Some("Camille EXEMPLE"),
                Some("Le préfet"),
            ),
            ("Valence, le\n'2 7 FEV, 2026\nLe préfet,", day(2026, 2, 27), None, Some("Le préfet")),
            ("Fait à Valence, le 1/3/26\nLe préfet,", day(2026, 3, 1), None, Some("Le préfet")),
            ("Fait à Valence, le À 3 MAI 2026\nLe préfet,", None, None, Some("Le préfet")),
            ("Fait à Valence, le 1 g FEV. 2026\nLe préfet,", None, None, Some("Le préfet")),
            ("La captation est autorisée à Valence, le\n7 mars 2026 à 8h", None, None, None),
            (
                "Signature au 3 juin 2025\nLa préfète, Josiane CHEVALIER",
                day(2025, 6, 3),
                Some("Josiane CHEVALIER"),
                Some("La préfète"),
            ),
        ];
        for (text, on, by, capacity) in cases {
            let found = signature(text);
            assert_eq!(
                (found.on, found.by.as_deref(), found.capacity.as_deref()),
                (on, by, capacity),
                "{text}"
            );
        }
    }
}
