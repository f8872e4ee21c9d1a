//! The program, its data folder, the simulated sites, a running service.

pub(crate) mod app;
pub(crate) mod desk;
pub(crate) mod mail;
pub(crate) mod news;
pub(crate) mod office;
pub(crate) mod receiver;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use guetteur::demo::{Bundle, bundle, serve};
use guetteur_testkit::sites::SiteSet;
use serde_json::Value;
use tempfile::TempDir;

/// Opens the operator's page of every site that is served here.
pub(crate) const OPERATOR_TOKEN: &str = "un-jeton-d-exploitant";

/// The program, built beside the tests.
pub(crate) fn program() -> PathBuf {
    let test = std::env::current_exe().expect("path of the test");
    let folder = test.parent().and_then(Path::parent).expect("target folder");
    let program = folder.join("guetteur");
    assert!(
        program.is_file(),
        "build it first: cargo build --bin guetteur ({})",
        program.display()
    );
    program
}

/// What a run gave.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Each line of stdout as JSON: with `--json` there must be nothing else.
    pub(crate) fn json(&self) -> Vec<Value> {
        let parse =
            |line| serde_json::from_str(line).unwrap_or_else(|e| panic!("not JSON ({e}): {line}"));
        self.stdout.lines().map(parse).collect()
    }

    /// Demands success.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }
}

/// A data folder of its own and the settings for it.
pub(crate) struct World {
    pub(crate) dir: TempDir,
    mirror: Option<String>,
    database: Option<String>,
    variables: Vec<(String, String)>,
}

impl World {
    /// Without sites.
    pub(crate) fn alone() -> Self {
        let dir = tempfile::tempdir().expect("dir");
        Self { dir, mirror: None, database: None, variables: Vec::new() }
    }

    /// On the sites behind `mirror`.
    pub(crate) fn on(mirror: &str) -> Self {
        Self { mirror: Some(mirror.to_owned()), ..Self::alone() }
    }

    /// The same with another database.
    pub(crate) fn with_database(self, url: &str) -> Self {
        Self { database: Some(url.to_owned()), ..self }
    }

    /// The same with another variable.
    pub(crate) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Where the data is.
    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// The database's address.
    pub(crate) fn database(&self) -> String {
        let sqlite = || self.data().join("guetteur.sqlite").to_string_lossy().into_owned();
        self.database.clone().unwrap_or_else(sqlite)
    }

    /// The command, ready to run.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .args(args)
            .current_dir(self.dir.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("GUETTEUR_DATA", self.data())
            .env("GUETTEUR_SITE_OPERATOR_TOKEN", OPERATOR_TOKEN)
            .stdin(Stdio::null());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(mirror) = &self.mirror {
            command.env("GUETTEUR_MIRROR", mirror).env("GUETTEUR_FETCH_DELAY_MS", "0");
        }
        if let Some(url) = &self.database {
            command.env("GUETTEUR_DATABASE_URL", url);
        }
        command
    }

    /// Runs the command to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output().expect("run"))
    }

    /// Runs the command with `input` on stdin.
    pub(crate) fn run_with_input(&self, args: &[&str], input: impl AsRef<[u8]>) -> Run {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("spawn");
        let mut stdin = child.stdin.take().expect("stdin");
        let input = input.as_ref().to_owned();
        let writer = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output().expect("run");
        writer.join().expect("writer").expect("input taken");
        Run::of(output)
    }

    /// Starts a command that serves the site, and waits until it does.
    pub(crate) fn serve(&self, args: &[&str]) -> Service {
        let mut child = self
            .command(args)
            .args(["--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("spawn");
        let mut lines = BufReader::new(child.stderr.take().expect("stderr")).lines();
        let mut before = Vec::new();
        let address = loop {
            let line =
                lines.next().unwrap_or_else(|| panic!("stopped: {before:#?}")).expect("line");
            if let Some((_, address)) = line.split_once("est servi sur ") {
                break address.to_owned();
            }
            before.push(line);
        };
        // Read on, so that the service never blocks on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Service { child, address }
    }
}

/// A running site.
pub(crate) struct Service {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Service {
    /// Asks it to stop as an init system would, and demands that it ends well.
    pub(crate) fn stop(mut self) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().expect("kill");
        assert!(sent.success());
        let status = self.child.wait().expect("end");
        assert!(status.success(), "a clean stop ends with 0: {status}");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The simulated sites with their PDFs, served.
pub(crate) struct Sites {
    pub(crate) bundle: Bundle,
    pub(crate) mirror: String,
}

/// Sites of one's own, to which faults may be added.
pub(crate) fn own_sites() -> Sites {
    let bundle = bundle().expect("bundle");
    let mirror = serve(SiteSet::clone(&bundle.sites)).expect("sites");
    // Tests put the address of a page behind it.
    let mirror = mirror.as_str().trim_end_matches('/').to_owned();
    Sites { bundle, mirror }
}

/// The sites that all tests share, and a folder with all of them crawled once.
pub(crate) fn crawled() -> &'static (Sites, World) {
    static CRAWLED: OnceLock<(Sites, World)> = OnceLock::new();
    CRAWLED.get_or_init(|| {
        let sites = own_sites();
        let world = World::on(&sites.mirror);
        let codes = sites.bundle.codes.iter().map(String::as_str);
        let args: Vec<&str> = ["crawl", "--full", "--json"].into_iter().chain(codes).collect();
        let run = world.run(&args).ok();
        assert_eq!(run.json().len(), sites.bundle.codes.len(), "a line a source");
        (sites, world)
    })
}
