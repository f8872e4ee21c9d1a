//! Throw-away databases: each test has its own, on SQLite and on a real PostgreSQL.
//!
//! PostgreSQL is that of `GUETTEUR_TEST_POSTGRES_URL` when set (a user who may create databases);
//! else a private cluster is started once a test process, from the installed binaries. A shell
//! that watches a pipe of this process stops it and removes its files when the process ends, also
//! when it is killed.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

const INSTALL: &str = "PostgreSQL is not installed, and the tests run on it too: \
     `apt-get install postgresql`, or set GUETTEUR_TEST_POSTGRES_URL";

/// A database that goes away with this value.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder { _folder: TempDir },
    Server { server: &'static Server, name: String },
}

impl TestDatabase {
    /// An SQLite file in a folder of its own.
    ///
    /// # Panics
    /// When no folder can be made.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder = TempDir::new().unwrap_or_else(|error| panic!("temporary folder: {error}"));
        let url = format!("sqlite:{}", folder.path().join("guetteur.db").display());
        Self { url, place: Place::Folder { _folder: folder } }
    }

    /// An empty PostgreSQL database.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start: a test that needs it must fail, not be
    /// skipped.
    #[must_use]
    pub fn postgres() -> Self {
        let server = server().unwrap_or_else(|error| panic!("{error}"));
        let name = format!("guetteur_test_{}_{:016x}", std::process::id(), random());
        server
            .run(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
            .unwrap_or_else(|error| panic!("creating a test database: {error}"));
        Self { url: server.url_of(&name), place: Place::Server { server, name } }
    }

    /// Fills it, which is empty, with a dump of `other`, as an operator restores one.
    ///
    /// # Panics
    /// When one of them is not PostgreSQL, or its tools fail.
    pub fn restore(&self, other: &Self) {
        let Place::Server { server, .. } = &self.place else { panic!("{self:?}") };
        let dump = Command::new(server.psql.with_file_name("pg_dump"))
            .args(["--no-owner", "--dbname", &other.url])
            .output()
            .unwrap_or_else(|error| panic!("pg_dump: {error}"));
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        let sql = String::from_utf8(dump.stdout).unwrap_or_else(|error| panic!("{error}"));
        let mut psql = Command::new(&server.psql)
            .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", &self.url])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", server.psql.display()));
        let written = psql.stdin.take().map(|mut stdin| stdin.write_all(sql.as_bytes()));
        let status = psql.wait();
        assert!(matches!(written, Some(Ok(()))) && status.is_ok_and(|s| s.success()), "restoring");
    }

    /// Its address, as `--database-url` takes it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Server { server, name } = &self.place {
            // What is left over goes with the cluster.
            drop(server.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        }
    }
}

fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// A server that tests may create databases on.
#[derive(Debug)]
struct Server {
    psql: PathBuf,
    /// Address of its maintenance database.
    url: String,
    /// The shell that stops a private cluster once the pipe to it closes, which is when this
    /// process ends, however it ends.
    _watcher: Option<Child>,
}

impl Server {
    /// The address with another database name.
    fn url_of(&self, name: &str) -> String {
        let (base, query) = match self.url.split_once('?') {
            Some((base, query)) => (base, format!("?{query}")),
            None => (self.url.as_str(), String::new()),
        };
        let authority_end = base
            .find("://")
            .and_then(|at| base[at + 3..].find('/').map(|slash| at + 3 + slash))
            .unwrap_or(base.len());
        format!("{}/{name}{query}", &base[..authority_end])
    }

    fn run(&self, sql: &str) -> Result<(), String> {
        let output = Command::new(&self.psql)
            .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", &self.url])
            .args(["--command", sql])
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("{}: {error}", self.psql.display()))?;
        if output.status.success() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn server() -> Result<&'static Server, String> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    SERVER.get_or_init(start).as_ref().map_err(Clone::clone)
}

