//! `guetteur doctor`.

use clap::Args;
use guetteur_fetch::{BrowserError, CHROMEDRIVER};
use serde::Serialize;

use super::{Context, Failure, output};
use crate::app::App;

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
}

impl Arguments {
    pub(super) async fn run(self, context: Context) -> Result<(), Failure> {
        let json = context.json;
        let mut findings = tools(&context.config.read.languages);
        match App::open(context.config).await {
            Ok(app) => findings.extend(resources(&app).await),
            Err(error) => findings.push(Finding {
                what: "données".to_owned(),
                ok: false,
                required: true,
                detail: format!("{error:#}"),
            }),
        }
        for finding in &findings {
            if json {
                output::json_line(finding)?;
            } else {
                let mark = if finding.ok {
                    "✓"
                } else if finding.required {
                    "✗"
                } else {
                    "!"
                };
                output::line(&format!("{mark} {} : {}", finding.what, finding.detail))?;
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
    guetteur_read::doctor(languages)
        .into_iter()
        .map(|tool| Finding {
            what: tool.name,
            ok: tool.found.is_some(),
            required: tool.required,
            detail: tool
                .found
                .unwrap_or_else(|| format!("absent, pour {} : {}", tool.needed_for, tool.install)),
        })
        .collect()
}

async fn resources(app: &App) -> Vec<Finding> {
    let database = match app.store.check().await {
        Ok(check) => Finding {
            what: "base de données".to_owned(),
            ok: check.write_error.is_none(),
            required: true,
            detail: match check.write_error {
                None => format!("{}, {}", check.version, check.location),
                Some(error) => format!("{} ne se laisse pas écrire : {error}", check.location),
            },
        },
        Err(error) => Finding {
            what: "base de données".to_owned(),
            ok: false,
            required: true,
            detail: error.to_string(),
        },
    };
    let index = match app.open_index() {
        Ok((index, _)) => Finding {
            what: "index".to_owned(),
            ok: true,
            required: true,
            detail: format!("{} actes dans {}", index.len(), app.index_dir().display()),
        },
        Err(error) => Finding {
            what: "index".to_owned(),
            ok: false,
            required: true,
            detail: format!("{error:#}"),
        },
    };
    let rules = app.rules.self_test();
    let (examples, failed) = rules.counts();
    let rules = Finding {
        what: "règles".to_owned(),
        ok: rules.passed(),
        required: false,
        detail: format!("{examples} exemples, {failed} manqués (guetteur rules test)"),
    };
    let browsed: Vec<&str> = app
        .registry
        .iter()
        .filter(|source| app.registry.access(&source.code).is_some_and(|access| access.browser))
        .map(|source| source.code.as_str())
        .collect();
    let contact = &app.config.fetch.contact;
    let contact = Finding {
        what: "contact".to_owned(),
        ok: !contact.is_empty(),
        required: false,
        detail: if contact.is_empty() {
            "fetch.contact est vide : les webmestres ne peuvent pas vous joindre".to_owned()
        } else {
            contact.clone()
        },
    };
    let mut findings = vec![database, index, rules, contact];
    findings.extend(alerts(app).await);
    if !browsed.is_empty() {
        findings.push(browser(&browsed.join(", ")));
    }
    findings
}

/// The mail server answers and lets us in; messages in trouble are told.
async fn alerts(app: &App) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Ok(settings) = crate::alerts::settings(&app.config) else { return findings };
    if let Some(mail) = &settings.mail {
        let site = url::Url::parse(&app.config.site.base_url).ok();
        let host = site.as_ref().and_then(url::Url::host_str).unwrap_or("localhost");
        let checked = guetteur_notify::check_mail_server(mail, host).await;
        findings.push(Finding {
            what: "e-mail".to_owned(),
            ok: checked.is_ok(),
            required: true,
            detail: match checked {
                Ok(()) => format!("{}:{} répond, expéditeur {}", mail.server, mail.port, mail.from),
                Err(error) => error,
            },
        });
    }
    let troubled = app.store.troubled_messages().await.map_or(0, |messages| messages.len());
    if troubled > 0 {
        findings.push(Finding {
            what: "alertes".to_owned(),
            ok: false,
            required: false,
            detail: format!("{troubled} messages en échec ou incertains (guetteur notify --list)"),
        });
    }
    findings
}

/// Only sources that the registry marks `browser = true` need one.
fn browser(sources: &str) -> Finding {
    let run = std::process::Command::new(CHROMEDRIVER).arg("--version").output();
    let version = run.ok().filter(|output| output.status.success());
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    Finding {
        what: "navigateur".to_owned(),
        ok: version.is_some(),
        required: false,
        detail: version.map_or_else(
            || format!("{}, pour {sources}", BrowserError::Missing),
            |version| format!("{version}, pour {sources}"),
        ),
    }
}
