use guetteur_model::{ActId, BulletinLink, Level, Sha256};
use guetteur_store::{BulletinFilter, Laid, NewMask, Store};

use crate::support::{Whole, act, at, fetch_again, link, page, process, span};

const TEXT: &str = "M. Jean Dupré, 3 rue des Lilas, est autorisé à filmer.";

/// Everything that readers or the index could be given of the act.
async fn all_that_is_told(store: &Store, id: ActId) -> String {
    let by_id = store.acts_by_ids(&[id]).await.expect("acts");
    let bulletin = by_id[0].bulletin_id;
    let text = store.act_text(id).await.expect("text");
    let of_bulletin = store.acts_of_bulletin(bulletin).await.expect("acts");
    let changed = store.acts_changed_since(0, 10).await.expect("acts");
    let view = store.act(id).await.expect("act").expect("there");
    let row = store.bulletin(bulletin).await.expect("bulletin");
    let rows = store.list_bulletins(&BulletinFilter::default(), 10, 0).await.expect("bulletins");
    let former = store.changed_pdfs(10).await.expect("changed PDFs");
    let same_pdf = store.bulletins_of_document(view.document.sha256).await.expect("bulletins");
    format!(
        "{by_id:?}{text:?}{of_bulletin:?}{changed:?}{view:?}{row:?}{rows:?}{former:?}\
         {same_pdf:?}"
    )
}

/// Another act of the bulletin.
fn neighbour() -> Whole {
    Whole::new(act(Some("2"), "Délégation", 2, "Le préfet délègue."))
}

pub(crate) async fn a_masked_passage_is_told_nowhere(store: Store) {
    let title = "Recueil nominatif de M. Jean Dupré".to_owned();
    let link = BulletinLink { title, ..link("000", Some("2026-01-01")) };
    store.record_found("34", &[link], at(0)).await.expect("recorded");
    let mut whole = Whole::new(act(Some("1"), "Autorisation à M. JEAN DUPRE", 1, TEXT))
        .flag("videoprotection", Level::Authorises);
    whole.flags[0].evidence = vec![span(1, "M. Jean Dupré")];
    whole.facts.beneficiary = Some("Jean Dupré".to_owned());
    whole.facts.evidence.insert("beneficiary".to_owned(), vec![span(1, "Jean Dupré")]);
    let (bulletin, summary) =
        process(&store, "pdf", &[page(1, TEXT)], &[whole, neighbour()], 1).await;
    let id = summary.ids[0];
    let before = store.acts_by_ids(&[id]).await.expect("acts").remove(0);

    let new = NewMask { act: id, passage: "jean dupre", reason: Some("demande"), keeps_pdf: false };
    let Laid::Mask(mask) = store.lay_mask(new, at(2)).await.expect("masked") else {
        panic!("it can be read");
    };
    assert_eq!(store.lay_mask(new, at(2)).await.expect("known"), Laid::NotRead, "masked already");
    let told = all_that_is_told(&store, id).await;
    for name in ["Dupr", "DUPR", "JEAN"] {
        assert!(!told.contains(name), "{name} in {told}");
    }
    let after = store.acts_by_ids(&[id]).await.expect("acts").remove(0);
    assert!(after.revision > before.revision, "the index takes it again");
    assert_eq!(after.updated_at, at(2), "feeds announce it");
    assert_eq!(after.facts.beneficiary.as_deref(), Some("████ █████"));
    let text = store.act_text(id).await.expect("text").remove(0).text;
    assert_eq!(text.chars().count(), TEXT.chars().count(), "evidence keeps its place");
    let stored = store.page(after.document, 1).await.expect("page").expect("there");
    assert_eq!(stored.text, TEXT, "the proof is kept");
    assert!(store.is_withheld(after.document).await.expect("withheld"));
    let neighbour = store.acts_by_ids(&summary.ids[1..]).await.expect("acts").remove(0);
    assert!(after.withheld && neighbour.withheld, "they stand in one PDF");
    assert!(!store.is_withheld(Sha256::of(b"other")).await.expect("withheld"));
    fetch_again(&store, bulletin, "other pdf", 2).await;
    let versions = store.bulletin_versions(bulletin).await.expect("versions");
    assert_eq!(versions.len(), 2);
    for version in versions {
        let sha = version.document.sha256;
        assert!(store.is_withheld(sha).await.expect("withheld"), "in every version");
    }
    let told = all_that_is_told(&store, id).await;
    assert!(!told.contains("Dupr"), "{told}");
    assert_eq!(store.masks().await.expect("masks")[0].reason.as_deref(), Some("demande"));

    assert!(store.remove_mask(mask, at(3)).await.expect("removed"));
    assert!(!store.remove_mask(mask, at(3)).await.expect("removed"));
    assert!(!store.bulletin(after.bulletin_id).await.expect("row").expect("there").withheld);
    assert!(all_that_is_told(&store, id).await.contains("Jean Dupré"));
    assert!(!store.is_withheld(after.document).await.expect("withheld"));
    let nobody = NewMask { act: ActId(999), passage: "x", reason: None, keeps_pdf: true };
    assert_eq!(store.lay_mask(nobody, at(4)).await.expect("known"), Laid::NoAct);
    let nothing = NewMask { act: id, passage: "Marie Durand", reason: None, keeps_pdf: true };
    assert_eq!(store.lay_mask(nothing, at(4)).await.expect("known"), Laid::NotRead);
    assert!(store.masks().await.expect("masks").is_empty());
}
