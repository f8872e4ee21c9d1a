//! Titles as readers should see them: lines joined, the commonest damage of extraction mended.

use guetteur_model::fold::fold;
use guetteur_model::lost_glyph;

use crate::parts::pattern;

/// Word parts after which a hyphen at the end of a line belongs to the word (`sous-⏎préfet`).
const HYPHENATED: [&str; 14] = [
    "sous", "vice", "ex", "non", "mi", "semi", "demi", "avant", "après", "arrière", "grand", "là",
    "celui", "poids",
];

pattern!(NUMBERED, r"\bn ?(?:°|o\b)|\d[-/_.]\d|permanent");
pattern!(
    DESIGNATION,
    r"^[^a-z0-9]*(?:(?:arretes?|decisions?|avis|ap|a r r e t e|(?:inter)?prefectora[a-z]+|permanente?|temporaire|conjointe?|modificati[a-z]+|complementaire|n ?°|no|numero|du|en date|le|date|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|1er|[a-z_/.-]*\d[a-z0-9_/.-]*|[a-z]{2,12}(?:[/_-][a-z0-9]+)*[/_-]\d[a-z0-9_/.-]*)[^a-z0-9]*)*$"
);

/// Whether a title names its act by kind and number, with a day or none, and not what it does. A day
/// alone is what some prefectures publish as the title.
#[must_use]
pub(crate) fn is_designation(title: &str) -> bool {
    let folded = if title.len() < 200 { fold(title) } else { return false };
    NUMBERED.is_match(&folded) && DESIGNATION.is_match(&folded)
}

// « SG/DCLmodifiant », « CABautorisant »: what the act does, glued to the code of a service.
pattern!(
    GLUED_VERB,
    r"\p{Lu}{2}(?:portant|autorisant|modifiant|abrogeant|relati(?:f|ve)|interdisant|instituant|prorogeant|fixant|r[ée]glementant|prescrivant|donnant|accordant)\b"
);

// « PRÉFECTURE – Cabinet p 4- Arrêté du 3 mai »: a service and the page, before an entry that a bullet
// begins.
pattern!(
    SERVICE_AND_PAGE,
    r"^[^.;:]{0,90}?\bp ?\.? ?\d{1,3} ?[-–] ?(Arr[êéE]|ARR|D[ée]cision|DECISION|Avis|AVIS)"
);

/// `title` from the kind of the act on.
pub(crate) fn without_service(title: &str) -> &str {
    let kind = SERVICE_AND_PAGE.captures(title).and_then(|found| found.get(1));
    kind.map_or(title, |kind| &title[kind.start()..])
}

/// Joins lines and mends: lost glyphs (`l□enregistrement`, `C□UR`), `I'image`, `d''images`,
/// hyphens at line ends, runs of spaces, a verb glued to the code of a service. Other glued words are
/// kept as they are.
#[must_use]
pub(crate) fn mend(raw: &str) -> String {
    let mut joined = join_lines(raw);
    let service = joined.len() - without_service(&joined).len();
    joined.drain(..service);
    let glued = GLUED_VERB
        .find(&joined)
        .map(|m| m.start() + m.as_str().chars().take(2).map(char::len_utf8).sum::<usize>());
    if let Some(verb) = glued {
        joined.insert(verb, ' ');
    }
    if !is_damaged(&joined) {
        return joined;
    }
    let chars: Vec<char> = joined.chars().collect();
    // Two lost signs between spaces held a name: « Les Marronniers ». One was a dash.
    let alone = |i: usize| {
        chars[i] == '□'
            && (i == 0 || chars[i - 1] == ' ')
            && chars.get(i + 1).is_none_or(|c| *c == ' ')
    };
    let lone: Vec<usize> = (0..chars.len()).filter(|&i| alone(i)).collect();
    let mut mended = String::with_capacity(joined.len());
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| chars[i]);
        let after = chars.get(i + 1).copied();
        match c {
            '\'' | '’' if matches!(before, Some('\'' | '’')) => {}
            'I' | '|' if starts_elision(before, after, chars.get(i + 2).copied()) => {
                mended.push('l');
            }
            '□' if lone.len() == 2 && lone.contains(&i) => {
                mended.push(if lone[0] == i { '«' } else { '»' });
            }
            '□' | '\u{fffd}' => mended.push(lost_glyph(before, after)),
            c => mended.push(c),
        }
    }
    mended.replace(" )", ")").replace("( ", "(").trim().to_owned()
}

