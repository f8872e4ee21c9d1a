//! `guetteur analyse`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::NaiveDate;
use clap::Args;
use guetteur_acts::BulletinContext;
use guetteur_model::dates::parse_french_date;
use guetteur_model::{Act, Facts, Flag, Page, PageSpan, Source};
use guetteur_read::{OcrMode, Reader};
use serde::Serialize;

use super::read::advice;
use super::{Context, Failure, output};
use crate::analysis::{AnalysedAct, analyse, first_word};
use crate::app;

#[derive(Args)]
pub(super) struct Arguments {
    /// Un PDF, ou un texte (pages séparées par un saut de page)
    file: PathBuf,
    /// Code de la préfecture, pour les communes et les heures
    #[arg(long)]
    prefecture: Option<String>,
    /// Jour de publication, si le fichier ne le dit pas
    #[arg(long)]
    published_on: Option<NaiveDate>,
    /// Le premier mot : ce que sommaire et intercalaires annoncent, sans reconnaître les scans
    #[arg(long)]
    sommaire: bool,
}

#[derive(Serialize)]
struct ActLine<'a> {
    number: Option<&'a str>,
    title: &'a str,
    kind: Option<&'a str>,
    service: Option<&'a str>,
    signed_on: Option<NaiveDate>,
    signed_by: Option<&'a str>,
    pages: PageSpan,
    own_number: Option<&'a str>,
    capacity: Option<&'a str>,
    confidence: f32,
}

#[derive(Serialize)]
struct Line<'a> {
    act: ActLine<'a>,
    facts: &'a Facts,
    flags: &'a [Flag],
}

impl Arguments {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        let registry = app::registry(&context.config)?;
        let source = match &self.prefecture {
            Some(code) => Some(registry.get(code).map_err(|e| Failure::Usage(e.into()))?),
            None => None,
        };
        let pages = self.pages(context).await?;
        let title = self.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let about = BulletinContext {
            title: &title,
            source_name: source.map_or("", |source| &source.name),
            published_on: self.published_on.or_else(|| parse_french_date(&title)),
            timezone: source.map_or(chrono_tz::Europe::Paris, |source| source.timezone),
            departement: source.and_then(Source::departement),
        };
        let read = if self.sommaire { first_word } else { analyse };
        let analysis = read(&pages, &about, &app::rules(&context.config));
        for found in &analysis.acts {
            if context.json {
                output::json_line(&line(found))?;
            } else {
                output::line(&describe(found))?;
            }
        }
        if !analysis.outside.is_empty() {
            eprintln!("pages hors de tout acte : {:?}", analysis.outside);
        }
        Ok(())
    }

    async fn pages(&self, context: &Context) -> Result<Vec<Page>, Failure> {
        let is_text = self.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("txt"));
        if is_text {
            return Ok(text_pages(&self.file)?);
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut pages = Vec::new();
        let mut options = app::read_options(&context.config, cores);
        if self.sommaire {
            options.ocr = OcrMode::Never;
        }
        let reader = Reader::new(options);
        let report = reader.read(&self.file, |page| pages.push(page.clone())).await;
        let report = report.map_err(|error| anyhow::anyhow!(advice::told(&self.file, &error)))?;
        for note in report.notes {
            eprintln!("{} : {note}", self.file.display());
        }
        Ok(pages)
    }
}

fn text_pages(file: &Path) -> anyhow::Result<Vec<Page>> {
    let bytes = std::fs::read(file).with_context(|| format!("lecture de {}", file.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(Page::of_texts(text.split('\u{c}')))
}

fn line(found: &AnalysedAct) -> Line<'_> {
    let act: &Act = &found.act;
    Line {
        act: ActLine {
            number: act.number.as_deref(),
            title: &act.title,
            kind: act.kind.as_deref(),
            service: act.service.as_deref(),
            signed_on: act.signed_on,
            signed_by: act.signed_by.as_deref(),
            pages: act.pages,
            own_number: act.own_number.as_deref(),
            capacity: act.capacity.as_deref(),
            confidence: act.confidence,
        },
        facts: &found.facts,
        flags: &found.flags,
    }
}

fn describe(found: &AnalysedAct) -> String {
    let act = &found.act;
    let number = act.number.as_deref().unwrap_or("sans numéro");
    let mut text = format!("p. {}-{}  {number}  {}", act.pages.from, act.pages.to, act.title);
    for flag in &found.flags {
        let check = if flag.to_check { " (à vérifier)" } else { "" };
        text += &format!("\n    {} : {}{check} [{}]", flag.category, flag.level.label(), flag.rule);
        for span in &flag.evidence {
            let words = span.text.split_whitespace().collect::<Vec<_>>().join(" ");
            text += &format!("\n      p. {} « {words} »", span.page);
        }
    }
    text
}
