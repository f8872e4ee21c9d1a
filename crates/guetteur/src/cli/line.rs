//! The command line's own words in French: help, and what is wrong with a line. clap writes them in English.

use std::error::Error as _;
use std::ffi::OsString;
use std::num::{IntErrorKind, ParseIntError};

use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, Error, FromArgMatches};

use super::Cli;

const TEMPLATE: &str =
    "{before-help}{about-with-newline}\nUtilisation : {usage}\n\n{all-args}{after-help}";

/// The command `guetteur` with all its commands, every word of it French.
#[must_use]
pub fn command() -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let mut command = in_french(Cli::command())
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(help.global(true).help("Affiche l’aide").display_order(1_000))
        .arg(version.global(true).help("Affiche la version").display_order(1_001));
    command.build();
    about_help(&mut command);
    command
}

fn in_french(command: Command) -> Command {
    command
        .help_template(TEMPLATE)
        .subcommand_help_heading("Commandes")
        .subcommand_value_name("COMMANDE")
        .mut_args(told_whole)
        .mut_subcommands(in_french)
}

/// What clap would add to an argument's help in English stands in it in French.
fn told_whole(arg: Arg) -> Arg {
    let takes = arg.get_action().takes_values();
    let names = |values: Vec<String>| values.join(", ");
    let values = arg.get_possible_values();
    let values = values.iter().filter(|v| !v.is_hide_set()).map(|v| v.get_name().to_owned());
    let defaults = arg.get_default_values().iter().map(|v| v.to_string_lossy().into_owned());
    let variable = arg.get_env().map(|name| name.to_string_lossy().into_owned());
    let told = [
        ("valeurs", names(values.collect())),
        ("par défaut", names(defaults.collect())),
        ("variable", variable.unwrap_or_default()),
    ];
    let told = told.into_iter().filter(|(_, what)| takes && !what.is_empty());
    let told: String = told.map(|(word, what)| format!(" [{word} : {what}]")).collect();
    if told.is_empty() {
        return arg;
    }
    let with = |help: Option<&clap::builder::StyledStr>| match help {
        Some(help) => Resettable::Value(format!("{help}{told}").into()),
        None => Resettable::Reset,
    };
    let (short, long) = (with(arg.get_help()), with(arg.get_long_help()));
    let arg = arg.help(short).long_help(long);
    arg.hide_possible_values(true).hide_default_value(true).hide_env(true)
}

/// clap makes the command `help`, with all others under it, as it builds them.
fn about_help(command: &mut Command) {
    for sub in command.get_subcommands_mut() {
        let told = std::mem::take(sub)
            .help_template(TEMPLATE)
            .subcommand_help_heading("Commandes")
            .subcommand_value_name("COMMANDE");
        *sub = match told.get_name() {
            "help" => told.about("Affiche cette aide, ou celle d’une commande"),
            _ => told,
        };
        about_help(sub);
    }
}

impl Cli {
    /// What a line asks.
    ///
    /// # Errors
    /// What is to be told instead: help, version, or what is wrong with the line.
    pub fn read(line: impl IntoIterator<Item = OsString>) -> Result<Self, Told> {
        let matches = command().try_get_matches_from(line);
        matches.and_then(|matches| Self::from_arg_matches(&matches)).map_err(|error| {
            match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                    Told::Asked(error.to_string())
                }
                ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                    Told::Wrong(error.to_string())
                }
                _ => Told::Wrong(format!("guetteur : {}\n", wrong(&error))),
            }
        })
    }
}

/// What is told instead of running a command.
#[derive(Debug)]
pub enum Told {
    /// What was asked for: standard output, exit code 0.
    Asked(String),
    /// What is wrong: error output, exit code 2.
    Wrong(String),
}

