//! Reading bytes, and comparing words.

use std::collections::HashMap;
use std::io::Write;

use guetteur_model::Page;
use guetteur_read::{ChildCommand, DocumentReport, ReadError, ReadOptions, Reader, WordBox};
use guetteur_testkit::pdf::{Block, Flow, PageSpec};
use tempfile::NamedTempFile;

pub(crate) const PROSE: &str = "Considérant que la manifestation prévue le samedi 15 mars 2025 à \
    Valence est susceptible d'attirer plusieurs milliers de personnes ; que les services de police \
    doivent pouvoir apprécier l'ampleur des rassemblements et prévenir les atteintes à la sécurité \
    des personnes et des biens dans des lieux particulièrement exposés ; que le recours à la \
    captation d'images au moyen de caméras installées sur des aéronefs est nécessaire et \
    proportionné ; qu'il n'existe pas de dispositif moins intrusif permettant de parvenir aux mêmes \
    fins ; que la durée de l'autorisation est limitée à celle de l'événement.";

/// A page or two of an act.
pub(crate) fn act(paragraphs: usize) -> Vec<PageSpec> {
    let body = (0..paragraphs).map(|i| Block::paragraph(format!("Article {} : {PROSE}", i + 1)));
    Flow::a4()
        .blocks([Block::title("ARRÊTÉ n° 2025-074-001 du préfet de la Drôme")])
        .blocks(body)
        .pages()
}

pub(crate) fn options() -> ReadOptions {
    ReadOptions {
        child: ChildCommand::program(env!("CARGO_BIN_EXE_guetteur-read-child")),
        jobs: 2,
        ..ReadOptions::default()
    }
}

pub(crate) struct Reading {
    pub(crate) pages: Vec<Page>,
    pub(crate) words: Vec<Vec<WordBox>>,
    pub(crate) report: DocumentReport,
}

pub(crate) fn on_disk(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("written");
    file
}

pub(crate) async fn try_read(bytes: &[u8], options: ReadOptions) -> Result<Reading, ReadError> {
    let file = on_disk(bytes);
    let (mut pages, mut words) = (Vec::new(), Vec::new());
    let keep = |page: &Page, boxes: &[WordBox]| {
        pages.push(page.clone());
        words.push(boxes.to_vec());
    };
    let report = Reader::new(options).read_with_boxes(file.path(), keep).await?;
    Ok(Reading { pages, words, report })
}

pub(crate) async fn read(bytes: &[u8], options: ReadOptions) -> Reading {
    let reading = try_read(bytes, options).await.expect("readable");
    let numbers: Vec<u32> = reading.pages.iter().map(|p| p.number).collect();
    let expected: Vec<u32> = (1..).take(numbers.len()).collect();
    assert_eq!(numbers, expected, "pages come in order");
    reading
}

/// Share of the words of `truth` that are found in `text`, each as often as it stands there.
#[expect(clippy::cast_precision_loss, reason = "a share")]
pub(crate) fn recall(truth: &str, text: &str) -> f64 {
    let mut found: HashMap<String, usize> = HashMap::new();
    for word in words(text) {
        *found.entry(word).or_default() += 1;
    }
    let wanted: Vec<String> = words(truth).collect();
    let hits = wanted.iter().filter(|word| match found.get_mut(*word) {
        Some(left) if *left > 0 => {
            *left -= 1;
            true
        }
        _ => false,
    });
    hits.count() as f64 / wanted.len() as f64
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}
