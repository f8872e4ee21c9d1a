//! Pages to acts with facts and flags: the pure middle of the line, shared by the pipeline and by
//! `guetteur analyse`.

use chrono::NaiveDate;
use guetteur_acts::{
    ACTS_VERSION, ActText, BulletinContext, Segmentation, act_fingerprint, act_keys, extract_facts,
    numbered_title, parts, reference_key, segment, segment_sommaire,
};
use guetteur_law::{ActUnderLaw, Library, legal_doubts};
use guetteur_model::{Act, Facts, Flag, LegalDoubt, Level, Page, Span};
use guetteur_rules::{ActInput, RuleSet};
use guetteur_store::{ActIdentity, AnalysedAct};

/// Confidence of an act that is not read to its end, at most: that of an announced one.
const ANNOUNCED: f32 = 0.6;

/// A bulletin, cut and flagged.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Its acts, in order.
    pub acts: Vec<AnalysedAct>,
    /// Pages that belong to no act.
    pub outside: Vec<u32>,
    /// Day of publication: the context's, else the cover's. The facts count their notice from it.
    pub published_on: Option<NaiveDate>,
    /// The cover's words, when the day comes from there.
    pub published_span: Option<Span>,
}

/// Cuts `pages` into acts, reads their facts, flags them, and holds what they grant against the law.
#[must_use]
pub fn analyse(
    pages: &[Page],
    context: &BulletinContext<'_>,
    rules: &RuleSet,
    law: &Library,
) -> Analysis {
    analysis(segment(pages, context), context, law, |act| {
        rules.classify(&ActInput {
            title: &act.title,
            title_span: act.title_span.as_ref(),
            pages: &act.text,
        })
    })
}

/// As [`analyse`] while the pages `awaiting` are not recognised yet. What is said of an act with such
/// a page is to be checked, and may rest on its title alone.
#[must_use]
pub fn analyse_partly(
    pages: &[Page],
    awaiting: &[u32],
    context: &BulletinContext<'_>,
    rules: &RuleSet,
    law: &Library,
) -> Analysis {
    let mut analysis = analyse(pages, context, rules, law);
    let is_unread = |act: &Act| awaiting.iter().any(|page| act.pages.contains(*page));
    for AnalysedAct { act, facts, flags, .. } in &mut analysis.acts {
        if !is_unread(act) {
            continue;
        }
        act.confidence = act.confidence.min(ANNOUNCED);
        if flags.is_empty() {
            *flags = rules.classify_sommaire(&act.title, act.title_span.as_ref());
        }
        flags.iter_mut().for_each(|flag| flag.to_check = true);
        // What is to be checked is doubted by nobody yet.
        facts.legal_doubts.clear();
    }
    analysis
}

/// What sommaire, divider pages and footers alone announce, before any scan is read: acts with a
/// confidence of at most 0.6 and flags of the basis `sommaire`. `pages` are those whose text needs
/// no OCR; the others may be missing or empty. [`analyse`] on all pages replaces it. Empty when
/// nothing announces an act.
#[must_use]
pub fn analyse_sommaire(
    pages: &[Page],
    context: &BulletinContext<'_>,
    rules: &RuleSet,
    law: &Library,
) -> Analysis {
    analysis(segment_sommaire(pages, context), context, law, |act| {
        rules.classify_sommaire(&act.title, act.title_span.as_ref())
    })
}

fn analysis(
    cut: Segmentation,
    context: &BulletinContext<'_>,
    law: &Library,
    flags: impl Fn(&Act) -> Vec<Flag>,
) -> Analysis {
    let Segmentation { acts, outside, bulletin, .. } = cut;
    let context = BulletinContext {
        published_on: bulletin.published_on,
        departement: context.departement.or(bulletin.departement.as_deref()),
        ..*context
    };
    let analysed = |act: Act| {
        let mut facts = extract_facts(&act, &context);
        let flags = flags(&act);
        facts.legal_doubts = doubts(&act, &facts, &flags, law);
        let identity = ActIdentity {
            keys: act_keys(&act),
            references: facts.amends.iter().filter_map(reference_key).collect(),
            sameness: act_fingerprint(&act, &facts),
            numbered_title: numbered_title(&act),
        };
        AnalysedAct { act, facts, flags, identity }
    };
    Analysis {
        acts: acts.into_iter().map(analysed).collect(),
        outside,
        published_on: bulletin.published_on,
        published_span: bulletin.published_span,
    }
}

