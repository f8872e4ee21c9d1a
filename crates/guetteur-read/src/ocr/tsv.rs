//! Tesseract's TSV: one row a word, with its place and confidence.

/// A recognised word; the box is left, top, right, bottom in pixels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OcrWord {
    pub(super) text: String,
    pub(super) bbox: [f32; 4],
    /// 0 to 1.
    pub(super) confidence: f32,
}

/// Words on one line.
pub(super) type OcrLine = Vec<OcrWord>;

/// Level of a word among page, block, paragraph, line.
const WORD: &str = "5";

/// The rows of several pages as they come.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// Number of the page at hand, from 1; 0 before the first.
    number: usize,
    rows: String,
    /// A page came out of turn: which picture these rows are of is not known.
    out_of_turn: bool,
}

impl Pages {
    /// Takes the next row. The first row of a page gives the one before it: its place (from 0) and its
    /// lines. Once a page came out of turn nothing is given any more.
    pub(super) fn take(&mut self, row: &str) -> Option<(usize, Vec<OcrLine>)> {
        let number = row.split('\t').nth(1).and_then(|cell| cell.parse().ok());
        self.out_of_turn |=
            number.is_some_and(|number| number != self.number && number != self.number + 1);
        if self.out_of_turn {
            return None;
        }
        let begins = number.filter(|number| *number != self.number);
        let before = begins.and_then(|number| {
            let rows = std::mem::take(&mut self.rows);
            let before = std::mem::replace(&mut self.number, number);
            Some((before.checked_sub(1)?, parse(&rows)))
        });
        self.rows.push_str(row);
        before
    }

    /// The last page, once all rows are taken.
    pub(super) fn last(self) -> Option<(usize, Vec<OcrLine>)> {
        let place = self.number.checked_sub(1).filter(|_| !self.out_of_turn)?;
        Some((place, parse(&self.rows)))
    }
}

/// Lines in tesseract's order; rows that are not words are left out.
pub(super) fn parse(tsv: &str) -> Vec<OcrLine> {
    let mut lines: Vec<OcrLine> = Vec::new();
    let mut last_line = None;
    for row in tsv.lines() {
        let mut cells = row.splitn(12, '\t');
        let cells: [&str; 12] = std::array::from_fn(|_| cells.next().unwrap_or(""));
        let [level, _, block, par, line, _, left, top, width, height, confidence, text] = cells;
        let text = text.trim();
        if level != WORD || text.is_empty() {
            continue;
        }
        let number = |cell: &str| cell.parse::<f32>().ok().filter(|n| n.is_finite());
        let (Some(left), Some(top), Some(width), Some(height), Some(confidence)) =
            (number(left), number(top), number(width), number(height), number(confidence))
        else {
            continue;
        };
        let word = OcrWord {
            text: mended(text),
            bbox: [left, top, left + width, top + height],
            confidence: (confidence / 100.0).clamp(0.0, 1.0),
        };
        let this_line = Some((block, par, line));
        match lines.last_mut() {
            Some(words) if last_line == this_line => words.push(word),
            _ => lines.push(vec![word]),
        }
        last_line = this_line;
    }
    lines.iter_mut().for_each(mend_citation);
    lines
}

/// Misreadings that are no French words: « ler » for the first article or the first of the month,
/// « arrèté » for the act itself.
fn mended(word: &str) -> String {
    if word.trim_matches(|c: char| !c.is_alphanumeric()) == "ler" {
        return word.replacen('l', "1", 1);
    }
    word.replace("rrèt", "rrêt").replace("RRÈT", "RRÊT")
}

