//! The archive in a folder. That of a store is tested against a real one (`tests/objects.rs`).

use super::*;
use crate::folder::INCOMING;

/// Where a document of a folder lies.
fn place(archive: &Archive, sha256: Sha256) -> PathBuf {
    archive.path(sha256).expect("a folder")
}

#[tokio::test]
async fn keeps_once_and_never_overwrites() {
    let dir = tempfile::tempdir().expect("dir");
    let archive = Archive::open(dir.path()).expect("archive");
    let hash = archive.keep(b"%PDF-1.4 a").await.expect("keep");
    assert_eq!(hash, Sha256::of(b"%PDF-1.4 a"));
    let hex = hash.to_string();
    let path = dir.path().join(&hex[..2]).join(&hex[2..4]).join(format!("{hex}.pdf"));
    assert_eq!(place(&archive, hash), path);
    let before = std::fs::metadata(&path).and_then(|m| m.modified()).expect("file");
    assert_eq!(archive.keep(b"%PDF-1.4 a").await.expect("again"), hash);
    assert_eq!(std::fs::metadata(&path).and_then(|m| m.modified()).expect("file"), before);
    assert!(std::fs::metadata(&path).expect("file").permissions().readonly());
    let left = std::fs::read_dir(dir.path().join(INCOMING)).expect("incoming").count();
    assert_eq!(left, 0, "nothing half-written stays");
}

#[tokio::test]
async fn what_a_kill_cut_goes_and_what_is_on_its_way_stays() {
    let dir = tempfile::tempdir().expect("dir");
    let archive = Archive::open(dir.path()).expect("archive");
    let left = dir.path().join(INCOMING).join(".tmpCoupe");
    std::fs::write(&left, "%PDF-1.4 cou").expect("left by a kill");
    let mut coming = archive.incoming().expect("incoming");
    coming.write(b"%PDF-1.4 en route").expect("written");
    Archive::open(dir.path()).expect("another process starts");
    assert!(!left.exists());
    let kept = coming.keep().await.expect("kept");
    assert_eq!(archive.soundness(kept.sha256).await.expect("read"), Soundness::Sound);
}

#[tokio::test]
async fn a_damaged_document_is_known_and_mended_by_the_same_bytes() {
    let dir = tempfile::tempdir().expect("dir");
    let archive = Archive::open(dir.path()).expect("archive");
    let hash = archive.keep(b"%PDF-1.4 entier").await.expect("keep");
    let other = archive.keep(b"%PDF-1.4 autre").await.expect("keep");
    std::fs::write(dir.path().join("notes.txt"), "").expect("a stranger");
    let misplaced = dir.path().join(place(&archive, other).file_name().expect("name"));
    std::fs::copy(place(&archive, other), misplaced).expect("a copy elsewhere");
    let Listing { mut documents, strangers } = archive.documents().await.expect("listed");
    documents.sort_unstable();
    let mut expected = [hash, other];
    expected.sort_unstable();
    assert_eq!((&*documents, strangers), (&expected[..], 2));

    let soundness = async |hash| archive.soundness(hash).await.expect("read");
    std::fs::remove_file(place(&archive, hash)).expect("removed");
    assert_eq!(soundness(hash).await, Soundness::Missing);
    assert!(matches!(archive.file(hash).await, Err(UnprovenPdf::Missing { .. })));
    std::fs::write(place(&archive, hash), b"%PDF-1.4 entieR").expect("a bit flips");
    assert_eq!(soundness(hash).await, Soundness::Altered);
    assert!(matches!(archive.file(hash).await, Err(UnprovenPdf::Altered { .. })));
    assert_eq!(soundness(other).await, Soundness::Sound);
    archive.keep(b"%PDF-1.4 entier").await.expect("fetched again");
    assert_eq!(soundness(hash).await, Soundness::Sound);
    let file = archive.file(hash).await.expect("sound");
    assert_eq!(std::fs::read(file.path()).expect("file"), b"%PDF-1.4 entier");
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_knows_a_document_that_does_not_open() {
    let dir = tempfile::tempdir().expect("dir");
    let archive = Archive::open(dir.path()).expect("archive");
    let hash = archive.keep(b"%PDF-1.4 a").await.expect("keep");
    let place = place(&archive, hash);
    std::fs::remove_file(&place).expect("removed");
    std::os::unix::fs::symlink(&place, &place).expect("leads nowhere but to itself");
    let error = archive.soundness(hash).await.expect_err("neither sound nor altered");
    assert!(matches!(error, ArchiveError::Folder { .. }), "{error}");
}

#[tokio::test]
async fn a_copy_into_a_marked_archive_is_told() {
    let dir = tempfile::tempdir().expect("dir");
    let open = |name: &str| Archive::open(dir.path().join(name)).expect("archive");
    let (from, to) = (open("from"), open("to"));
    let hash = from.keep(b"%PDF-1.4 a").await.expect("keep");
    from.set_mark("0123").await.expect("marked");
    to.set_mark("4567").await.expect("marked");
    let journal = dir.path().join("journal");
    let copied =
        async || crate::copy(&from, &to, &journal, |_, _, _| Ok::<(), ArchiveError>(())).await;
    let error = copied().await.expect_err("another mark");
    assert!(error.to_string().contains("archive adopt"), "{error}");
    assert_eq!(to.soundness(hash).await.expect("read"), Soundness::Sound, "all the same");
    std::fs::remove_file(dir.path().join("to/archive-mark")).expect("removed");
    copied().await.expect("copied");
    assert_eq!(to.mark().await.expect("mark").as_deref(), Some("0123"));
}

#[test]
fn an_impossible_folder_is_named() {
    let error = Archive::open("/dev/null/archive").expect_err("not a folder");
    assert!(error.to_string().contains("/dev/null/archive"), "{error}");
}