/// What the act may lack in law; folded again only where it grants something.
fn doubts(act: &Act, facts: &Facts, flags: &[Flag], law: &Library) -> Vec<LegalDoubt> {
    if !flags.iter().any(|flag| flag.level == Level::Authorises && !flag.to_check) {
        return Vec::new();
    }
    let text = ActText::new(act);
    let articles: Vec<_> = parts(&text).articles.into_iter().map(|a| a.range).collect();
    let act = ActUnderLaw {
        facts,
        flags,
        text: text.as_str(),
        title: text.title(),
        articles: &articles,
        span: &|range| text.span(range),
    };
    legal_doubts(law, &act)
}

/// Changes whenever the cutting, the facts, the rules or the law do: stored beside what they gave.
#[must_use]
pub fn analysis_version(rules: &RuleSet, law: &Library) -> String {
    format!("a{ACTS_VERSION}-r{}-l{}", rules.version(), law.version())
}

#[cfg(test)]
mod tests {
    use guetteur_model::{Basis, LegalDoubtKind};

    use super::*;

    const COVER: &str =
        "ARDÈCHE\nRECUEIL DES ACTES\nADMINISTRATIFS\nN°07-2026-101\nPUBLIÉ LE 12 AOÛT 2026";
    const CONTENTS: &str = "Sommaire\nPréfecture de l'Ardèche / Cabinet\n\
        07-2026-08-11-00004 - Arrêté autorisant la captation, l'enregistrement et la transmission\n\
        d'images au moyen de caméras installées sur des aéronefs le 14 août 2026 de 10h00 à 20h00\n\
        (2 pages) Page 3\n\
        07-2026-08-11-00005 - Arrêté portant ouverture de la chasse (1 page) Page 6";
    const FOOTER: &str = "Préfecture de l'Ardèche - 07-2026-08-11-00004 - Arrêté autorisant la \
        captation, l'enregistrement et la transmission d'images au\nmoyen de caméras installées \
        sur des aéronefs le 14 août 2026 de 10h00 à 20h00";

    #[test]
    fn the_first_word_comes_before_the_scans_are_read() {
        let divider = "Préfecture de l'Ardèche\n07-2026-08-11-00004\nArrêté autorisant la captation,\n\
            l'enregistrement et la transmission d'images\nau moyen de caméras installées sur des\n\
            aéronefs le 14 août 2026 de 10h00 à 20h00";
        let scan = format!("{FOOTER} 4");
        let early = Page::of_texts([COVER, CONTENTS, divider, &scan, &scan.replace(" 4", " 5")]);
        let context = BulletinContext { departement: Some("07"), ..BulletinContext::default() };
        let rules = RuleSet::builtin();
        let found = analyse_sommaire(&early, &context, &rules, &Library::built_in());

        let [drone, hunt] = &found.acts[..] else { panic!("{found:?}") };
        assert_eq!(drone.act.number.as_deref(), Some("07-2026-08-11-00004"));
        assert_eq!((drone.act.pages.from, drone.act.pages.to), (3, 5));
        assert!(drone.act.confidence <= 0.6);
        let [flag] = &drone.flags[..] else { panic!("{:?}", drone.flags) };
        assert_eq!(flag.category.as_str(), "drone");
        assert_eq!((flag.level, flag.basis), (Level::Authorises, Basis::Sommaire));
        assert!(!flag.evidence.is_empty());
        assert!(hunt.flags.is_empty());
        // The notice counts from the day on the cover.
        assert_eq!(found.published_on, NaiveDate::from_ymd_opt(2026, 8, 12));
        assert_eq!(found.published_span.as_ref().map(|s| s.text.as_str()), Some("12 AOÛT 2026"));
        assert_eq!(drone.facts.notice_hours, Some(58.0));
    }

