//! The mail server of the tests (`mail_server.py`), and what it received.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

/// Where the test's certificate and its key are.
pub(crate) const CERTIFICATE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/e2e/support/localhost.pem");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/e2e/support/localhost.key");

/// A running mail server.
pub(crate) struct MailServer {
    child: Child,
    stdin: ChildStdin,
    events: Receiver<Value>,
    letters: Vec<Value>,
    echoes: u32,
    pub(crate) port: u16,
}

impl MailServer {
    /// Without TLS nor login.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// With the test's certificate.
    pub(crate) fn start_with_tls(options: &[&str]) -> Self {
        Self::start_with(&[&["--certificate", CERTIFICATE, KEY], options].concat())
    }

    fn start_with(options: &[&str]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/e2e/support/mail_server.py");
        // Debian's Python: python3-aiosmtpd is its package.
        let mut child = Command::new("/usr/bin/python3")
            .args(["-B", script])
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3-aiosmtpd is installed (make test does)");
        let stdin = child.stdin.take().expect("stdin");
        let lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
        let (sender, events) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let event: Value = serde_json::from_str(&line).expect("JSON");
                if sender.send(event).is_err() {
                    return;
                }
            }
        });
        let mut server = Self { child, stdin, events, letters: Vec::new(), echoes: 0, port: 0 };
        let port = server.next().get("port").and_then(Value::as_u64).expect("port");
        server.port = port.try_into().expect("port");
        server
    }

    fn next(&mut self) -> Value {
        let event = self.events.recv_timeout(Duration::from_secs(60)).expect("the server tells");
        if event["event"] == "received" {
            assert_eq!(event["defects"], serde_json::json!([]), "{event}");
            self.letters.push(event.clone());
        }
        event
    }

    /// Waits until `what` happens to that address.
    pub(crate) fn wait_for(&mut self, what: &str, address: &str) {
        loop {
            let event = self.next();
            if event["event"] == *what && event["to"] == *address {
                return;
            }
        }
    }

    /// Waits until so many letters were received.
    pub(crate) fn wait_for_letters(&mut self, count: usize) {
        while self.letters.len() < count {
            self.next();
        }
    }

    /// All letters received so far.
    pub(crate) fn letters(&mut self) -> &[Value] {
        self.echoes += 1;
        let said = self.echoes.to_string();
        writeln!(self.stdin, "{said}").expect("told");
        while self.next()["said"] != *said {}
        &self.letters
    }

    /// Letters received since this was last asked.
    pub(crate) fn take(&mut self) -> Vec<Value> {
        self.letters();
        std::mem::take(&mut self.letters)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
