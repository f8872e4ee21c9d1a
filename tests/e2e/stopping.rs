//! A stop ends in time, whatever holds the database or the connections.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{World, own_sites};

/// What an init system grants before it kills, and what docs/architecture.md promises.
const GRACE: Duration = Duration::from_secs(10);

/// Another program that holds the write lock of an SQLite file.
fn hold(database: &str) -> Child {
    let script = "import sqlite3, sys\n\
                  c = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)\n\
                  c.execute('BEGIN IMMEDIATE')\n\
                  print('held', flush=True)\n\
                  sys.stdin.read()\n";
    let mut holder = Command::new("/usr/bin/python3")
        .args(["-c", script, database])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is installed (make test does)");
    let mut said = String::new();
    let stdout = holder.stdout.as_mut().expect("stdout");
    BufReader::new(stdout).read_line(&mut said).expect("it tells");
    assert_eq!(said, "held\n");
    holder
}

#[test]
fn a_locked_database_and_a_client_that_hangs_on_do_not_hold_a_stop() {
    let sites = own_sites();
    let world = World::on(&sites.mirror);
    world.run(&["crawl", "39"]).ok();
    std::fs::write(world.dir.path().join("guetteur.toml"), "[sources]\nonly = ['39', '34']\n")
        .expect("settings");
    let watch = world.serve(&["watch"]);
    let mut holder = hold(&world.database());
    // A client that asked half a question, and one that takes nothing of its answer.
    let address = watch.address.trim_start_matches("http://").to_owned();
    let mut half = TcpStream::connect(&address).expect("connected");
    half.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").expect("half");
    let mut idle = TcpStream::connect(&address).expect("connected");
    idle.write_all(b"GET /methode HTTP/1.1\r\nHost: x\r\n\r\n").expect("asked");
    let mut first = [0; 1];
    idle.read_exact(&mut first).expect("it answers");
    let start = Instant::now();
    watch.stop();
    let took = start.elapsed();
    let _ = holder.kill();
    let _ = holder.wait();
    assert!(took < GRACE, "a stop took {took:?}");
    // What was in hand goes on at the next start.
    world.run(&["crawl", "39", "34"]).ok();
}
