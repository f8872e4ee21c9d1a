//! `guetteur analyse`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::NaiveDate;
use clap::Args;
use guetteur_acts::BulletinContext;
use guetteur_model::dates::parse_french_date;
use guetteur_model::{Act, Facts, Flag, LegalDoubt, Page, PageSpan, Source, Span};
use guetteur_read::{OcrMode, Reader};
use guetteur_store::AnalysedAct;
use serde::Serialize;

use super::read::advice;
use super::{Context, Failure, output};
use crate::analysis::{analyse, analyse_sommaire};
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
    /// Dit d'où vient chaque fait : partie de l'acte, mot qui l'annonce, mots lus, page
    #[arg(long)]
    explain: bool,
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
    /// Not among the facts: they are read, doubts are ours.
    doubts_of_law: &'a [LegalDoubt],
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
        let read = if self.sommaire { analyse_sommaire } else { analyse };
        let (rules, law) = (app::rules(&context.config), app::law(&context.config));
        let analysis = read(&pages, &about, &rules, &law);
        for mut found in analysis.acts {
            if context.json {
                let doubts = std::mem::take(&mut found.facts.legal_doubts);
                output::json_line(&line(&found, &doubts))?;
            } else {
                let explained = if self.explain { explain(&found.facts) } else { String::new() };
                output::line(&(describe(&found) + &explained))?;
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

fn line<'a>(found: &'a AnalysedAct, doubts_of_law: &'a [LegalDoubt]) -> Line<'a> {
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
        doubts_of_law,
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
            text += &format!("\n      {}", quote(span));
        }
    }
    for doubt in &found.facts.legal_doubts {
        text += &format!("\n    doute de droit ({}) : {}", doubt.kind.label(), doubt.says);
        for span in &doubt.evidence {
            text += &format!("\n      {}", quote(span));
        }
    }
    text
}

fn quote(span: &Span) -> String {
    let words = span.text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("p. {} « {words} »", span.page)
}

/// Each fact with where it was read, so that a wrong one can be traced.
fn explain(facts: &Facts) -> String {
    let values = serde_json::to_value(facts).unwrap_or_default();
    let fields = values.as_object().into_iter().flatten();
    let mut text = String::new();
    for (field, value) in
        fields.filter(|(field, _)| !matches!(&***field, "evidence" | "traces" | "legal_doubts"))
    {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text += &format!("\n    {field} = {value}");
        let Some(trace) = facts.traces.get(field) else { continue };
        text += &format!("\n      {}", trace.region.label());
        if let Some(article) = trace.article.filter(|number| *number > 0) {
            text += &format!(" {article}");
        }
        if let Some(cue) = &trace.cue {
            let distance = trace.distance.unwrap_or(0);
            text += &format!(", à {distance} caractères de « {cue} »");
        }
        text += if trace.to_check { ", à vérifier" } else { "" };
        for span in facts.evidence.get(field).into_iter().flatten() {
            text += &format!("\n      {}", quote(span));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use guetteur_model::{Region, Trace, When};

    use super::*;

    #[test]
    fn a_fact_says_where_it_comes_from() {
        let mut facts = Facts { valid_from: When::parse("2026-05-15"), ..Facts::default() };
        let words = "du 15\nmai 2026".to_owned();
        let span = Span { page: 3, start: 0, end: 14, text: words };
        facts.evidence.insert("valid_from".into(), vec![span]);
        let trace = Trace {
            region: Region::Article,
            article: Some(2),
            cue: Some("valable".into()),
            distance: Some(7),
            to_check: true,
        };
        facts.traces.insert("valid_from".into(), trace);
        let expected = "\n    valid_from = 2026-05-15\n      article 2, à 7 caractères de « valable », \
                        à vérifier\n      p. 3 « du 15 mai 2026 »";
        assert_eq!(explain(&facts), expected);
    }
}
