//! The site: the web crate bound to this process's resources.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use guetteur_publish::letters::Letters;
use guetteur_publish::{Catalogue, Site};
use guetteur_rules::RuleSet;
use guetteur_search::SearchIndex;
use guetteur_web::{AppState, OperatorToken, PagePictures, RuleMeasure, RuleSheet, SiteConfig};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::alerts;
use crate::app::{Access, App};
use crate::config::Secret;
use crate::pictures::Drawer;
use crate::pipeline::Follower;
use crate::watch::follow;

/// Listens on the address of the settings.
///
/// # Errors
/// When the port is taken or the address wrong.
pub async fn listen(app: &App) -> Result<TcpListener> {
    let address = &app.config.site.listen;
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "écoute sur {address} (site.listen ou --listen : une autre adresse ou un autre port ?)"
        )
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
    let catalogue = catalogue(app, index, &format!("http://{address}"));
    let alerts = alerting.map(|worker| {
        let (catalogue, config) = (catalogue.clone(), app.config.clone());
        let worker = worker.to_owned();
        let stop = stop.child_token();
        tokio::spawn(async move {
            let ended = alerts::run(catalogue, &config, worker, stop.cancelled_owned()).await;
            ended.unwrap_or_else(|error| tracing::error!("alertes : {error:#}"));
        })
    });
    eprintln!("Guetteur est servi sur http://{address}");
    guetteur_web::serve(listener, state(app, catalogue), shutdown).await.context("serveur")?;
    stop.cancel();
    for task in following.into_iter().chain(alerts) {
        let _ = task.await;
    }
    Ok(())
}

/// What is published. `address` is used for links when no public address is set.
#[must_use]
pub fn catalogue(app: &App, index: Arc<SearchIndex>, address: &str) -> Catalogue {
    let archive = app.archive.clone();
    let settings = &app.config.site;
    let base = settings.base_url.as_ref().map(|base| base.as_str().trim_end_matches('/'));
    Catalogue {
        store: app.store.clone(),
        index,
        archive: Arc::new(move |sha256| archive.path(sha256)),
        registry: Arc::new(app.registry.iter().cloned().collect()),
        site: Arc::new(Site {
            base_url: base.unwrap_or(address).to_owned(),
            title: settings.title.clone(),
            digest_hour: app.config.mail.digest_hour,
        }),
        clock: Arc::clone(&app.clock),
    }
}

/// What the web crate works with.
#[must_use]
pub fn state(app: &App, catalogue: Catalogue) -> AppState {
    let settings = &app.config.site;
    let site = SiteConfig {
        contact: settings.contact.clone(),
        sends_mail: app.config.mail.server.is_some(),
        ocr_version: app.reader_versions.ocr,
        ocr_pages_per_day: app.config.read.ocr_pages_per_day,
        operator: None,
        operator_token: settings
            .operator_token
            .as_ref()
            .map(Secret::expose)
            .map(OperatorToken::new),
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
        letters: Arc::new(letters(settings.letters_dir.as_deref())),
        figures: Arc::default(),
        counts: Arc::default(),
        rules: Arc::new(rule_sheets(&app.rules)),
        site: Arc::new(site),
    }
}

/// The templates of letters. A mistake in the operator's own must not take the site down.
fn letters(own: Option<&Path>) -> Letters {
    Letters::load(own).unwrap_or_else(|error| {
        tracing::error!("{error} ; les modèles du programme servent à leur place");
        Letters::built_in()
    })
}

/// The rules as the method page shows them.
fn rule_sheets(rules: &RuleSet) -> Vec<RuleSheet> {
    let sheet = |rule: guetteur_rules::RuleInfo<'_>| RuleSheet {
        id: rule.id.to_owned(),
        category: rule.category.to_string(),
        about: rule.description.to_owned(),
        patterns: rule.patterns.to_vec(),
        legal_refs: rule.legal.iter().map(|legal| legal.reference.clone()).collect(),
        positives: rule.positives.into_iter().map(str::to_owned).collect(),
        negatives: rule.negatives.into_iter().map(str::to_owned).collect(),
        measure: rule.measure.map(|measure| RuleMeasure {
            given: measure.given,
            right: measure.right,
            labelled: measure.labelled,
        }),
    };
    rules.rules().map(sheet).collect()
}
