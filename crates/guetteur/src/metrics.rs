//! `/metrics` on a listener of its own: what is measured, as Prometheus reads it (text format 0.0.4).
//!
//! It is apart from the site so that a firewall can keep it to the operator: it names what fails.

use std::fmt::{Display, Write as _};
use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use guetteur_store::{
    Gauges, MessageState, OcrQueue, ScrubKind, SourceState, SourceStatus, Store, StoreError,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::{disk, served};

/// Serves until `stop`, where the settings name an address; gives the address.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn start(app: &Arc<App>, stop: CancellationToken) -> Result<Option<String>> {
    let Some(address) = &app.config.site.metrics_listen else { return Ok(None) };
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("écoute sur {address} (site.metrics_listen)"))?;
    let address = listener.local_addr()?.to_string();
    let (app, config) = (Arc::clone(app), app.config.clone());
    let text = move || {
        let app = Arc::clone(&app);
        async move { text(&app).await }
    };
    tokio::spawn(guetteur_web::serve_metrics(listener, text, stop.cancelled_owned()));
    served::tell(&config, "Les mesures sont servies", &format!("http://{address}/metrics"));
    Ok(Some(address))
}

async fn text(app: &App) -> Result<String, String> {
    let (store, now) = (&app.store, app.clock.now());
    let failed = |error: StoreError| error.to_string();
    let mut page = Page::default();
    page.one(
        "guetteur_build_info",
        "Version of the program.",
        &[("version", env!("CARGO_PKG_VERSION"))],
        1,
    );
    gauges(&mut page, &store.gauges(now).await.map_err(failed)?, now);
    ocr(&mut page, &store.ocr_queue(app.reader_versions.ocr).await.map_err(failed)?, now);
    archive(&mut page, store, now).await.map_err(failed)?;
    let states = store.source_health().await.map_err(failed)?;
    sources(&mut page, app, &states, now);
    if let Some(free) = disk::free_mb(&app.config.data) {
        let about = "Bytes that may still be written in the data folder.";
        page.one("guetteur_disk_free_bytes", about, &[("folder", "data")], free << 20);
    }
    process(&mut page);
    Ok(page.text)
}

fn gauges(page: &mut Page, gauges: &Gauges, now: DateTime<Utc>) {
    let name = "guetteur_queue_bulletins";
    page.head(name, "gauge", "Bulletins due, by the stage that they have reached.");
    for gauge in &gauges.stages {
        page.sample(name, &[("stage", gauge.stage.as_str())], gauge.due);
    }
    let name = "guetteur_queue_oldest_seconds";
    page.head(name, "gauge", "How long the oldest bulletin due has stood at its stage.");
    for gauge in &gauges.stages {
        page.sample(name, &[("stage", gauge.stage.as_str())], age(gauge.oldest_at, now));
    }
    page.one("guetteur_given_up_bulletins", "Bulletins given up.", &[], gauges.given_up);
    let name = "guetteur_source_failed_passes_day";
    page.head(name, "gauge", "Passes that failed in the last 24 hours, by kind.");
    for gauge in &gauges.failures {
        page.sample(
            name,
            &[("source", &gauge.source), ("kind", gauge.kind.as_str())],
            gauge.passes,
        );
    }
    let name = "guetteur_messages";
    page.head(name, "gauge", "Messages of the outbox by state.");
    for gauge in &gauges.messages {
        page.sample(name, &[("state", gauge.state.as_str())], gauge.count);
    }
    let pending = gauges.messages.iter().find(|gauge| gauge.state == MessageState::Pending);
    let oldest = pending.and_then(|gauge| gauge.oldest_at);
    let about = "How long the oldest message that is to be sent has waited.";
    page.one("guetteur_messages_oldest_seconds", about, &[], age(oldest, now));
    let name = "guetteur_alarms";
    page.head(name, "gauge", "Open alarms by kind.");
    for (kind, count) in &gauges.alarms {
        page.sample(name, &[("kind", kind.as_str())], count);
    }
    page.counter("guetteur_ocr_pages_total", "Pages recognised.", gauges.ocr_pages);
    let seconds = gauges.ocr_ms as f64 / 1000.0;
    page.counter("guetteur_ocr_seconds_total", "Time spent on recognising pages.", seconds);
    page.one("guetteur_documents", "PDFs that the database names.", &[], gauges.documents);
    let about = "Bytes of the database on disk.";
    page.one("guetteur_database_bytes", about, &[], gauges.database_bytes);
}

