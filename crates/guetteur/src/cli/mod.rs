//! The command line: a contract that scripts rely on. One file a command.

mod analyse;
mod archive;
mod backup;
mod bundle;
mod carry;
mod check;
mod classify;
mod compact;
mod count_bar;
mod coverage;
mod crawl;
mod csv_file;
mod demo;
mod discover;
mod doctor;
mod export;
mod filters;
mod import;
mod in_french;
mod json_log;
mod line;
mod mask;
mod notify;
mod outcomes;
mod output;
mod probe;
mod progress;
mod read;
mod reclassify;
mod record;
mod register;
mod reindex;
mod restore;
mod retry;
mod rules;
mod search;
mod serve;
mod snapshot;
mod sources;
mod summary;
mod verify;
mod watch;
mod words;
mod work;

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand};

use crate::config::{self, Config, Fault, LogFormat, Overrides};
pub use in_french::in_french;
pub use line::{Told, command};

/// Veille des recueils des actes administratifs : trouver, archiver, lire, découper, signaler,
/// publier.
#[derive(Parser)]
#[command(name = "guetteur", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Args)]
struct Global {
    /// Fichier de réglages (par défaut guetteur.toml s'il existe)
    #[arg(long, global = true, value_name = "FILE", env = "GUETTEUR_CONFIG")]
    config: Option<PathBuf>,
    /// Dossier des données (par défaut ./data)
    #[arg(long, global = true, value_name = "DIR", value_parser = NonEmptyStringValueParser::new())]
    data: Option<String>,
    /// postgres://… ou chemin (par défaut SQLite dans le dossier des données)
    #[arg(long, global = true, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    database_url: Option<String>,
    /// Demander URL/HOTE/CHEMIN au lieu de https://HOTE/CHEMIN
    #[arg(long, global = true, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    mirror: Option<String>,
    /// Une ligne JSON par résultat sur la sortie standard, et rien d'autre
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Liste les sources du registre
    Sources(sources::Arguments),
    /// Parcourt un site et liste ses recueils, sans rien garder
    Discover(discover::Arguments),
    /// Cherche, récupère, lit, découpe, signale et indexe
    Crawl(crawl::Arguments),
    /// Lit le texte d'un PDF
    Read(read::Arguments),
    /// Actes, faits et signalements d'un fichier, sans base de données
    Analyse(analyse::Arguments),
    /// Classe des lignes {id,title,text?} lues sur l'entrée standard
    Classify(classify::Arguments),
    /// Cherche dans l'index
    Search(search::Arguments),
    /// Exporte les actes signalés (CSV, XLSX, JSON Lines)
    Export(export::Arguments),
    /// État et lacunes de chaque source
    Coverage(coverage::Arguments),
    /// Prend les recueils d'un index national (titre;url;departement;mise_a_jour)
    Import(import::Arguments),
    /// Masque un passage d'un acte (un nom) sur le site, dans les flux, les exports et l'index
    Mask(mask::Arguments),
    /// Prend, donne ou oublie ce que des juges ont décidé d'actes
    Outcomes(outcomes::Arguments),
    /// Prend, donne ou raye ce que des communes ont été priées de faire, ont répondu, ont voté
    Register(register::Arguments),
    /// Envoie les alertes dues (e-mail, webhooks, Mastodon) ; `watch` le fait de lui-même
    Notify(notify::Arguments),
    /// Sert le site
    Serve(serve::Arguments),
    /// Planifie, travaille et sert le site : la commande principale
    Watch(watch::Arguments),
    /// Travaille seulement (pour d'autres machines)
    Work(work::Arguments),
    /// Toute la chaîne sur des sites simulés, hors ligne, puis le site
    Demo(demo::Arguments),
    /// Éprouve ou liste les règles
    Rules(rules::Arguments),
    /// Redécoupe et reclasse tout ce qui est gardé
    Reclassify(reclassify::Arguments),
    /// Remet au travail les recueils abandonnés
    Retry(retry::Arguments),
    /// Refait l'index de recherche
    Reindex(reindex::Arguments),
    /// Copie l'index de recherche là où de nouvelles machines le prennent (index.snapshots)
    Snapshot(snapshot::Arguments),
    /// Copie la base de données dans un fichier
    Backup(backup::Arguments),
    /// Déplace l'archive (dossier, stockage S3), ou la rattache à la base
    Archive(archive::Arguments),
    /// Porte la base dans une autre (SQLite, PostgreSQL), comptée et comparée ; reprend où elle
    /// s'était arrêtée
    Move(carry::Arguments),
    /// Réduit la base : textes de pages compressés, place libre rendue au disque
    Compact(compact::Arguments),
    /// Remet une copie de la base (guetteur backup) à la place de celle-ci, qui est gardée à côté
    Restore(restore::Arguments),
    /// Compare l'archive à la base : PDF altérés, manquants, orphelins
    Verify(verify::Arguments),
    /// Vérifie l'installation
    Doctor(doctor::Arguments),
}

