//! `guetteur rules test|list|try`.

use clap::{Args, Subcommand};
use guetteur_rules::{RuleSet, try_pattern};
use serde::Serialize;

use super::{Context, Failure, output};

#[derive(Args)]
pub(super) struct Arguments {
    /// Dossier de règles et de listes à éprouver, au lieu de rules.dir
    #[arg(long = "rules", value_name = "DIR", global = true)]
    pub(super) dir: Option<String>,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Éprouve chaque règle sur ses propres exemples
    Test,
    /// Liste les règles
    List,
    /// Essaie un motif sur un texte et montre le passage trouvé
    Try {
        /// Motif, écrit comme dans un fichier de règles, sans {liste}
        pattern: String,
        /// Texte : un titre, une phrase
        text: String,
        /// Nombre de caractères que « … » peut couvrir
        #[arg(long, default_value_t = 90)]
        gap: usize,
    },
}

#[derive(Serialize)]
struct TryLine<'a> {
    found: Option<&'a str>,
}

#[derive(Serialize)]
struct RuleLine<'a> {
    rule: &'a str,
    category: &'a str,
    description: &'a str,
    origin: &'a str,
}

#[derive(Serialize)]
struct TestLine<'a> {
    rule: &'a str,
    origin: &'a str,
    passed: usize,
    failed: usize,
}

impl Arguments {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let (rules, errors) = match &context.config.rules.dir {
            None => (RuleSet::builtin(), Vec::new()),
            Some(dir) => RuleSet::load_dir(dir),
        };
        for error in &errors {
            eprintln!("règle ignorée : {error}");
        }
        match self.action {
            Action::List => list(&rules, context.json)?,
            Action::Test => test(&rules, context.json)?,
            Action::Try { pattern, text, gap } => tried(&pattern, &text, gap, context.json)?,
        }
        if !errors.is_empty() {
            return Err(
                anyhow::anyhow!("{} fichier(s) de règles illisible(s)", errors.len()).into()
            );
        }
        Ok(())
    }
}

/// Shows what `pattern` finds in `text`; a pattern that cannot be used is bad usage.
fn tried(pattern: &str, text: &str, gap: usize, json: bool) -> Result<(), Failure> {
    let found = try_pattern(pattern, text, gap).map_err(|error| {
        let column = error.column();
        Failure::Usage(anyhow::anyhow!("motif « {pattern} », colonne {column} : {error}"))
    })?;
    if json {
        output::json_line(&TryLine { found: found.as_deref() })?;
    } else {
        output::line(found.as_deref().unwrap_or("rien"))?;
    }
    Ok(())
}

fn list(rules: &RuleSet, json: bool) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for rule in rules.rules() {
        if json {
            output::json_line(&RuleLine {
                rule: rule.id,
                category: rule.category.as_str(),
                description: rule.description,
                origin: rule.origin,
            })?;
        }
        rows.push(vec![rule.id.to_owned(), rule.description.to_owned()]);
    }
    if !json {
        output::line(&output::table(&["règle", "description"], &rows))?;
    }
    Ok(())
}

fn test(rules: &RuleSet, json: bool) -> anyhow::Result<()> {
    let report = rules.self_test();
    for rule in &report.rules {
        if json {
            output::json_line(&TestLine {
                rule: &rule.rule,
                origin: &rule.origin,
                passed: rule.passed,
                failed: rule.failures.len(),
            })?;
        } else {
            output::line(&rule.to_string())?;
        }
    }
    let (examples, failed) = report.counts();
    eprintln!("{} règles, {examples} exemples, {failed} manqués", report.rules.len());
    if !report.passed() {
        anyhow::bail!("{failed} exemple(s) de règle manqué(s)");
    }
    Ok(())
}
