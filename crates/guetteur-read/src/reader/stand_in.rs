//! Pages that stand in for what a viewer should have shown: XFA forms, portfolios. They are no text
//! of the document.

use guetteur_model::{PORTFOLIO_STANDS_IN, XFA_STANDS_IN};

use crate::protocol::Opened;

/// A longer text is one of its own.
const LONGEST: usize = 2_500;

/// What is said of the page if it is such a page.
pub(super) fn stands_in(text: &str, opened: &Opened) -> Option<&'static str> {
    if text.len() > LONGEST {
        return None;
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let has = |words: &[&str]| words.iter().all(|word| text.contains(word));
    let waits = has(&["please wait", "viewer"])
        || has(&["veuillez patienter", "document"])
        || has(&["adobe reader", "afficher", "type de document"]);
    if opened.xfa && waits {
        return Some(XFA_STANDS_IN);
    }
    let portfolio = has(&["portfolio", "acrobat"])
        || has(&["portfolio", "adobe reader"])
        || has(&["porte-documents", "adobe"])
        || has(&["porte-documents", "acrobat"]);
    (opened.embedded_files > 0 && portfolio).then_some(PORTFOLIO_STANDS_IN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_viewers_are_no_text() {
        let wait = "Please wait...\nIf this message is not eventually replaced by the proper contents \
            of the document, your PDF\nviewer may not be able to display this type of document.";
        let cover =
            "For the best experience, open this PDF portfolio in\nAcrobat X or Adobe Reader X";
        let xfa = Opened { xfa: true, ..Opened::default() };
        let portfolio = Opened { embedded_files: 2, ..Opened::default() };
        assert!(stands_in(wait, &xfa).is_some() && stands_in(cover, &portfolio).is_some());
        assert_eq!(stands_in(wait, &Opened::default()), None, "no form");
        assert_eq!(stands_in(cover, &xfa), None);
        assert_eq!(stands_in("Arrêté portant autorisation", &portfolio), None);
    }
}
