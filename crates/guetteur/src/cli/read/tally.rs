//! What became of pages, counted: by method, by reason of OCR; files that could not be read.

use std::collections::BTreeMap;

use guetteur_model::Page;
use guetteur_read::MethodCounts;

use crate::cli::words::count;

/// Pages by what became of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    methods: MethodCounts,
    /// Notes of pages, with how many have them.
    notes: BTreeMap<String, u64>,
}

impl Tally {
    pub(super) fn add(&mut self, page: &Page) {
        self.methods.add(page);
        if let Some(note) = note(page) {
            *self.notes.entry(note.to_owned()).or_default() += 1;
        }
    }

    pub(super) fn pages(&self) -> u64 {
        let m = self.methods;
        u64::from(m.text + m.empty + m.failed) + self.recognised()
    }

    pub(super) fn recognised(&self) -> u64 {
        u64::from(self.methods.ocr + self.methods.both)
    }

    /// « 8 texte, 2 OCR, 1 sans mots ».
    pub(super) fn methods(&self) -> String {
        let m = self.methods;
        let methods = [
            (m.text, "texte"),
            (m.ocr, "OCR"),
            (m.both, "texte et OCR"),
            (m.empty, "sans mots"),
            (m.failed, "en échec"),
        ];
        let there = methods.iter().filter(|(pages, _)| *pages > 0);
        there.map(|(pages, word)| format!("{pages} {word}")).collect::<Vec<_>>().join(", ")
    }

    /// « 12 pages : OCR : image sans texte », the most frequent first.
    pub(super) fn reasons(&self) -> Vec<String> {
        let mut notes: Vec<(&String, u64)> = self.notes.iter().map(|(n, p)| (n, *p)).collect();
        notes.sort_by_key(|(_, pages)| std::cmp::Reverse(*pages));
        notes
            .into_iter()
            .map(|(note, pages)| format!("{} : {note}", count(pages, "page", "pages")))
            .collect()
    }
}

/// The page's note; its number stands in that of one that failed.
pub(super) fn note(page: &Page) -> Option<&str> {
    let note = page.note.as_deref()?;
    Some(note.strip_prefix(&format!("page {} : ", page.number)).unwrap_or(note))
}

#[cfg(test)]
mod tests {
    use guetteur_model::Method;

    use super::*;

    #[test]
    fn pages_are_counted_by_method_and_reason() {
        let mut tally = Tally::default();
        let page = |number, method, note: &str| Page {
            method,
            note: Some(note.to_owned()).filter(|note| !note.is_empty()),
            ..Page::of_text(number, "")
        };
        for page in [
            page(1, Method::Text, ""),
            page(2, Method::Failed, "page 2 : plus de 60 s"),
            page(3, Method::Ocr, "reconnue"),
            page(4, Method::Both, "reconnue"),
            page(5, Method::Failed, "page 5 : plus de 60 s"),
            page(6, Method::Ocr, "reconnue"),
        ] {
            tally.add(&page);
        }
        assert_eq!((tally.pages(), tally.recognised()), (6, 3));
        assert_eq!(tally.methods(), "1 texte, 2 OCR, 1 texte et OCR, 2 en échec");
        assert_eq!(tally.reasons(), ["3 pages : reconnue", "2 pages : plus de 60 s"]);
    }
}
