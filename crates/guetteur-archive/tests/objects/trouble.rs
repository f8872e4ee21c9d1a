//! A store that is full, slow, or silent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use guetteur_archive::{Archive, ArchiveError, Location, Near, StoreSettings, StoreTrouble};
use guetteur_model::Sha256;
use guetteur_testkit::objects::TestStore;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// SeaweedFS without room says that it failed, as any other trouble of its own.
#[tokio::test]
async fn a_full_store_keeps_nothing_and_goes_on_once_there_is_room() {
    let store = TestStore::full();
    let folder = tempfile::tempdir().expect("folder");
    let archive = crate::open(&store, &folder.path().join("near"));
    let name = Sha256::of(b"%PDF de trop");
    let error = archive.keep(b"%PDF de trop").await.expect_err("full");
    let ArchiveError::Store { trouble, .. } = &error else { panic!("{error}") };
    assert_eq!(*trouble, StoreTrouble::Failing, "{error}");
    assert!(error.to_string().contains("full"), "{error}");
    assert!(!archive.contains(name).await.expect("asked"), "what it refused is not there");
    assert!(archive.file(name).await.is_err(), "nor near");
    store.make_room();
    assert_eq!(archive.keep(b"%PDF de trop").await.expect("kept"), name);
    assert!(archive.contains(name).await.expect("asked"));
}

/// A store of one's own words: takes in so many bytes a second, of the paused clock, or answers nothing.
struct Slow {
    address: String,
    taken: Arc<AtomicUsize>,
}

#[derive(Clone, Copy)]
enum Manner {
    /// So many bytes a second.
    At(usize),
    /// Reads all and never answers.
    Silent,
}

impl Slow {
    async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
        let address = listener.local_addr().expect("address").to_string();
        let taken = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&taken);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, manner, Arc::clone(&counted)));
            }
        });
        Self { address, taken }
    }

    fn archive(&self, near: &std::path::Path) -> Archive {
        let settings: StoreSettings = [
            ("AWS_ENDPOINT_URL", format!("http://{}", self.address).as_str()),
            ("AWS_ACCESS_KEY_ID", "k"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_REGION", "us-east-1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into_iter()
        .collect();
        let near = Near { folder: near.to_owned(), limit_bytes: 50_000_000 };
        let location = Location::parse("s3://lent/france").expect("location");
        Archive::open_at(location, near, &settings).expect("opened")
    }
}

async fn serve(mut client: TcpStream, manner: Manner, taken: Arc<AtomicUsize>) {
    let mut read = Vec::new();
    loop {
        let head = loop {
            if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if client.read_buf(&mut read).await.unwrap_or(0) == 0 {
                return;
            }
        };
        let said = String::from_utf8_lossy(&read[..head]).to_lowercase();
        let length = said.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.trim().parse().expect("a length"));
        let mut body = read.len() - head;
        let mut piece = vec![0; 8 << 10];
        while body < length {
            if let Manner::At(speed) = manner {
                let pause = Duration::from_secs_f64(piece.len() as f64 / speed as f64);
                tokio::time::sleep(pause).await;
            }
            match client.read(&mut piece).await {
                Ok(0) | Err(_) => return,
                Ok(count) => body += count,
            }
        }
        read.clear();
        if matches!(manner, Manner::Silent) {
            std::future::pending::<()>().await;
        }
        let answer = match said.split(' ').next() {
            Some("head") => "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
            Some("put") => {
                taken.fetch_add(body, Ordering::Relaxed);
                "HTTP/1.1 200 OK\r\netag: \"a\"\r\ncontent-length: 0\r\n\r\n".to_owned()
            }
            _ => {
                let name = match said.lines().next().expect("a line").contains("uploads") {
                    true => "InitiateMultipartUploadResult",
                    false => "CompleteMultipartUploadResult",
                };
                let xml = format!(
                    "<{name}><Bucket>lent</Bucket><Key>a</Key><UploadId>1</UploadId>\
                     <ETag>a</ETag></{name}>"
                );
                format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{xml}", xml.len())
            }
        };
        if client.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// A line of 200 kilobits a second upwards: what goes up takes minutes and arrives.
#[tokio::test(start_paused = true)]
async fn a_slow_store_takes_what_it_is_given() {
    let folder = tempfile::tempdir().expect("folder");
    let mut bytes = crate::large_pdf();
    for size in [4 << 20, 12 << 20] {
        bytes.truncate(bytes.len().min(size));
        let slow = Slow::start(Manner::At(25_000)).await;
        let begun = tokio::time::Instant::now();
        slow.archive(&folder.path().join(size.to_string())).keep(&bytes).await.expect("kept");
        assert_eq!(slow.taken.load(Ordering::Relaxed), bytes.len(), "each byte once");
        assert!(begun.elapsed() > Duration::from_secs(60), "it was slow");
        bytes = crate::large_pdf();
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_store_is_not_waited_for_for_ever() {
    let folder = tempfile::tempdir().expect("folder");
    let silent = Slow::start(Manner::Silent).await;
    let archive = silent.archive(&folder.path().join("near"));
    let error = archive.keep(b"%PDF a").await.expect_err("no answer");
    let is_down = matches!(error, ArchiveError::Store { trouble: StoreTrouble::Down, .. });
    assert!(is_down, "{error}");
}