/// What is wrong with a line, and how it should be.
fn wrong(error: &Error) -> String {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::StyledStrs(texts)) => {
            texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let arg = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    let said = match error.kind() {
        ErrorKind::UnknownArgument => format!("argument « {arg} » inconnu"),
        ErrorKind::InvalidSubcommand => {
            format!("commande « {} » inconnue", text(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => "il manque une commande".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("il manque {arg}"),
        ErrorKind::ArgumentConflict if arg == text(ContextKind::PriorArg) => {
            format!("« {arg} » est donné deux fois")
        }
        ErrorKind::ArgumentConflict => {
            format!("« {arg} » ne va pas avec « {} »", text(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue | ErrorKind::NoEquals | ErrorKind::ValueValidation
            if value.is_empty() =>
        {
            format!("il manque la valeur de « {arg} »")
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("il manque une valeur à « {arg} »")
        }
        ErrorKind::TooManyValues => format!("« {value} » est de trop pour « {arg} »"),
        ErrorKind::ValueValidation => {
            let why = why(error).unwrap_or_default();
            // Some parsers begin with what they were given.
            let why = why.trim_start_matches(&format!("« {value} » : "));
            format!("« {value} » ne convient pas à « {arg} » : {why}")
        }
        ErrorKind::InvalidUtf8 => "la ligne n’est pas en UTF-8".to_owned(),
        _ => format!("« {value} » ne convient pas à « {arg} »"),
    };
    let hints = [
        ("valeurs possibles", text(ContextKind::ValidValue)),
        ("peut-être", text(ContextKind::SuggestedSubcommand)),
        ("peut-être", text(ContextKind::SuggestedArg)),
        ("peut-être", text(ContextKind::SuggestedValue)),
    ];
    let hints = hints.into_iter().filter(|(_, what)| !what.is_empty());
    let hints: String = hints.map(|(word, what)| format!(" ; {word} : {what}")).collect();
    let usage = text(ContextKind::Usage);
    let usage = usage.trim_start_matches("Usage:").trim();
    let usage = if usage.is_empty() { String::new() } else { format!("\nUtilisation : {usage}") };
    format!("{said}{hints}{usage}\nPlus : guetteur --help")
}

/// Why a value does not fit, where its type tells; our own parsers say it in French.
fn why(error: &Error) -> Option<String> {
    let source = error.source()?;
    Some(if let Some(number) = source.downcast_ref::<ParseIntError>() {
        match number.kind() {
            IntErrorKind::PosOverflow => "ce nombre est trop grand".to_owned(),
            _ => "un nombre entier est attendu".to_owned(),
        }
    } else if source.is::<chrono::ParseError>() {
        "un jour est attendu, comme 2026-08-14".to_owned()
    } else {
        source.to_string()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> String {
        match Cli::read(line.split(' ').map(Into::into)) {
            Ok(_) => panic!("{line} is right"),
            Err(Told::Asked(text) | Told::Wrong(text)) => text,
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_french() {
        for (line, words) in [
            ("guetteur crwl", "commande « crwl » inconnue ; peut-être : crawl"),
            (
                "guetteur crawl --sinc 2026-01-01",
                "argument « --sinc » inconnu ; peut-être : --since",
            ),
            ("guetteur crawl --since hier", "« hier » ne convient pas à « --since <"),
            ("guetteur crawl --since hier", "un jour est attendu, comme 2026-08-14"),
            ("guetteur crawl --since", "il manque la valeur de « --since <"),
            ("guetteur backup", "il manque <FILE>"),
            ("guetteur --data= sources", "il manque la valeur de « --data <"),
            ("guetteur --data a --data b sources", "« --data <DIR> » est donné deux fois"),
            ("guetteur crawl --since=", "il manque la valeur de « --since <"),
        ] {
            let told = told(line);
            assert!(told.contains(words), "{line}: {told}");
        }
    }

    #[test]
    fn the_help_of_every_command_is_french() {
        const ENGLISH: [&str; 8] = [
            "Usage",
            "Print",
            "Commands",
            "[default",
            "[possible",
            "[env",
            "help of",
            "Options: [",
        ];
        fn check(command: &mut Command) {
            let help = command.render_long_help().to_string();
            let found = ENGLISH.iter().find(|word| help.contains(**word));
            assert_eq!(found, None, "{}: {help}", command.get_name());
            command.get_subcommands_mut().for_each(check);
        }
        check(&mut command());
    }

    #[test]
    fn help_and_version_are_no_errors() {
        for line in ["guetteur --help", "guetteur crawl -h", "guetteur help crawl", "guetteur -V"] {
            let read = Cli::read(line.split(' ').map(Into::into));
            assert!(matches!(read, Err(Told::Asked(_))), "{line}");
        }
        assert!(told("guetteur --help").contains("Utilisation : guetteur [OPTIONS] <COMMANDE>"));
    }
}
