//! A real PgBouncer between us and PostgreSQL.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::{Child, Command, Stdio};
use std::str::FromStr;

use guetteur_store::{Store, StoreError};
use guetteur_testkit::db::TestDatabase;
use sqlx::postgres::PgConnectOptions;
use tempfile::TempDir;

struct Pooler {
    child: Child,
    folder: TempDir,
}

impl Pooler {
    /// In front of the server of `database`, on a socket in a folder of its own.
    fn start(database: &TestDatabase, pool_mode: &str) -> Self {
        let server = PgConnectOptions::from_str(database.url()).expect("address");
        let host =
            server.get_socket().map_or(server.get_host(), |socket| socket.to_str().expect("path"));
        let folder = TempDir::new().expect("folder");
        let path = folder.path().display();
        // It refuses to run as root, and takes another user then.
        let is_root = std::fs::metadata("/proc/self").expect("this process").uid() == 0;
        let user = if is_root { "user = postgres\n" } else { "" };
        let settings = format!(
            "[databases]\n* = host={host} port={} user={}\n[pgbouncer]\n{user}auth_type = any\n\
             unix_socket_dir = {path}\nlisten_port = 6432\npool_mode = {pool_mode}\n",
            server.get_port(),
            server.get_username(),
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).expect("written");
        let all = |mode| std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.path(), all(0o777)).expect("folder");
        std::fs::set_permissions(&file, all(0o644)).expect("file");
        let mut child = Command::new("/usr/sbin/pgbouncer")
            .arg(&file)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("PgBouncer is installed: apt-get install pgbouncer");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let up = lines.any(|line| line.expect("text").contains("process up"));
        assert!(up, "PgBouncer starts");
        // Its log goes on; nobody waits for it.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, folder }
    }

    fn url(&self, database: &TestDatabase) -> String {
        let server = PgConnectOptions::from_str(database.url()).expect("address");
        let name = server.get_database().expect("a name");
        format!("postgres:///{name}?host={}&port=6432&user=guetteur", self.folder.path().display())
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[tokio::test]
async fn a_pooler_that_keeps_connections_is_used_one_that_hands_them_round_refused() {
    let database = TestDatabase::postgres();
    let session = Pooler::start(&database, "session");
    let store = Store::open(&session.url(&database)).await.expect("opens");
    assert_eq!(store.revision().await.expect("revision"), 0);
    store.close().await;
    drop(session);

    for mode in ["transaction", "statement"] {
        let pooler = Pooler::start(&database, mode);
        let error = Store::open(&pooler.url(&database)).await.expect_err("refused");
        assert!(matches!(error, StoreError::Open { .. }), "{mode}: {error}");
        assert!(error.to_string().contains("pool_mode = session"), "{mode}: {error}");
    }
}
