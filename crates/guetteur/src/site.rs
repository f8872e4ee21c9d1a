//! The site: the web crate bound to this process's resources.

use std::future::Future;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use guetteur_acts::{FactMeasure, fact_measures};
use guetteur_fetch::Names;
use guetteur_law::Library;
use guetteur_publish::letters::Letters;
use guetteur_publish::{Catalogue, Site, facts};
use guetteur_rules::{LegalReference, RuleSet};
use guetteur_search::SearchIndex;
use guetteur_web::{
    ApiKey, ApiKeys, AppState, ConnectionLimits, FactSheet, FigureBook, KeptDatabase, Measure,
    OperatorToken, PagePictures, RuleSheet, SiteConfig,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::alerts;
use crate::app::{Access, App};
use crate::config::{Config, Secret};
use crate::handles;
use crate::index_snapshots::Snapshots;
use crate::pictures::Drawer;
use crate::pipeline::Follower;
use crate::served;
use crate::watch::follow;

/// Longest wait, at the end, for clients to hear us out; and for index and alerts to end.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Listens on the address of the settings.
///
/// # Errors
/// When the port is taken or the address wrong.
pub async fn listen(app: &App) -> Result<TcpListener> {
    let address = &app.config.site.listen;
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::InvalidInput => anyhow!(
            "« {address} » n’est pas une adresse avec son port, comme 127.0.0.1:8080 (site.listen ou --listen)"
        ),
        _ => anyhow!(error).context(format!(
            "écoute sur {address} (site.listen ou --listen : une autre adresse ou un autre port ?)"
        )),
    })
}

/// Serves the site until `shutdown`, keeping the index up to date unless another process does, and
/// sending alerts as the worker `alerting` where one is named.
///
/// # Errors
/// When the index cannot be opened or the server fails.
pub async fn serve(
    app: &App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
    alerting: Option<&str>,
) -> Result<()> {
    let address = listener.local_addr()?;
    let snapshots = Snapshots::of(app)?;
    if let Some(snapshots) = &snapshots {
        snapshots.begin_with().await;
    }
    let (index, access) = app.open_index()?;
    let index = Arc::new(index);
    let stop = CancellationToken::new();
    let following = (access == Access::Write).then(|| {
        let follower = Follower {
            store: app.store.clone(),
            index: Arc::clone(&index),
            registry: Arc::clone(&app.registry),
        };
        tokio::spawn(follow(follower, stop.child_token()))
    });
    let copying = snapshots
        .filter(|_| access == Access::Write)
        .map(|snapshots| tokio::spawn(snapshots.keep(Arc::clone(&index), stop.child_token())));
    let catalogue = catalogue(app, index, &format!("http://{address}"));
    let works = alerting.is_some();
    let alerts = alerting.map(|worker| {
        let (catalogue, config) = (catalogue.clone(), app.config.clone());
        let law = Arc::clone(&app.law);
        let worker = worker.to_owned();
        let stop = stop.child_token();
        tokio::spawn(async move {
            let ended = alerts::run(catalogue, law, &config, worker, stop.cancelled_owned()).await;
            ended.unwrap_or_else(|error| {
                tracing::error!(error = format!("{error:#}"), "alerts ended");
            });
        })
    });
    served::tell(&app.config, "Guetteur est servi", &format!("http://{address}"));
    let asked = CancellationToken::new();
    let stopping = asked.clone();
    let shutdown = async move {
        shutdown.await;
        stopping.cancel();
    };
    let mut state = state(app, catalogue, works);
    state.figures = Arc::new(FigureBook::open(app.config.figures_path(), &app.store).await);
    let figures = Arc::clone(&state.figures);
    let behind_proxy = state.site.client_header.is_some();
    let limits = ConnectionLimits::within(handles::raised(), behind_proxy);
    let patience = async {
        asked.cancelled().await;
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        () = guetteur_web::serve(listener, state, limits, shutdown) => {}
        () = patience => tracing::warn!("clients that hang on are cut off"),
    }
    stop.cancel();
    let ended = async {
        for task in following.into_iter().chain(copying).chain(alerts) {
            let _ = task.await;
        }
        figures.close(&app.store).await;
    };
    // Whatever holds the database or the index: what was not written is written at the next start.
    let _ = tokio::time::timeout(PATIENCE, ended).await;
    Ok(())
}

/// What is published. `address` is used for links when no public address is set.
#[must_use]
pub fn catalogue(app: &App, index: Arc<SearchIndex>, address: &str) -> Catalogue {
    let settings = &app.config.site;
    let base = settings.base_url.as_ref().map(|base| base.as_str().trim_end_matches('/'));
    Catalogue {
        store: app.store.clone(),
        index,
        archive: app.archive.clone(),
        registry: Arc::new(app.registry.iter().cloned().collect()),
        site: Arc::new(Site {
            base_url: base.unwrap_or(address).to_owned(),
            title: settings.title.clone(),
            hub: settings.websub_hub.as_ref().map(ToString::to_string),
            digest_hour: app.config.mail.digest_hour,
        }),
        clock: Arc::clone(&app.clock),
    }
}

