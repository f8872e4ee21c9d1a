//! `guetteur read`.

use std::path::PathBuf;

use clap::Args;
use guetteur_model::Page;
use guetteur_read::{OcrMode, Reader, WordBox};
use serde::Serialize;

use super::{Context, Failure, output};
use crate::app;

#[derive(Args)]
pub(super) struct Arguments {
    /// Le PDF à lire
    file: PathBuf,
    /// Quand reconnaître les caractères : auto, never ou always
    #[arg(long, default_value = "auto", value_parser = parse_mode)]
    ocr: OcrMode,
    /// Avec --json : chaque mot et sa place sur la page, en points depuis le coin supérieur gauche
    #[arg(long)]
    boxes: bool,
}

/// A page as `--json` writes it.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    page: &'a Page,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    words: &'a [WordBox],
}

fn parse_mode(text: &str) -> Result<OcrMode, String> {
    text.parse()
}

impl Arguments {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = if context.config.read.jobs == 0 { cores } else { context.config.read.jobs };
        let mut options = app::read_options(&context.config, jobs);
        options.ocr = self.ocr;
        options.boxes = self.boxes && context.json;
        let mut broken = None;
        let report = Reader::new(options)
            .read_with_boxes(&self.file, |page, words| {
                let written = if context.json {
                    output::json_line(&Line { page, words })
                } else {
                    output::line(&format!(
                        "— page {} ({}) —\n{}",
                        page.number, page.method, page.text
                    ))
                };
                if let Err(error) = written {
                    broken.get_or_insert(error);
                }
            })
            .await
            .map_err(anyhow::Error::from)?;
        if let Some(error) = broken {
            return Err(error.into());
        }
        if !context.json {
            let m = report.methods;
            eprintln!(
                "{} pages en {:.1} s : {} texte, {} OCR, {} texte et OCR, {} sans mots, {} en échec",
                report.pages,
                report.ms as f64 / 1000.0,
                m.text,
                m.ocr,
                m.both,
                m.empty,
                m.failed
            );
        }
        for note in &report.notes {
            eprintln!("{} : {note}", self.file.display());
        }
        Ok(())
    }
}
