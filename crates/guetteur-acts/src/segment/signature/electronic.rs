//! The blocks that signing tools print: « Signature numérique de … Date : … ».

use chrono::NaiveDate;
use guetteur_model::dates::find_dates;
use guetteur_model::fold::{Folded, slice_chars};

use super::super::line_pattern::telling;
use super::super::page::Line;
use super::as_name;
use crate::parts::pattern;

telling!(
    BLOCK,
    r"\bsigne[es]? (?:electroniquement|numeriquement)|\bsignature (?:electronique|numerique|digitale)|digitally signed|^[^a-z0-9]{0,4}(?:document )?signee? par ?:"
);
// Who, as the block names him: up to the day, the quality, the certificate's number.
pattern!(
    SIGNER,
    r"(?:signee?s?|signature|signed)\b[^.:]{0,44}?(?:\bpar|\bde|\bby) ?:? ?(?:m\. |mme |monsieur |madame )?([a-z][a-z' -]{3,60}?) ?(?:$|[,;:(/]|\d|\b(?:le|date|dn|cn|qualite|en|motif|lieu|id)\b|\bl[ea] (?:pref|direct|secret|sous)|\bpref)"
);

/// Lines of a block.
const LINES: usize = 6;

/// What a block says.
pub(super) struct Stamp {
    pub on: Option<NaiveDate>,
    pub by: Option<String>,
}

/// The last block of the act: it ends with the signature.
pub(super) fn read(lines: &[&Line<'_>]) -> Option<Stamp> {
    let mut at = lines.iter().rposition(|line| BLOCK.is_match(line))?;
    // « Signature numérique ⏎ de … »: the block begins where its words do.
    while at > 0 && BLOCK.is_match(lines[at - 1]) {
        at -= 1;
    }
    let block: Vec<&str> = lines[at..].iter().take(LINES).map(|line| line.text).collect();
    let block = block.join(" ");
    let folded = Folded::new(&block);
    let text = folded.as_str();
    let by = SIGNER.captures(text).and_then(|found| {
        let name = found.get(1)?;
        let (start, end) = folded.span(name.start(), name.end());
        as_name(slice_chars(&block, start, end), true)
    });
    // « Signé électroniquement ⏎ Camille EXEMPLE », or the name above the block.
    let beside = || {
        let near = [Some(at + 1), at.checked_sub(1)].into_iter().flatten();
        near.filter_map(|i| lines.get(i)).find_map(|line| as_name(line.text, true))
    };
    let by = by.or_else(beside);
    let on = find_dates(text).first().map(|found| found.date);
    (by.is_some() || on.is_some()).then_some(Stamp { on, by })
}
