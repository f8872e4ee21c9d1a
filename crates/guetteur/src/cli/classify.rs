//! `guetteur classify`.

use std::io::BufRead;

use anyhow::Context as _;
use clap::Args;
use guetteur_model::{ActPage, Category, Flag, Level};
use guetteur_rules::{ActInput, RuleSet};
use serde::{Deserialize, Serialize};

use super::{Context, Failure, output};
use crate::app;

/// What Windows programs write before the first line.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

#[derive(Args)]
pub(super) struct Arguments {}

#[derive(Deserialize)]
struct Input {
    id: serde_json::Value,
    title: String,
    #[serde(default)]
    text: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a serde_json::Value,
    flags: Vec<FlagLine<'a>>,
}

#[derive(Serialize)]
struct FlagLine<'a> {
    category: &'a Category,
    level: Level,
    rule: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    to_check: bool,
}

impl Arguments {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let rules = app::rules(&context.config);
        let mut bad = 0u32;
        // Bytes, not text: a line in another encoding costs that line only.
        for (number, line) in (1..).zip(std::io::stdin().lock().split(b'\n')) {
            let line = line.context("lecture de l'entrée standard")?;
            let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&line).trim_ascii();
            if line.is_empty() {
                continue;
            }
            match serde_json::from_slice::<Input>(line) {
                Ok(input) => {
                    let flags = classify(&rules, &input);
                    output::json_line(&Line {
                        id: &input.id,
                        flags: flags.iter().map(short).collect(),
                    })?;
                }
                Err(error) => {
                    bad += 1;
                    eprintln!(
                        "ligne {number} ignorée : {error} (attendu : {{\"id\":…,\"title\":…}})"
                    );
                }
            }
        }
        if bad > 0 {
            return Err(anyhow::anyhow!("{bad} ligne(s) illisible(s)").into());
        }
        Ok(())
    }
}

fn classify(rules: &RuleSet, input: &Input) -> Vec<Flag> {
    let Some(text) = &input.text else { return rules.classify_title(&input.title) };
    let page = ActPage { number: 1, offset: 0, text: text.clone() };
    rules.classify(&ActInput { title: &input.title, title_span: None, pages: &[page] })
}

fn short(flag: &Flag) -> FlagLine<'_> {
    FlagLine {
        category: &flag.category,
        level: flag.level,
        rule: &flag.rule,
        to_check: flag.to_check,
    }
}
