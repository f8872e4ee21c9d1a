use guetteur_store::Store;

pub(crate) async fn the_first_mark_of_an_archive_holds(store: Store) {
    assert_eq!(store.archive_mark().await.expect("read"), None);
    assert_eq!(store.set_archive_mark("un").await.expect("set"), "un");
    assert_eq!(store.set_archive_mark("deux").await.expect("too late"), "un");
    assert_eq!(store.archive_mark().await.expect("read").as_deref(), Some("un"));
    store.replace_archive_mark("deux").await.expect("replaced");
    assert_eq!(store.archive_mark().await.expect("read").as_deref(), Some("deux"));
}
