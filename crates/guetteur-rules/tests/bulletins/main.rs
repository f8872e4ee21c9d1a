//! Whole bulletins, composed with known truth, cut, read and classified: boundaries of acts, flags,
//! dates of validity, cameras, communes.
//!
//! The born-digital part runs with the tests. `make eval` prints it, and reads scanned bulletins
//! through the real reader (`scanned_bulletins`, for which `GUETTEUR_READER` names the program
//! `guetteur-read-child`). `GUETTEUR_BULLETINS=n` composes n times as many bulletins.

#![expect(clippy::print_stdout, reason = "the figures are what `make eval` is for")]

mod compose;
mod score;

use std::path::PathBuf;
use std::sync::LazyLock;

use guetteur_acts::{BulletinContext, extract_facts, segment, segment_sommaire};
use guetteur_model::{Act, Basis, Flag, Page};
use guetteur_read::{ChildCommand, OcrMode, ReadOptions, Reader};
use guetteur_rules::{ActInput, RuleSet};
use guetteur_testkit::corpus::{Bulletin, BulletinSpec, Layout};

use compose::{born_digital, scanned};
use score::{Found, Scores};

static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::builtin);

/// Cuts, reads and classifies `pages` as the pipeline does.
fn found(pages: &[Page], bulletin: &Bulletin, spec: &BulletinSpec) -> Vec<Found> {
    let context = BulletinContext {
        title: bulletin.truth.acts.first().map_or("", |act| act.title.as_str()),
        published_on: Some(spec.published_on),
        departement: Some(&spec.departement),
        ..BulletinContext::default()
    };
    let classified = |act: Act| {
        let input =
            ActInput { title: &act.title, title_span: act.title_span.as_ref(), pages: &act.text };
        let flags = RULES.classify(&input);
        let facts = extract_facts(&act, &context);
        Found { act, facts, flags }
    };
    segment(pages, &context).acts.into_iter().map(classified).collect()
}

fn pages(texts: &[String]) -> Vec<Page> {
    Page::of_texts(texts)
}

fn place(spec: &BulletinSpec) -> String {
    format!("{:?} {:?} {} n° {}", spec.layout, spec.medium, spec.departement, spec.seed)
}

#[test]
fn born_digital_bulletins() {
    let mut scores = Scores::default();
    for (spec, bulletin) in born_digital() {
        let pages = pages(&bulletin.texts);
        scores.add(&place(&spec), &bulletin.truth, &found(&pages, &bulletin, &spec));
    }
    println!("== Recueils nés numériques\n{scores}");
    scores.demand(&[
        ("bornes", 0.97),
        ("drapeaux", 0.99),
        ("niveaux", 0.97),
        // « Du 17 au 21, de 21h00 à 5h00 »: the truth has the days alone.
        ("valide du", 0.95),
        ("valide au", 0.95),
        ("caméras", 0.97),
        ("communes", 0.97),
    ]);
}

/// What the sommaire and the dividers tell while the acts' own pages are unread scans.
#[test]
fn first_word_from_the_sommaire() {
    let (mut told, mut clear, mut wrong) = (0, 0, Vec::new());
    for (spec, bulletin) in born_digital() {
        if matches!(spec.layout, Layout::NoContents | Layout::Bare) {
            continue;
        }
        let dividers = u32::from(spec.layout == Layout::National);
        let mut early = pages(&bulletin.texts);
        for act in &bulletin.truth.acts {
            for unread in act.pages.from + dividers..=act.pages.to {
                let text = &mut early[unread as usize - 1].text;
                // The national tool's footer is text over the scan.
                let footer = text.rfind(&format!(" - {}", act.number)).filter(|_| dividers > 0);
                let line = footer.and_then(|at| text[..at].rfind('\n'));
                *text = line.map_or_else(String::new, |at| text[at + 1..].to_owned());
            }
        }
        let context = BulletinContext::default();
        let announced = segment_sommaire(&early, &context).acts;
        for truth in bulletin.truth.acts.iter().filter(|truth| !truth.to_check) {
            let same = |act: &&Act| act.title.to_lowercase() == truth.title.to_lowercase();
            assert!(
                spec.layout != Layout::National
                    || announced.iter().any(|a| a.pages == truth.pages && same(&a)),
                "{} : {} pages {:?}",
                place(&spec),
                truth.title,
                truth.pages
            );
            let flags: Vec<_> = announced
                .iter()
                .find(same)
                .map(|act| RULES.classify_sommaire(&act.title, act.title_span.as_ref()))
                .unwrap_or_default();
            assert!(flags.iter().all(|flag| flag.basis == Basis::Sommaire));
            for flag in truth.flags.iter().filter(|flag| flag.level.alerts()) {
                clear += 1;
                told += usize::from(flags.iter().any(|f| f.category == flag.category));
            }
            let known = |f: &Flag| truth.flags.iter().any(|t| t.category == f.category);
            wrong
                .extend(flags.into_iter().filter(|f| !f.to_check && f.level.alerts() && !known(f)));
        }
    }
    println!("== Sommaires : {told} drapeaux annoncés sur {clear}, {} faux", wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(clear > 100 && told * 100 >= clear * 85, "{told}/{clear}");
}

#[test]
#[ignore = "reads scans for minutes: `make eval`"]
fn scanned_bulletins() {
    let child = std::env::var_os("GUETTEUR_READER").map(PathBuf::from);
    let child = child.expect("GUETTEUR_READER names guetteur-read-child");
    let reader = Reader::new(ReadOptions {
        ocr: OcrMode::Auto,
        child: ChildCommand::program(child),
        ..ReadOptions::default()
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let dir = tempfile::tempdir().expect("a folder");
    let mut scores = Scores::default();
    for (spec, bulletin) in scanned() {
        let path = dir.path().join("recueil.pdf");
        std::fs::write(&path, &bulletin.pdf).expect("written");
        let mut pages = Vec::new();
        let read = runtime.block_on(reader.read(&path, |page| pages.push(page.clone())));
        read.expect("a composed bulletin can be read");
        scores.add(&place(&spec), &bulletin.truth, &found(&pages, &bulletin, &spec));
    }
    println!("== Recueils numérisés (200 ppp)\n{scores}");
    scores.demand(&[
        ("bornes", 0.93),
        ("drapeaux", 0.97),
        ("valide du", 0.93),
        ("valide au", 0.93),
        ("caméras", 0.93),
        ("communes", 0.93),
    ]);
}
