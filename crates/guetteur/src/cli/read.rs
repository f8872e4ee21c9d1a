//! `guetteur read`.

pub(super) mod advice;
mod estimate;
mod progress;
mod tally;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use guetteur_model::Page;
use guetteur_read::{DocumentReport, OcrMode, ReadError, Reader, WordBox};
use serde::Serialize;

use super::words::count;
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
        if self.boxes && !context.json {
            let wrong = "--boxes ne vaut qu'avec --json, qui écrit chaque mot et sa place";
            return Err(Failure::Usage(anyhow::anyhow!(wrong)));
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = if context.config.read.jobs == 0 { cores } else { context.config.read.jobs };
        let mut options = app::read_options(&context.config, jobs);
        options.ocr = self.ocr;
        options.boxes = self.boxes;
        let reader = Reader::new(options);
        let several = self.files.len() > 1 || self.files[0].is_dir();
        let files = pdfs(&self.files)?;
        let mut progress = Progress::new(files.len(), jobs);
        // An estimate is worth a look at each file where it takes long and somebody sees it.
        let estimates = self.ocr != OcrMode::Never && (several || std::io::stderr().is_terminal());
        let mut known = if estimates { progress.survey(&reader, &files).await } else { Vec::new() };
        known.resize_with(files.len(), || None);
        for (file, known) in files.iter().zip(known) {
            let printer = Printer { json: context.json, file: several.then_some(file) };
            progress.begin(file);
            let read = match known {
                Some(error) => Err(error),
                None => read(&reader, file, &printer, &mut progress).await?,
            };
            match read {
                Ok(report) => progress.file(file, &report),
                Err(error) if several => progress.unreadable(file, &error),
                Err(error) => {
                    progress.end();
                    return Err(anyhow::anyhow!(advice::told(file, &error)).into());
                }
            }
        }
        progress.end();
        if !several {
            return Ok(());
        }
        progress.sum_up();
        match progress.unreadable_count() {
            0 => Ok(()),
            failed => Err(anyhow::anyhow!(
                "{} sur {}",
                count(failed, "fichier illisible", "fichiers illisibles"),
                files.len()
            )
            .into()),
        }
    }
}

/// Reads a file; stops when stdout is closed.
async fn read(
    reader: &Reader,
    file: &Path,
    printer: &Printer<'_>,
    progress: &mut Progress,
) -> anyhow::Result<Result<DocumentReport, ReadError>> {
    let (broken, mut breaks) = tokio::sync::mpsc::unbounded_channel();
    let report = reader.read_with_boxes(file, |page, words| {
        progress.page(page);
        if let Err(error) = progress.apart(|| printer.page(page, words)) {
            let _ = broken.send(error);
        }
    });
    tokio::select! {
        biased;
        Some(error) = breaks.recv() => Err(error),
        report = report => Ok(report),
    }
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
    if files.is_empty() {
        let folders: Vec<String> = named.iter().map(|path| path.display().to_string()).collect();
        anyhow::bail!("aucun fichier .pdf dans {}", folders.join(", "));
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
