//! `guetteur doctor`.

mod ocr_queue;
mod own_files;

use std::fmt::Display;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use guetteur_fetch::{BrowserError, CHROMEDRIVER};
use guetteur_publish::address::Filters;
use guetteur_publish::french;
use guetteur_read::Tool;
use guetteur_store::{About, Scrub, ScrubKind, StoreError, Subscription};
use serde::Serialize;

use super::crawl::require_archive;
use super::{Context, Failure, in_french, output};
use crate::app::App;
use crate::disk;
use ocr_queue::{OCR_QUEUE, OcrFigures, ocr_queue};
use own_files::own_files;

/// No clock that is right shows an earlier day.
const FIRST_DAY: &str = "2026-01-01T00:00:00Z";

#[derive(Args)]
pub(super) struct Arguments {}

/// One thing that was checked.
#[derive(Serialize)]
struct Finding {
    what: String,
    ok: bool,
    /// Nothing works without it.
    required: bool,
    /// What was seen, or what to do.
    detail: String,
    /// Of the pages that wait for OCR.
    #[serde(skip_serializing_if = "Option::is_none")]
    ocr: Option<OcrFigures>,
}

impl Finding {
    fn new(what: &str, ok: bool, required: bool, detail: impl Into<String>) -> Self {
        Self { what: what.to_owned(), ok, required, detail: detail.into(), ocr: None }
    }

    /// Found, or the reason why not.
    fn required(what: &str, found: Result<String, impl Display>) -> Self {
        let (ok, detail) = match found {
            Ok(detail) => (true, detail),
            Err(error) => (false, error.to_string()),
        };
        Self::new(what, ok, true, detail)
    }

    fn mark(&self) -> char {
        match (self.ok, self.required) {
            (true, _) => '✓',
            (false, true) => '✗',
            (false, false) => '!',
        }
    }
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let mut findings = tools(&context.config.read.languages);
        match App::open(context.config).await {
            Ok(app) => findings.extend(resources(&app).await),
            Err(error) => {
                findings.push(Finding::new("données", false, true, in_french(&error)));
            }
        }
        for finding in &findings {
            if json {
                output::json_line(finding)?;
            } else {
                let (mark, what, detail) = (finding.mark(), &finding.what, &finding.detail);
                output::line(&format!("{mark} {what} : {detail}"))?;
            }
        }
        let broken = findings.iter().filter(|finding| !finding.ok && finding.required).count();
        if broken > 0 {
            return Err(anyhow::anyhow!("{broken} défaut(s) à corriger").into());
        }
        Ok(())
    }
}

fn tools(languages: &str) -> Vec<Finding> {
    let finding = |tool: Tool| {
        let ok = tool.found.is_some();
        let missing = || format!("absent, pour {} : {}", tool.needed_for, tool.install);
        Finding::new(&tool.name, ok, tool.required, tool.found.unwrap_or_else(missing))
    };
    guetteur_read::doctor(languages).into_iter().map(finding).collect()
}

async fn resources(app: &App) -> Vec<Finding> {
    let mut findings = vec![database(app).await];
    findings.push(match ocr_queue(app).await {
        Ok(finding) => finding,
        Err(error) => Finding::new(OCR_QUEUE, false, false, error.to_string()),
    });
    findings.push(archive(app).await);
    findings.push(space(app));
    findings.push(archive_check(app).await);
    findings.push(clock(app));
    findings.push(progress(app).await);
    let index = app
        .open_index()
        .map(|(index, _)| format!("{} actes dans {}", index.len(), app.index_dir().display()));
    findings.push(Finding::required("index", index.map_err(|error| format!("{error:#}"))));
    findings.extend(own_files(app));
    let contact = app.config.fetch.contact.as_deref();
    let told =
        contact.unwrap_or("fetch.contact est vide : les webmestres ne peuvent pas vous joindre");
    findings.push(Finding::new("contact", contact.is_some(), false, told));
    findings.extend(alerts(app).await);
    findings.extend(browser(app));
    findings
}

async fn database(app: &App) -> Finding {
    let found = app.store.check().await.map_err(|error| error.to_string());
    let told = found.and_then(|check| match check.write_error {
        None => Ok(format!("{}, {}", check.version, check.location)),
        Some(error) => Err(format!("{} ne se laisse pas écrire : {error}", check.location)),
    });
    Finding::required("base de données", told)
}

/// Workers take nothing where it is another's.
async fn archive(app: &App) -> Finding {
    let found = require_archive(app).await.map(|()| app.archive.location().to_string());
    Finding::required("archive", found.map_err(|error| in_french(&error)))
}

