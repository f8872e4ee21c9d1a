//! What `guetteur doctor` says of the pages that wait for OCR.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use guetteur_model::dates::format_french_date;
use guetteur_store::{OcrQueue, StoreError};
use serde::Serialize;

use super::Finding;
use crate::app::App;
use crate::cli::words::count;

/// What the finding is about.
pub(super) const OCR_QUEUE: &str = "pages à reconnaître";

/// The figures behind the sentence.
#[derive(Debug, Clone, Serialize)]
pub(super) struct OcrFigures {
    pages_waiting: u64,
    bulletins_waiting: u64,
    /// When the PDF that waits longest came.
    oldest_at: Option<DateTime<Utc>>,
    /// Pages recognised today (UTC), by all processes on the database.
    pages_today: u64,
    /// Pages that may be recognised in a day; none where there is no limit.
    pages_per_day: Option<u32>,
}

/// The pages that wait, and what of the day's budget is spent.
///
/// # Errors
/// When the database fails.
pub(super) async fn ocr_queue(app: &App) -> Result<Finding, StoreError> {
    let OcrQueue { pages, bulletins, oldest_at } =
        app.store.ocr_queue(app.reader_versions.ocr).await?;
    let figures = OcrFigures {
        pages_waiting: pages,
        bulletins_waiting: bulletins,
        oldest_at,
        pages_today: app.store.ocr_pages_on(app.clock.now().date_naive()).await?,
        pages_per_day: Some(app.config.read.ocr_pages_per_day).filter(|most| *most > 0),
    };
    let reader = app.reader(1);
    let missing = tokio::task::spawn_blocking(move || reader.ocr_missing()).await.ok().flatten();
    Ok(finding(figures, missing.is_some()))
}

fn finding(figures: OcrFigures, is_missing: bool) -> Finding {
    let is_spent = figures.pages_per_day.is_some_and(|most| figures.pages_today >= most.into());
    let ok = figures.pages_waiting == 0 || !(is_missing || is_spent);
    let told = format!("{} ; {}", waiting(&figures, is_missing), today(&figures, is_spent));
    Finding { ocr: Some(figures), ..Finding::new(OCR_QUEUE, ok, false, told) }
}

fn waiting(figures: &OcrFigures, is_missing: bool) -> String {
    let Some(oldest) = figures.oldest_at else { return "aucune n'attend".to_owned() };
    let mut text = format!(
        "{} dans {} attendent, la plus ancienne depuis le {}",
        count(figures.pages_waiting, "page", "pages"),
        count(figures.bulletins_waiting, "recueil", "recueils"),
        format_french_date(oldest.with_timezone(&Paris).date_naive()),
    );
    if is_missing {
        text += ", et cette machine n'en reconnaît aucune (voir tesseract)";
    }
    text
}

fn today(figures: &OcrFigures, is_spent: bool) -> String {
    let done = count(figures.pages_today, "reconnue aujourd'hui", "reconnues aujourd'hui");
    match figures.pages_per_day {
        Some(most) if is_spent => {
            format!("{done}, la limite du jour ({most}, read.ocr_pages_per_day) est atteinte")
        }
        Some(most) => format!("{done} sur {most} (read.ocr_pages_per_day)"),
        None => format!("{done}, sans limite"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_said_with_what_holds_it_up() {
        let idle = OcrFigures {
            pages_waiting: 0,
            bulletins_waiting: 0,
            oldest_at: None,
            pages_today: 1,
            pages_per_day: None,
        };
        // Half past midnight in Paris.
        let oldest_at = Some("2026-08-31T22:30:00Z".parse().expect("time"));
        let busy = OcrFigures {
            pages_waiting: 1240,
            bulletins_waiting: 31,
            oldest_at,
            pages_today: 85,
            pages_per_day: Some(500),
        };
        let spent = OcrFigures { pages_per_day: Some(85), ..busy.clone() };
        let waits = "1240 pages dans 31 recueils attendent, la plus ancienne depuis le 1er \
            septembre 2026";
        let (setting, here) = ("read.ocr_pages_per_day", "cette machine n'en reconnaît aucune");
        let cases = [
            (
                &idle,
                false,
                true,
                "aucune n'attend ; 1 reconnue aujourd'hui, sans limite".to_owned(),
            ),
            (&idle, true, true, "aucune n'attend ; 1 reconnue aujourd'hui, sans limite".to_owned()),
            (&busy, false, true, format!("{waits} ; 85 reconnues aujourd'hui sur 500 ({setting})")),
            (
                &busy,
                true,
                false,
                format!(
                    "{waits}, et {here} (voir tesseract) ; 85 reconnues aujourd'hui sur 500 \
                     ({setting})"
                ),
            ),
            (
                &spent,
                false,
                false,
                format!(
                    "{waits} ; 85 reconnues aujourd'hui, la limite du jour (85, {setting}) est \
                     atteinte"
                ),
            ),
        ];
        for (figures, is_missing, ok, detail) in cases {
            let found = finding(figures.clone(), is_missing);
            assert_eq!((found.ok, found.detail), (ok, detail));
        }
    }
}
