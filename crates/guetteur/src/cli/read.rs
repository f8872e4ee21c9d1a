//! `guetteur read`.

mod progress;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use guetteur_model::Page;
use guetteur_read::{OcrMode, Reader, WordBox};
use serde::Serialize;

use super::{Context, Failure, output};
use crate::app;
use progress::Progress;

#[derive(Args)]
pub(super) struct Arguments {
    /// Les PDF à lire ; d'un dossier, tous ceux qui s'y trouvent
    #[arg(required = true)]
    files: Vec<PathBuf>,
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
    /// Where several files are read.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a Path>,
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
        let reader = Reader::new(options);
        let several = self.files.len() > 1 || self.files[0].is_dir();
        let files = pdfs(&self.files)?;
        let mut progress = Progress::new(files.len());
        if several {
            progress.survey(&reader, &files).await;
        }
        let mut failed = 0;
        for file in &files {
            let printer = Printer { json: context.json, file: several.then_some(file) };
            match read(&reader, file, &printer, &mut progress).await {
                Ok(()) => {}
                Err(error) if several => {
                    failed += 1;
                    progress.say(&format!("{error:#}"));
                }
                Err(error) => return Err(error.into()),
            }
        }
        progress.end();
        if failed > 0 {
            return Err(
                anyhow::anyhow!("{failed} fichier(s) sur {} illisible(s)", files.len()).into()
            );
        }
        Ok(())
    }
}

async fn read(
    reader: &Reader,
    file: &Path,
    printer: &Printer<'_>,
    progress: &mut Progress,
) -> anyhow::Result<()> {
    let mut broken = None;
    progress.begin(file);
    let report = reader
        .read_with_boxes(file, |page, words| {
            progress.page(page);
            if let Err(error) = printer.page(page, words) {
                broken.get_or_insert(error);
            }
        })
        .await?;
    progress.file(file, &report);
    broken.map_or(Ok(()), Err)
}

/// Writes pages to stdout.
struct Printer<'a> {
    json: bool,
    file: Option<&'a PathBuf>,
}

impl Printer<'_> {
    fn page(&self, page: &Page, words: &[WordBox]) -> anyhow::Result<()> {
        let file = self.file.map(PathBuf::as_path);
        if self.json {
            return output::json_line(&Line { file, page, words });
        }
        let of = file.map(|file| format!("{}, ", file.display())).unwrap_or_default();
        output::line(&format!("— {of}page {} ({}) —\n{}", page.number, page.method, page.text))
    }
}

/// The files named, and of folders all PDFs in and below them, each folder's by name.
fn pdfs(named: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut left: Vec<PathBuf> = named.iter().rev().cloned().collect();
    while let Some(path) = left.pop() {
        if !path.is_dir() {
            files.push(path);
            continue;
        }
        let read = || format!("lire le dossier {}", path.display());
        let entries = std::fs::read_dir(&path).with_context(read)?;
        let mut inside = Vec::new();
        for entry in entries {
            let entry = entry.with_context(read)?;
            // A link may lead back to a folder above.
            let kind = entry.file_type().with_context(read)?;
            let is_pdf = entry.path().extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf"));
            if kind.is_dir() || is_pdf && !entry.path().is_dir() {
                inside.push(entry.path());
            }
        }
        inside.sort();
        left.extend(inside.into_iter().rev());
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pdfs_of_a_folder_are_found_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("b")).expect("made");
        for name in ["c.PDF", "a.pdf", "b/deux.pdf", "notes.txt"] {
            std::fs::write(at(name), "").expect("written");
        }
        std::os::unix::fs::symlink(folder.path(), at("b/boucle")).expect("linked");
        let found = pdfs(&[folder.path().to_owned(), at("notes.txt")]).expect("readable");
        assert_eq!(found, [at("a.pdf"), at("b/deux.pdf"), at("c.PDF"), at("notes.txt")]);
    }
}