/// The mail server answers and lets us in; messages in trouble are told.
async fn alerts(app: &App) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Ok(settings) = crate::alerts::settings(&app.config) else { return findings };
    if let Some(mail) = &settings.mail {
        let host =
            app.config.site.base_url.as_ref().and_then(url::Url::host_str).unwrap_or("localhost");
        let checked = guetteur_notify::check_mail_server(mail, host).await;
        let answers = || format!("{}:{} répond, expéditeur {}", mail.server, mail.port, mail.from);
        findings.push(Finding::required("e-mail", checked.map(|()| answers())));
    }
    let troubled = app.store.troubled_messages().await.map_or(0, |messages| messages.len());
    if troubled > 0 {
        let told = format!("{troubled} messages en échec ou incertains (guetteur notify --list)");
        findings.push(Finding::new("alertes", false, false, told));
    }
    let followed = app.store.confirmed_subscriptions().await.unwrap_or_default();
    let is_lost =
        |one: &&Subscription| one.about == About::Acts && Filters::kept(&one.query).is_none();
    let lost = followed.iter().filter(is_lost).count();
    if lost > 0 {
        let told = format!(
            "{lost} abonnements à une liste qui n'est plus comprise, comme celle d'une intercommunalité \
             dissoute : rien ne leur est envoyé"
        );
        findings.push(Finding::new("listes suivies", false, false, told));
    }
    findings
}

/// Fetching pauses before the disk is full.
fn space(app: &App) -> Finding {
    let least = app.config.work.min_free_mb;
    match disk::fullest(&app.written_folders()) {
        None => Finding::new("disque", false, false, "espace libre inconnu"),
        Some((free, folder)) if free < least => {
            let told = format!(
                "{free} Mio libres dans {}, moins que {least} : plus rien n'est téléchargé",
                folder.display()
            );
            Finding::new("disque", false, true, told)
        }
        Some((free, _)) => Finding::new("disque", true, true, format!("{free} Mio libres")),
    }
}

/// Only sources that the registry marks `browser = true` need one.
fn browser(app: &App) -> Option<Finding> {
    let needs_it = |code: &str| app.registry.access(code).is_some_and(|access| access.browser);
    let codes = app.registry.iter().map(|source| &*source.code).filter(|code| needs_it(code));
    let sources = codes.collect::<Vec<_>>().join(", ");
    if sources.is_empty() {
        return None;
    }
    let run = std::process::Command::new(CHROMEDRIVER).arg("--version").output();
    let version = run.ok().filter(|output| output.status.success());
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let found = version.clone().unwrap_or_else(|| in_french::browser(&BrowserError::Missing));
    let told = format!("{found}, pour {sources}");
    Some(Finding::new("navigateur", version.is_some(), false, told))
}

/// What the checks of the archive found.
async fn archive_check(app: &App) -> Finding {
    const WHAT: &str = "contrôle de l’archive";
    let read = async {
        let damaged = app.store.damaged_documents().await?;
        Ok::<_, StoreError>((damaged, app.store.scrub(ScrubKind::Slow).await?))
    };
    let (damaged, scrub) = match read.await {
        Ok(read) => read,
        Err(error) => return Finding::new(WHAT, false, false, error.to_string()),
    };
    if let Some(first) = damaged.first() {
        let told = format!(
            "{} PDF altérés ou manquants, dont {} (guetteur verify les liste ; ceux que leur site n'a \
             plus sont à rendre depuis une sauvegarde)",
            damaged.len(),
            first.sha256
        );
        return Finding::new(WHAT, false, false, told);
    }
    let now = app.clock.now();
    let told = match scrub {
        None => "rien n'a encore été vérifié : watch le fait, peu à peu".to_owned(),
        Some(Scrub { whole_at: Some(at), .. }) => format!("entier {}", french::ago(now, at)),
        Some(scrub) => format!("{} PDF vérifiés, le premier tour n'est pas fini", scrub.checked),
    };
    Finding::new(WHAT, true, false, told)
}

/// A clock that is wrong by months dates bulletins wrongly and refuses certificates. What was stored
/// last is never later than now; this program was not made later either.
fn clock(app: &App) -> Finding {
    let now = app.clock.now();
    let newest = std::fs::metadata(app.config.data.join(crate::config::DATABASE));
    let written = newest.and_then(|file| file.modified()).map(DateTime::<Utc>::from);
    let ahead = written.is_ok_and(|at| at - now > TimeDelta::hours(1));
    let made: DateTime<Utc> = FIRST_DAY.parse().unwrap_or_default();
    if ahead || now < made {
        let told = format!(
            "il est {}, d'après cette machine : la base est plus récente (NTP est-il en marche ?)",
            french::instant(now)
        );
        return Finding::new("horloge", false, true, told);
    }
    Finding::new("horloge", true, true, french::instant(now))
}

/// Whether somebody does the work that is due.
async fn progress(app: &App) -> Finding {
    const WHAT: &str = "travaux";
    match app.store.pace(app.clock.now(), TimeDelta::minutes(30)).await {
        Err(error) => Finding::new(WHAT, false, false, error.to_string()),
        Ok(pace) if pace.is_stalled() => {
            let told = format!(
                "{} recueils attendent et rien n'avance depuis 30 min : guetteur watch ou work \
                 tourne-t-il ?",
                pace.due
            );
            Finding::new(WHAT, false, false, told)
        }
        Ok(pace) => {
            let told = format!("{} recueils dus, {} en cours", pace.due, pace.held);
            Finding::new(WHAT, true, false, told)
        }
    }
}