/// Whether a title has anything to mend but its lines: most have nothing.
fn is_damaged(joined: &str) -> bool {
    let mut before = ' ';
    joined.chars().any(|c| {
        let quote = matches!(c, '\'' | '’');
        let bracket = c == ')' && before == ' ' || c == ' ' && before == '(';
        let damaged = matches!(c, '□' | '\u{fffd}')
            || quote && matches!(before, '\'' | '’' | 'I' | '|')
            || bracket;
        before = c;
        damaged
    })
}

fn starts_elision(before: Option<char>, after: Option<char>, next: Option<char>) -> bool {
    before.is_none_or(|c| !c.is_alphanumeric())
        && matches!(after, Some('\'' | '’'))
        && next.is_some_and(char::is_lowercase)
}

fn join_lines(raw: &str) -> String {
    let mut joined = String::with_capacity(raw.len());
    for line in raw.lines() {
        let mut words = line.split_whitespace();
        let Some(first) = words.next() else { continue };
        if joined.ends_with('-') && !joined.ends_with(" -") {
            if breaks_a_word(&joined, first) {
                joined.pop();
            }
        } else if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(first);
        for word in words {
            joined.push(' ');
            joined.push_str(word);
        }
    }
    joined
}

/// Whether the hyphen that ends `line` was put there by the line's end.
fn breaks_a_word(line: &str, next: &str) -> bool {
    let stem = line.trim_end_matches('-');
    let word = stem.rsplit([' ', '\'', '’']).next().unwrap_or_default();
    next.starts_with(char::is_lowercase)
        && word.chars().last().is_some_and(char::is_lowercase)
        && !word.contains('-')
        && !HYPHENATED.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn designations() {
        let cases = [
            ("Arrêté n° 1013-2025-0694", true),
            ("ARRÊTÉ PERMANENT", true),
            ("Arrêté préfectoral n° CAB-SSI-2026-041 du 12 février 2026", true),
            ("Arrêté du 3 mai 2026", false),
            ("Arrêté n° 1013-25-0380 portant autorisation", false),
            ("AP 2025 CAB BSIR 14", false),
            ("Vidéoprotection-Cigusto-raa", false),
        ];
        for (title, expected) in cases {
            assert_eq!(is_designation(title), expected, "{title}");
        }
    }

    #[test]
    fn mends() {
        let cases = [
            (
                "Arrêté autorisant la captation,\n l□enregistrement",
                "Arrêté autorisant la captation, l'enregistrement",
            ),
            ("Afrique du Sud □ Irlande", "Afrique du Sud – Irlande"),
            ("Bar □ Chez Firmin □ à Die", "Bar « Chez Firmin » à Die"),
            ("C□UR de ville", "CŒUR de ville"),
            ("mise en □uvre", "mise en œuvre"),
            ("installées sur des aéro-\nnefs", "installées sur des aéronefs"),
            ("le sous-\npréfet de Saint-\nMalo", "le sous-préfet de Saint-Malo"),
            ("transmissiond'images", "transmissiond'images"),
            ("d''images par I'enregistrement", "d'images par l'enregistrement"),
            ("( 4 pages )", "(4 pages)"),
            ("Arrêté (n° 3)\n portant |'abrogation", "Arrêté (n° 3) portant l'abrogation"),
            ("match A -\nB", "match A - B"),
            ("Arrêté SG/DCLmodifiant la liste", "Arrêté SG/DCL modifiant la liste"),
            ("Arrêté PORTANT délégation", "Arrêté PORTANT délégation"),
            (
                "PRÉFECTURE DE LA DRÔMECabinet p 4- Arrêté du 3 mai 2026\nautorisant",
                "Arrêté du 3 mai 2026 autorisant",
            ),
        ];
        for (raw, expected) in cases {
            assert_eq!(mend(raw), expected);
        }
    }
}