/// No sentence of an act begins with « Va la loi »: that is « Vu », badly read.
fn mend_citation(line: &mut OcrLine) {
    let [first, second, ..] = line.as_mut_slice() else { return };
    let article = matches!(second.text.as_str(), "le" | "la" | "les")
        || second.text.starts_with("l'")
        || second.text.starts_with("l’");
    if first.text == "Va" && article {
        "Vu".clone_into(&mut first.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TSV: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
        1\t1\t0\t0\t0\t0\t0\t0\t1654\t2339\t-1\t\n\
        5\t1\t1\t1\t1\t1\t100\t200\t80\t30\t96.5\tArrêté\n\
        5\t1\t1\t1\t1\t2\t190\t200\t40\t30\t91\tn°\n\
        5\t1\t1\t1\t2\t1\t100\t250\t40\t30\t95\t \n\
        5\t1\t1\t1\t2\t2\t150\t250\t40\t30\t12\t12\n";

    #[test]
    fn groups_words_into_lines() {
        let lines = parse(TSV);
        let texts: Vec<Vec<&str>> =
            lines.iter().map(|l| l.iter().map(|w| w.text.as_str()).collect()).collect();
        assert_eq!(texts, [vec!["Arrêté", "n°"], vec!["12"]]);
        assert!((lines[0][0].confidence - 0.965).abs() < 1e-6);
        assert_eq!(lines[0][0].bbox, [100.0, 200.0, 180.0, 230.0]);
    }

    #[test]
    fn a_page_is_told_when_the_next_begins_and_an_empty_one_is_a_page() {
        let rows = "level\tpage_num\tblock_num\n1\t1\t0\n5\t1\t1\t1\t1\t1\t1\t2\t3\t4\t90\tun\n\
            1\t2\t0\n1\t3\t0\n5\t3\t1\t1\t1\t1\t1\t2\t3\t4\t90\ttrois\n";
        let mut pages = Pages::default();
        let mut told: Vec<_> =
            rows.split_inclusive('\n').filter_map(|row| pages.take(row)).collect();
        assert_eq!(told.len(), 2, "the last may go on");
        told.extend(pages.last());
        let words = |(page, lines): (usize, Vec<OcrLine>)| {
            (page, lines.into_iter().flatten().map(|word| word.text).collect::<Vec<_>>())
        };
        let told: Vec<_> = told.into_iter().map(words).collect();
        let expected = [(0, vec!["un".to_owned()]), (1, vec![]), (2, vec!["trois".to_owned()])];
        assert_eq!(told, expected);
        assert!(Pages::default().last().is_none(), "nothing came");

        let mut strange = Pages::default();
        let rows = ["1\t1\t0\n", "1\t3\t0\n", "1\t4\t0\n"];
        assert!(rows.iter().all(|row| strange.take(row).is_none()), "which is the third?");
        assert!(strange.last().is_none());
    }

    #[test]
    fn a_citation_is_mended_at_the_head_of_its_line() {
        let read = |text: &str| {
            let row = |(i, word)| format!("5\t1\t1\t1\t1\t{i}\t0\t0\t9\t9\t90\t{word}\n");
            let rows: String = text.split(' ').enumerate().map(row).collect();
            super::super::recognise::join(&parse(&rows)[0])
        };
        assert_eq!(read("Va la loi n° 78-17"), "Vu la loi n° 78-17");
        assert_eq!(read("Va l’arrêté du 3 mai"), "Vu l’arrêté du 3 mai");
        for kept in ["Va et vient", "il va la rejoindre", "Va"] {
            assert_eq!(read(kept), kept);
        }
    }

    #[test]
    fn what_is_no_french_word_is_mended() {
        let cases = [
            ("ler", "1er"),
            ("(ler", "(1er"),
            ("ler,", "1er,"),
            ("aller", "aller"),
            ("Ier", "Ier"),
            ("l'arrèté", "l'arrêté"),
            ("ARRÈTE", "ARRÊTE"),
            ("arrière", "arrière"),
            ("ARRETE", "ARRETE"),
        ];
        for (read, expected) in cases {
            assert_eq!(mended(read), expected);
        }
    }

    proptest! {
        #[test]
        fn any_text_parses(tsv in "(5\t|[0-9]{0,3}\t|[a-z\u{e9}\n-]{0,5}){0,60}") {
            let _ = parse(&tsv);
        }
    }
}
