use std::time::Duration;

use guetteur_model::{HiddenWords, Stage};
use guetteur_store::{OcrRank, ReadRecord, Store};

use crate::support::{at, fetched, link, page, read_record};

fn hides(page: u32, text: &str) -> HiddenWords {
    HiddenWords { page, text: text.to_owned() }
}

pub(crate) async fn what_a_pdf_hides_is_kept_apart(store: Store) {
    let lease = Duration::from_secs(60);
    store.record_found("34", &[link("001", None)], at(0)).await.expect("found");
    let claim = store.claim(&[Stage::Found], None, "test", at(0), lease).await;
    let claim = claim.expect("claim").expect("found");
    store.complete_fetch(&claim, &fetched("a"), at(0)).await.expect("fetched");
    let claim = store.claim(&[Stage::Fetched], None, "test", at(0), lease).await;
    let claim = claim.expect("claim").expect("fetched");
    assert!(store.concealing_documents(10).await.expect("listed").is_empty());

    let scanned = ReadRecord {
        hidden: Some(vec![hides(2, "Jeanne\nAlpha"), hides(5, "sous le cache\0")]),
        ocr_rank: OcrRank::Rest,
        ..read_record(&[page(1, "Arrêté"), page(2, "")])
    };
    store.keep_scanned(&claim, &scanned).await.expect("kept");
    let kept = store.concealing_documents(10).await.expect("listed");
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].pages.as_slice(), kept[0].words), ([2, 5].as_slice(), 5));
    assert_eq!((kept[0].source.as_str(), kept[0].bulletin), ("34", claim.bulletin.id));
    let pages = store.pages(kept[0].sha256).await.expect("pages");
    assert!(pages.iter().all(|page| !page.text.contains("Alpha")), "in no page's text");
    assert!(store.concealing_documents(0).await.expect("listed").is_empty());

    // Pages recognised later say nothing of what the file hides; a new scan does.
    let later = ReadRecord { hidden: None, times: None, ..scanned.clone() };
    store.keep_scanned(&claim, &later).await.expect("kept");
    assert_eq!(store.count_concealing_documents().await.expect("counted"), 1);
    let again = ReadRecord { hidden: Some(Vec::new()), ocr_rank: OcrRank::Nothing, ..scanned };
    store.complete_read(&claim, &again, at(1)).await.expect("read");
    assert_eq!(store.count_concealing_documents().await.expect("counted"), 0);
}