fn start() -> Result<Server, String> {
    if let Ok(url) = std::env::var("GUETTEUR_TEST_POSTGRES_URL") {
        let psql = find_binaries("psql").ok_or(INSTALL)?.join("psql");
        return Ok(Server { psql, url, _watcher: None });
    }
    let binaries = find_binaries("initdb").ok_or(INSTALL)?;
    let (watcher, folder) = start_cluster(&binaries)?;
    let psql = find_binaries("psql").ok_or(INSTALL)?.join("psql");
    let url = format!("postgres:///postgres?host={folder}&port=5432&user=guetteur");
    Ok(Server { psql, url, _watcher: Some(watcher) })
}

/// The folder of `program`: in PATH, else Debian's folder of the newest version.
fn find_binaries(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(folder) = std::env::split_paths(&path).find(|dir| dir.join(program).is_file()) {
        return Some(folder);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join(program).is_file())
        .max_by_key(|folder| version_of(folder))
}

/// 17 of `/usr/lib/postgresql/17/bin`.
fn version_of(folder: &Path) -> Option<u32> {
    folder.parent()?.file_name()?.to_str()?.parse().ok()
}

/// `$1`: folder of the binaries; `$2`: this script, to run it again as another user, because
/// PostgreSQL refuses to run as root.
const WATCHER: &str = r#"
set -eu
if [ "$(id -u)" = 0 ]; then
    user=postgres
    id "$user" >/dev/null 2>&1 || user=nobody
    exec setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups \
        sh -c "$2" guetteur-postgres "$1" "$2"
fi
cd /
trap '' PIPE
folder=$(mktemp -d /tmp/guetteur-pg-XXXXXX)
stop() {
    "$1/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap 'stop "$1"' EXIT
trap 'exit 1' HUP INT TERM
options="-k $folder -p 5432 -c listen_addresses= -c max_connections=300 -c fsync=off"
options="$options -c synchronous_commit=off -c full_page_writes=off -c timezone=Europe/Paris"
if ! {
    "$1/initdb" -D "$folder/data" -U guetteur -A trust -E UTF8 --locale=C --no-sync &&
    "$1/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/log" -o "$options" start
} >"$folder/start" 2>&1 </dev/null; then
    cat "$folder/start" "$folder/log" 2>/dev/null
    exit 1
fi
echo "ready $folder"
exec >/dev/null
cat >/dev/null
"#;

fn start_cluster(binaries: &Path) -> Result<(Child, String), String> {
    let mut watcher = Command::new("sh")
        .args(["-c", WATCHER, "guetteur-postgres"])
        .arg(binaries)
        .arg(WATCHER)
        // Ctrl-C goes to the tests; the watcher outlives them by a moment to clean up.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("starting sh: {error}"))?;
    let stdout = watcher.stdout.take().ok_or("the watcher has no output")?;
    let mut lines = BufReader::new(stdout);
    let mut said = String::new();
    lines.read_line(&mut said).map_err(|error| format!("reading from the watcher: {error}"))?;
    if let Some(folder) = said.strip_prefix("ready ") {
        return Ok((watcher, folder.trim_end().to_owned()));
    }
    drop(lines.read_to_string(&mut said));
    Err(format!("PostgreSQL did not start:\n{said}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_another_database() {
        let cases = [
            ("postgres:///postgres?host=/s&user=u", "postgres:///t?host=/s&user=u"),
            ("postgres://u:p@h:5432/postgres", "postgres://u:p@h:5432/t"),
            ("postgres://u@h", "postgres://u@h/t"),
        ];
        for (url, expected) in cases {
            let server = Server { psql: PathBuf::new(), url: url.to_owned(), _watcher: None };
            assert_eq!(server.url_of("t"), expected);
        }
    }

    #[test]
    fn each_database_is_new_and_goes_away() {
        let (one, two) = (TestDatabase::postgres(), TestDatabase::postgres());
        assert_ne!(one.url(), two.url());
        let server = server().expect("server");
        let Place::Server { name, .. } = &one.place else { panic!("on the server") };
        let name = name.clone();
        let exists = format!(
            "DO $$ BEGIN ASSERT (SELECT count(*) FROM pg_database WHERE datname = '{name}') = 1; END $$"
        );
        server.run(&exists).expect("it is there");
        drop(one);
        server.run(&exists).expect_err("it is gone");
    }
}