    #[test]
    fn what_is_not_read_yet_is_to_be_checked() {
        let scan = format!("{FOOTER} 4");
        let early = Page::of_texts([COVER, CONTENTS, "Arrêté du préfet", &scan, &scan]);
        let (context, rules) = (BulletinContext::default(), RuleSet::builtin());
        let law = Library::built_in();
        let found = analyse_partly(&early, &[4], &context, &rules, &law);
        let drone = found.acts.iter().find(|act| !act.flags.is_empty()).expect("the title tells");
        assert!(drone.act.pages.contains(4) && drone.act.confidence <= 0.6, "{drone:?}");
        assert!(drone.flags.iter().all(|flag| flag.to_check));
        assert!(drone.facts.legal_doubts.is_empty());
        assert_eq!(
            analyse_partly(&early, &[], &context, &rules, &law),
            analyse(&early, &context, &rules, &law)
        );
    }

    #[test]
    fn footers_announce_what_nothing_else_does() {
        let scan = format!("{FOOTER} 4");
        let found = analyse_sommaire(
            &Page::of_texts([COVER, &scan]),
            &BulletinContext::default(),
            &RuleSet::builtin(),
            &Library::built_in(),
        );
        let [drone] = &found.acts[..] else { panic!("{found:?}") };
        assert_eq!(drone.flags[0].basis, Basis::Sommaire);
        let nothing = analyse_sommaire(
            &Page::of_texts(["", ""]),
            &BulletinContext::default(),
            &RuleSet::builtin(),
            &Library::built_in(),
        );
        assert!(nothing.acts.is_empty());
    }

    #[test]
    fn a_site_that_gives_the_day_is_believed() {
        let day = NaiveDate::from_ymd_opt(2026, 8, 13);
        let context = BulletinContext { published_on: day, ..BulletinContext::default() };
        let (rules, law) = (RuleSet::builtin(), Library::built_in());
        let found = analyse(&Page::of_texts([COVER, CONTENTS]), &context, &rules, &law);
        assert_eq!((found.published_on, found.published_span), (day, None));
    }

    /// Two months too long: the doubt stands in the facts, with its words. That it was told on the eve
    /// keeps no judge from stopping what lasts so long.
    #[test]
    fn what_an_act_may_lack_in_law_stands_in_its_facts() {
        let act = "PRÉFET DE L'ARDÈCHE\nArrêté n° 2026-77\nautorisant la captation d'images au \
            moyen de caméras installées sur des aéronefs\nLe préfet,\nVu le code de la sécurité \
            intérieure ;\nARRÊTE\nArticle 1er : La gendarmerie est autorisée à capter des images \
            au moyen de deux caméras installées sur des aéronefs du 2 mars 2026 au 30 juillet 2026 \
            au titre de la surveillance des frontières.\nArticle 2 : Le public est informé.\n\
            Fait à Privas, le 27 février 2026";
        let published_on = NaiveDate::from_ymd_opt(2026, 3, 1);
        let context = BulletinContext { published_on, ..BulletinContext::default() };
        let (rules, law) = (RuleSet::builtin(), Library::built_in());
        let found = analyse(&Page::of_texts([act]), &context, &rules, &law);
        let doubts = &found.acts[0].facts.legal_doubts;
        let kinds: Vec<_> = doubts.iter().map(|doubt| doubt.kind).collect();
        assert_eq!(kinds, [LegalDoubtKind::TooLong]);
        assert_eq!(doubts[0].text, "csi-l242-5");
        assert!(doubts[0].says.contains("30 juillet 2026"), "{doubts:?}");
        assert!(doubts[0].evidence[0].text.contains("juillet"), "{doubts:?}");
    }
}