/// What the web crate works with; `works`: whether this process does more than serve.
#[must_use]
pub fn state(app: &App, catalogue: Catalogue, works: bool) -> AppState {
    let settings = &app.config.site;
    let site = SiteConfig {
        contact: settings.contact.clone(),
        sends_mail: app.config.mail.server.is_some(),
        works,
        ocr_version: app.reader_versions.ocr,
        ocr_pages_per_day: app.config.read.ocr_pages_per_day,
        operator: None,
        operator_token: settings
            .operator_token
            .as_ref()
            .map(Secret::expose)
            .map(OperatorToken::new),
        api_keys: api_keys(&app.config),
        report: settings.report.as_ref().map(ToString::to_string),
        index_unflagged: settings.index_unflagged,
        requests_per_minute: settings.requests_per_minute,
        client_header: settings.client_header.clone(),
    };
    let pictures = PagePictures::new(
        Box::new(Drawer(app.reader(1))),
        app.config.data.join("pictures"),
        settings.pictures_mb.saturating_mul(1_000_000),
    );
    AppState {
        catalogue,
        pictures: Arc::new(pictures),
        letters: Arc::new(letters(settings.letters_dir.as_deref(), Arc::clone(&app.law))),
        figures: Arc::default(),
        feeds: Arc::default(),
        database: Arc::new(KeptDatabase::new(app.config.data.join("exports"))),
        ends: Arc::default(),
        missing: Arc::default(),
        counts: Arc::default(),
        rules: Arc::new(rule_sheets(&app.rules, &app.law)),
        facts: Arc::new(fact_sheets()),
        site: Arc::new(site),
    }
}

/// The keys of programs, and where what they name may be sent.
fn api_keys(config: &Config) -> ApiKeys {
    let keys = config.api_key.iter().filter_map(|set| {
        let key = set.key.as_ref()?;
        Some(ApiKey::new(&set.name, key.expose(), set.mail))
    });
    let receives: fn(&Url) -> bool = match config.fetch.private_addresses {
        true => |url| Names::new(true).check(url).is_ok(),
        false => |url| Names::new(false).check(url).is_ok(),
    };
    ApiKeys { keys: keys.collect(), receives }
}

/// The templates of letters. A mistake in the operator's own must not take the site down.
fn letters(own: Option<&Path>, law: Arc<Library>) -> Letters {
    Letters::load(own, law).unwrap_or_else(|error| {
        tracing::error!(%error, "the program's own letters are used instead");
        Letters::built_in()
    })
}

/// A text of law as readers see it cited; what could not be read says so.
fn cited(legal: &LegalReference, law: &Library) -> String {
    match legal {
        LegalReference::Other { reference, .. } => reference.clone(),
        LegalReference::Text(id) => match law.text(id) {
            Some(text) => text.named(),
            None => id.clone(),
        },
    }
}

/// The rules as the method page shows them.
fn rule_sheets(rules: &RuleSet, law: &Library) -> Vec<RuleSheet> {
    let sheet = |rule: guetteur_rules::RuleInfo<'_>| RuleSheet {
        id: rule.id.to_owned(),
        category: rule.category.to_string(),
        about: rule.description.to_owned(),
        patterns: rule.patterns.to_vec(),
        legal_refs: rule.legal.iter().map(|legal| cited(legal, law)).collect(),
        positives: rule.positives.into_iter().map(str::to_owned).collect(),
        negatives: rule.negatives.into_iter().map(str::to_owned).collect(),
        measure: rule.measure.map(|measure| Measure {
            given: measure.given,
            right: measure.right,
            labelled: measure.labelled,
        }),
    };
    rules.rules().map(sheet).collect()
}

/// What the printed facts are worth, as the method page shows it.
fn fact_sheets() -> Vec<FactSheet> {
    let sheet = |(field, measure): (String, FactMeasure)| FactSheet {
        label: facts::label(&field).map_or(field, str::to_owned),
        measure: Measure { given: measure.given, right: measure.right, labelled: measure.labelled },
    };
    fact_measures().into_iter().map(sheet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_see_each_measured_fact_under_its_french_name() {
        let sheets = fact_sheets();
        assert!(sheets.len() >= 10, "{sheets:?}");
        let named = |field: &String| facts::label(field).is_some();
        assert!(fact_measures().keys().all(named), "{sheets:?}");
    }

    /// No rule cites a text that is not there, and each is shown with its words.
    #[test]
    fn every_law_that_a_rule_cites_has_an_entry() {
        let (rules, law) = (RuleSet::builtin(), Library::built_in());
        for rule in rules.rules() {
            for legal in rule.legal {
                let LegalReference::Text(id) = legal else { panic!("{}: {legal:?}", rule.id) };
                let text = law.text(id).unwrap_or_else(|| panic!("{}: {id} has no entry", rule.id));
                assert!(text.is_about(rule.category), "{id} is not about {}", rule.category);
                assert!(cited(legal, &law).starts_with(&text.cite));
            }
        }
        let unread = LegalReference::Text("loi-2026-798-19".into());
        assert!(cited(&unread, &law).ends_with("(à vérifier)"));
    }
}
