//! The archive in a real S3-compatible store, and what it does when that fails.

mod trouble;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use guetteur_archive::{
    Archive, ArchiveError, Copied, Location, Near, Soundness, StoreSettings, StoreTrouble,
    UnprovenPdf,
};
use guetteur_model::Sha256;
use guetteur_testkit::objects::TestStore;

/// Opens the archive in `store`, with some variables set otherwise.
fn open_with(store: &TestStore, near: &Path, other: &[(&str, &str)]) -> Archive {
    let mut variables = store.variables();
    variables.retain(|(name, _)| !other.iter().any(|(replaced, _)| replaced == name));
    variables.extend(other.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let near = Near { folder: near.to_owned(), limit_bytes: 50_000_000 };
    let location = Location::parse(&store.url("france/pdf")).expect("a location");
    let settings: StoreSettings = variables.into_iter().collect();
    Archive::open_at(location, near, &settings).expect("opened")
}

fn open(store: &TestStore, near: &Path) -> Archive {
    open_with(store, near, &[])
}

fn key(sha256: Sha256) -> String {
    let hex = sha256.to_string();
    format!("france/pdf/{}/{}/{hex}.pdf", &hex[..2], &hex[2..4])
}

/// More than two parts, none like the other.
fn large_pdf() -> Vec<u8> {
    let mut bytes = vec![0; 20 << 20];
    fastrand::Rng::with_seed(1).fill(&mut bytes);
    bytes[..9].copy_from_slice(b"%PDF-1.7\n");
    bytes
}

#[tokio::test]
async fn what_goes_in_comes_out_on_another_machine() {
    let store = TestStore::start();
    let folder = tempfile::tempdir().expect("folder");
    let (here, there) = (folder.path().join("here"), folder.path().join("there"));
    let archive = open(&store, &here);
    let large = large_pdf();
    let small = archive.keep(b"%PDF-1.4 petit").await.expect("kept");
    let big = archive.keep(&large).await.expect("kept in parts");
    assert_eq!(big, Sha256::of(&large));
    let mut again = archive.incoming().expect("incoming");
    again.write(b"%PDF-1.4 petit").expect("written");
    assert!(!again.keep().await.expect("kept").new, "it was there");

    let other = open(&store, &there);
    for (name, bytes) in [(small, &b"%PDF-1.4 petit"[..]), (big, &large)] {
        assert!(other.contains(name).await.expect("asked"));
        assert_eq!(other.soundness(name).await.expect("read"), Soundness::Sound);
        let file = other.file(name).await.expect("brought near");
        assert_eq!(std::fs::read(file.path()).expect("file"), bytes);
        assert!(file.path().starts_with(&there));
    }
    let mut listed = other.documents().await.expect("listed");
    listed.documents.sort_unstable();
    let mut expected = vec![small, big];
    expected.sort_unstable();
    assert_eq!((listed.documents, listed.strangers), (expected, 0));
    let absent = Sha256::of(b"absent");
    assert!(!other.contains(absent).await.expect("asked"));
    assert!(matches!(other.file(absent).await, Err(UnprovenPdf::Missing { .. })));
    assert_eq!(content_type(&store, &key(small)), "application/pdf");
    assert_eq!(content_type(&store, &key(big)), "application/pdf");
}

/// As anyone is told who asks the store; the test's filer stores it beside the bytes.
fn content_type(store: &TestStore, key: &str) -> String {
    store.header(key, "content-type")
}

#[tokio::test]
async fn what_is_altered_does_not_leave_and_is_mended_by_its_bytes() {
    let store = TestStore::start();
    let folder = tempfile::tempdir().expect("folder");
    let archive = open(&store, &folder.path().join("near"));
    let name = archive.keep(b"%PDF-1.4 entier").await.expect("kept");
    store.alter(&key(name), b"%PDF-1.4 entieR");
    assert_eq!(archive.soundness(name).await.expect("read"), Soundness::Altered);
    let elsewhere = open(&store, &folder.path().join("elsewhere"));
    let error = elsewhere.file(name).await.expect_err("altered");
    assert!(matches!(error, UnprovenPdf::Altered { .. }), "{error}");
    assert!(archive.file(name).await.is_ok(), "what is near is sound all the same");
    elsewhere.keep(b"%PDF-1.4 entier").await.expect("fetched again");
    assert_eq!(archive.soundness(name).await.expect("read"), Soundness::Sound);
    store.remove(&key(name));
    assert_eq!(archive.soundness(name).await.expect("read"), Soundness::Missing);
}

#[tokio::test]
async fn many_readers_of_one_document_fetch_it_once() {
    let store = TestStore::start();
    let folder = tempfile::tempdir().expect("folder");
    let name = open(&store, &folder.path().join("a")).keep(b"%PDF une fois").await.expect("kept");
    let proxy = Proxy::before(&store, usize::MAX);
    let archive =
        open_with(&store, &folder.path().join("b"), &[("AWS_ENDPOINT_URL", &proxy.endpoint())]);
    let readers = (0..8).map(|_| archive.file(name));
    for file in futures::future::join_all(readers).await {
        assert_eq!(std::fs::read(file.expect("near").path()).expect("file"), b"%PDF une fois");
    }
    assert_eq!(proxy.connections(), 1);
}

#[tokio::test]
async fn a_cut_answer_is_taken_up_where_it_broke_off() {
    let store = TestStore::start();
    let folder = tempfile::tempdir().expect("folder");
    let large = large_pdf();
    let name = open(&store, &folder.path().join("a")).keep(&large).await.expect("kept");
    let proxy = Proxy::before(&store, 9 << 20);
    let archive =
        open_with(&store, &folder.path().join("b"), &[("AWS_ENDPOINT_URL", &proxy.endpoint())]);
    let file = archive.file(name).await.expect("in spite of cuts");
    assert_eq!(std::fs::read(file.path()).expect("file"), large);
    assert!(proxy.connections() > 1, "it was cut");
}

#[tokio::test]
async fn each_trouble_says_what_to_do() {
    let store = TestStore::start();
    let folder = tempfile::tempdir().expect("folder");
    let nobody = TcpListener::bind("127.0.0.1:0").expect("port").local_addr().expect("address");
    let nobody = format!("http://{nobody}");
    let cases: [(&[(&str, &str)], StoreTrouble); 3] = [
        (&[("AWS_SECRET_ACCESS_KEY", "autre")], StoreTrouble::Credentials),
        (&[("AWS_ACCESS_KEY_ID", "personne")], StoreTrouble::Credentials),
        (&[("AWS_ENDPOINT_URL", &nobody)], StoreTrouble::Down),
    ];
    for (number, (other, expected)) in cases.into_iter().enumerate() {
        let archive = open_with(&store, &folder.path().join(number.to_string()), other);
        let name = Sha256::of(b"%PDF a");
        let errors = [
            archive.keep(b"%PDF a").await.err(),
            archive.contains(name).await.err(),
            archive.soundness(name).await.err(),
            archive.documents().await.err(),
        ];
        for error in errors {
            let error = error.unwrap_or_else(|| panic!("{other:?}: no error"));
            let ArchiveError::Store { trouble, .. } = &error else { panic!("{other:?}: {error}") };
            assert_eq!(*trouble, expected, "{other:?}: {error}");
            assert!(!error.to_string().contains("autre"), "no secret: {error}");
        }
        let error = archive.file(name).await.expect_err("no answer is not « missing »");
        assert!(matches!(error, UnprovenPdf::Unreadable(_)), "{other:?}: {error}");
    }
}

/// Copies, and gives how many were copied, there before, and unsound.
async fn copied(from: &Archive, to: &Archive, journal: &Path) -> [usize; 3] {
    let mut told = [0; 3];
    let done = guetteur_archive::copy(from, to, journal, |_, _, copied| {
        let kind = match copied {
            Copied::Now(_) => 0,
            Copied::Before => 1,
            Copied::Unsound(_) => 2,
        };
        told[kind] += 1;
        Ok::<(), ArchiveError>(())
    });
    done.await.expect("copied");
    told
}

#[tokio::test]
async fn an_archive_moves_into_a_store_and_back() {
    let store = TestStore::start();
    let folder = tempfile::tempdir().expect("folder");
    let from = Archive::open(folder.path().join("from")).expect("archive");
    let to = open(&store, &folder.path().join("near"));
    let back = Archive::open(folder.path().join("back")).expect("archive");
    let journal = folder.path().join("journal");
    for number in 0..7 {
        from.keep(format!("%PDF {number}").as_bytes()).await.expect("kept");
    }
    let large = from.keep(&large_pdf()).await.expect("kept");
    from.set_mark("0123").await.expect("marked");

    let mut seen = 0;
    let cut = guetteur_archive::copy(&from, &to, &journal, |_, _, _| {
        seen += 1;
        if seen == 3 { Err(std::io::Error::other("a kill").into()) } else { Ok(()) }
    });
    let cut: Result<(), Stopped> = cut.await;
    assert!(cut.is_err());
    let kept = std::fs::read_to_string(&journal).expect("journal").lines().count() - 1;
    assert!(kept >= 3, "{kept} were read back");
    let [now, before, unsound] = copied(&from, &to, &journal).await;
    assert_eq!((now + before, unsound), (8, 0));
    assert!(before >= kept, "goes on where it stopped");
    assert!(!journal.exists());
    assert_eq!(to.mark().await.expect("mark").as_deref(), Some("0123"));

    store.alter(&key(large), b"%PDF mordu");
    assert_eq!(copied(&from, &to, &journal).await, [1, 7, 0], "mended");
    let gone = Sha256::of(b"%PDF 3");
    store.alter(&key(gone), b"%PDF mordu");
    let cold = open(&store, &folder.path().join("cold"));
    assert_eq!(copied(&cold, &back, &journal).await, [7, 0, 1], "one is lost, and told");
    assert!(journal.exists(), "it is not done");
    store.alter(&key(gone), b"%PDF 3");
    assert_eq!(copied(&cold, &back, &journal).await, [1, 7, 0]);
    assert_eq!(back.soundness(large).await.expect("read"), Soundness::Sound);
}

/// Any error that ends a copy.
#[derive(Debug)]
struct Stopped;

impl From<ArchiveError> for Stopped {
    fn from(_: ArchiveError) -> Self {
        Self
    }
}

impl From<std::io::Error> for Stopped {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_no_empty_archive() {
    let store = TestStore::start();
    let folder = tempfile::tempdir().expect("folder");
    let near = Near { folder: folder.path().join("near"), limit_bytes: 1_000 };
    let settings: StoreSettings = store.variables().into_iter().collect();
    let location = Location::parse("s3://personne-ne-la-faite/x").expect("location");
    let archive = Archive::open_at(location, near, &settings).expect("opened");
    let error = archive.soundness(Sha256::of(b"a")).await.expect_err("no bucket");
    let is_told = matches!(error, ArchiveError::Store { trouble: StoreTrouble::NoBucket, .. });
    assert!(is_told, "{error}");
}

/// Passes on what the store says, and cuts a connection after so many bytes of its answers.
struct Proxy {
    address: String,
    connections: Arc<AtomicU32>,
}

impl Proxy {
    fn before(store: &TestStore, cut_after: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("port");
        let address = listener.local_addr().expect("address").to_string();
        let connections = Arc::new(AtomicU32::new(0));
        let (counted, target) = (Arc::clone(&connections), store.address());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                counted.fetch_add(1, Ordering::Relaxed);
                let Ok(server) = TcpStream::connect(&target) else { continue };
                pass_on(client, server, cut_after);
            }
        });
        Self { address, connections }
    }

    fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    fn connections(&self) -> u32 {
        self.connections.load(Ordering::Relaxed)
    }
}

fn pass_on(client: TcpStream, server: TcpStream, cut_after: usize) {
    let copy = |mut from: TcpStream, mut to: TcpStream, limit: usize| {
        std::thread::spawn(move || {
            let (mut piece, mut passed) = (vec![0; 64 << 10], 0);
            while let Ok(read) = from.read(&mut piece) {
                if read == 0 || to.write_all(&piece[..read]).is_err() {
                    break;
                }
                passed += read;
                if passed >= limit {
                    break;
                }
            }
            let _ =
                (from.shutdown(std::net::Shutdown::Both), to.shutdown(std::net::Shutdown::Both));
        });
    };
    let (Ok(from_client), Ok(to_server)) = (client.try_clone(), server.try_clone()) else { return };
    copy(from_client, to_server, usize::MAX);
    copy(server, client, cut_after);
}
