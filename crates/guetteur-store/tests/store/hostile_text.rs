use guetteur_model::Sha256;
use guetteur_store::Store;

use crate::support::{Whole, act, at, link, page, process};
use guetteur_model::Level;

/// Texts from PDFs and pages hold anything. NUL alone cannot be stored; it becomes U+FFFD, one
/// character for one.
pub(crate) async fn strings_come_back(store: Store) {
    let strings = [
        "l'apostrophe et \"guillemets\" ; -- '); DROP TABLE acts;",
        "=HYPERLINK(\"http://x\");\r\n\t",
        "😀 👩‍👩‍👧 e\u{301} \u{202e}envers \u{feff}",
        "$1 ?1 :nom @nom %s \\u0000 \\0 {}",
        "nul\0ici\0",
        "\u{1}\u{7f}\u{fffe}\u{10ffff}",
    ];
    for (i, text) in strings.iter().enumerate() {
        let clean = text.replace('\0', "\u{fffd}");
        let minutes = i as i64;
        let mut link = link(&format!("s{i}"), None);
        link.title = (*text).to_owned();
        link.number = Some((*text).to_owned());
        let source = "34";
        store.record_found(source, &[link.clone()], at(minutes)).await.expect("recorded");
        let mut whole = Whole::new(act(Some(text), text, 1, text)).flag("drone", Level::Authorises);
        whole.facts.place = Some((*text).to_owned());
        whole.flags[0].evidence[0].text = (*text).to_owned();
        let content = format!("pdf {i}");
        let (bulletin, summary) =
            process(&store, &content, &[page(1, text)], &[whole], minutes).await;

        let row = store.bulletin(bulletin).await.expect("read").expect("there");
        assert_eq!((&row.title, row.number.as_ref()), (&clean, Some(&clean)));
        let stored = store.page(Sha256::of(content.as_bytes()), 1).await.expect("page");
        assert_eq!(stored.expect("there").text, clean);
        let record = &store.acts_by_ids(&summary.ids).await.expect("acts")[0];
        assert_eq!((&record.act.title, record.act.number.as_ref()), (&clean, Some(&clean)));
        assert_eq!(record.facts.place.as_ref(), Some(&clean));
        assert_eq!(record.flags[0].evidence[0].text, clean);
        assert_eq!(store.act_text(record.id).await.expect("text")[0].text, clean);
    }
}