/// Why a command failed: the exit code depends on it.
pub enum Failure {
    /// Bad usage: exit code 2.
    Usage(anyhow::Error),
    /// The work failed: exit code 1.
    Work(anyhow::Error),
}

/// A setting that cannot be used is bad usage.
impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Usage(fault.into())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Work(error)
    }
}

/// What every command gets.
pub(crate) struct Context {
    config: Config,
    /// `--data` or `--database-url` was given on this very line. `demo` keeps its hands off what
    /// the file or the environment of a live installation name.
    data_given: bool,
    database_given: bool,
    json: bool,
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// Tells bad usage from failed work.
    pub fn run(self) -> Result<(), Failure> {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let data_given = self.global.data.is_some();
        let database_given = self.global.database_url.is_some();
        let overrides = self.overrides();
        for (name, near) in config::unknown_variables(std::env::vars_os().map(|(name, _)| name)) {
            let meant = near.map(|near| format!(" : peut-être {near}")).unwrap_or_default();
            eprintln!("variable {name} inconnue, sans effet{meant} (voir docs/config.md)");
        }
        let config = config::load(self.global.config.as_deref(), &variable, &overrides)?;
        let service =
            matches!(self.command, Command::Watch(_) | Command::Work(_) | Command::Serve(_));
        start_logging(service, config.log.format);
        let context = Context { config, data_given, database_given, json: self.global.json };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(anyhow::Error::from)?;
        let result = runtime.block_on(self.command.run(context));
        // Blocking reads of stdin or a stuck name look-up must not hold the exit.
        runtime.shutdown_timeout(std::time::Duration::from_secs(2));
        result
    }

    fn overrides(&self) -> Overrides {
        let listen = match &self.command {
            Command::Serve(arguments) => arguments.listen.clone(),
            Command::Watch(arguments) => arguments.listen.clone(),
            Command::Demo(arguments) => arguments.listen.clone(),
            _ => None,
        };
        let rules_dir = match &self.command {
            Command::Rules(arguments) => arguments.dir.clone(),
            _ => None,
        };
        let given = [
            ("data", "--data", self.global.data.clone()),
            ("database_url", "--database-url", self.global.database_url.clone()),
            ("mirror", "--mirror", self.global.mirror.clone()),
            ("site.listen", "--listen", listen),
            ("rules.dir", "--rules", rules_dir),
        ];
        given.into_iter().filter_map(|(key, flag, value)| Some((key, flag, value?))).collect()
    }
}

impl Command {
    async fn run(self, context: Context) -> Result<(), Failure> {
        match self {
            Self::Sources(arguments) => arguments.run(&context).await,
            Self::Discover(arguments) => arguments.run(&context).await,
            Self::Crawl(arguments) => arguments.run(context).await,
            Self::Read(arguments) => arguments.run(&context).await,
            Self::Analyse(arguments) => arguments.run(&context).await,
            Self::Classify(arguments) => arguments.run(&context),
            Self::Search(arguments) => arguments.run(context).await,
            Self::Export(arguments) => arguments.run(context).await,
            Self::Coverage(arguments) => arguments.run(context).await,
            Self::Import(arguments) => arguments.run(context).await,
            Self::Mask(arguments) => arguments.run(context).await,
            Self::Outcomes(arguments) => arguments.run(context).await,
            Self::Register(arguments) => arguments.run(context).await,
            Self::Notify(arguments) => arguments.run(context).await,
            Self::Serve(arguments) => arguments.run(context).await,
            Self::Watch(arguments) => arguments.run(context).await,
            Self::Work(arguments) => arguments.run(context).await,
            Self::Demo(arguments) => arguments.run(context).await,
            Self::Rules(arguments) => arguments.run(&context),
            Self::Reclassify(arguments) => arguments.run(context).await,
            Self::Retry(arguments) => arguments.run(context).await,
            Self::Reindex(arguments) => arguments.run(context).await,
            Self::Snapshot(arguments) => arguments.run(context).await,
            Self::Backup(arguments) => arguments.run(context).await,
            Self::Archive(arguments) => arguments.run(context).await,
            Self::Move(arguments) => arguments.run(context).await,
            Self::Compact(arguments) => arguments.run(context).await,
            Self::Restore(arguments) => arguments.run(&context).await,
            Self::Verify(arguments) => arguments.run(context).await,
            Self::Doctor(arguments) => arguments.run(context).await,
        }
    }
}

/// Logs go to stderr. A long-running service tells what it does; a command only what goes wrong.
fn start_logging(service: bool, format: LogFormat) {
    use tracing_subscriber::EnvFilter;
    let default = if service { "info" } else { "warn" };
    let filter =
        EnvFilter::try_from_env("GUETTEUR_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_target(false);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.event_format(json_log::JsonLines).init(),
    }
}