async fn archive(page: &mut Page, store: &Store, now: DateTime<Utc>) -> Result<(), StoreError> {
    let damaged = store.damaged_documents().await?.len();
    page.one("guetteur_archive_damaged", "PDFs that are altered or missing.", &[], damaged);
    let scrub = store.scrub(ScrubKind::Slow).await?;
    let about = "Since the last time that the whole archive had been checked; absent before.";
    if let Some(whole) = scrub.as_ref().and_then(|scrub| scrub.whole_at) {
        page.one("guetteur_archive_checked_seconds", about, &[], age(Some(whole), now));
    }
    let checked = scrub.map_or(0, |scrub| scrub.checked);
    let about = "PDFs checked since the present round began.";
    page.one("guetteur_archive_checked_documents", about, &[], checked);
    Ok(())
}

fn ocr(page: &mut Page, queue: &OcrQueue, now: DateTime<Utc>) {
    page.one("guetteur_ocr_waiting_pages", "Pages that wait for OCR.", &[], queue.pages);
    let about = "How long the oldest bulletin that waits for OCR has stood at its stage.";
    page.one("guetteur_ocr_oldest_seconds", about, &[], age(queue.oldest_at, now));
}

fn sources(page: &mut Page, app: &App, states: &[SourceState], now: DateTime<Utc>) {
    let watched = app.sources(&[]).unwrap_or_default();
    let state = |code: &str| states.iter().find(|state| state.code == code);
    let name = "guetteur_source_status";
    page.head(name, "gauge", "1 for the state that a watched source is in.");
    for source in &watched {
        let status = SourceStatus::of(state(&source.code), now).as_str();
        page.sample(name, &[("source", &source.code), ("status", status)], 1);
    }
    let name = "guetteur_source_read_seconds";
    page.head(name, "gauge", "Since the end of the last pass that succeeded.");
    for source in &watched {
        let read = state(&source.code).and_then(|state| state.last_ok_at);
        if read.is_some() {
            page.sample(name, &[("source", &source.code)], age(read, now));
        }
    }
}

/// Of this process, where the system tells: Linux.
fn process(page: &mut Page) {
    if let Ok(handles) = std::fs::read_dir("/proc/self/fd") {
        page.one("process_open_fds", "Open file handles.", &[], handles.count());
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib =
        resident.and_then(|text| text.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    if let Some(kib) = kib {
        page.one("process_resident_memory_bytes", "Resident memory.", &[], kib << 10);
    }
}

/// Seconds since; 0 when there is nothing to wait.
fn age(since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> i64 {
    since.map_or(0, |since| (now - since).num_seconds().max(0))
}

/// The page as it is written.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn head(&mut self, name: &str, kind: &str, about: &str) {
        let _ = writeln!(self.text, "# HELP {name} {about}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let escaped =
            |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let labels: Vec<String> =
            labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
        let labels =
            if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.text, "{name}{labels} {value}");
    }

    fn one(&mut self, name: &str, about: &str, labels: &[(&str, &str)], value: impl Display) {
        self.head(name, "gauge", about);
        self.sample(name, labels, value);
    }

    fn counter(&mut self, name: &str, about: &str, value: impl Display) {
        self.head(name, "counter", about);
        self.sample(name, &[], value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_what_prometheus_reads() {
        let mut page = Page::default();
        page.one("a", "What it is.", &[("x", "y \"z\" \\\n")], 1);
        page.counter("b_total", "Seconds.", 1.5);
        let expected = "# HELP a What it is.\n# TYPE a gauge\na{x=\"y \\\"z\\\" \\\\\\n\"} 1\n\
                        # HELP b_total Seconds.\n# TYPE b_total counter\nb_total 1.5\n";
        assert_eq!(page.text, expected);
    }
}
