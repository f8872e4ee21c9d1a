//! A gate before a store: it passes on what is asked, and can be told that the store is full.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Takes requests for a server, one a connection. It goes on as long as the process does.
#[derive(Debug)]
pub struct Gate {
    address: String,
    full: Arc<AtomicBool>,
}

impl Gate {
    /// Before the server at `target` (`127.0.0.1:PORT`).
    ///
    /// # Panics
    /// When no port can be had.
    #[must_use]
    pub fn before(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("{error}"));
        let address = listener.local_addr().unwrap_or_else(|error| panic!("{error}")).to_string();
        let full = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&full);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (target, full) = (target.clone(), Arc::clone(&told));
                // Who hangs up early is nobody's trouble here.
                std::thread::spawn(move || drop(pass_on(client, &target, &full)));
            }
        });
        Self { address, full }
    }

    /// Where to ask: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on everything that is sent is refused for want of room, or nothing is.
    pub fn set_full(&self, full: bool) {
        self.full.store(full, Ordering::SeqCst);
    }
}

fn pass_on(mut client: TcpStream, target: &str, full: &AtomicBool) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let said = String::from_utf8_lossy(&head).into_owned();
    let sends = said.starts_with("PUT ") || said.starts_with("POST ");
    if sends && full.load(Ordering::SeqCst) {
        let length = said.to_ascii_lowercase();
        let length = length.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
        std::io::copy(&mut (&client).take(length), &mut std::io::sink())?;
        return client.write_all(
            b"HTTP/1.1 507 Insufficient Storage\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
        );
    }
    let mut server = TcpStream::connect(target)?;
    // The next request comes by another connection, to be looked at as well.
    let (first, rest) = said.split_once("\r\n").unwrap_or((&said, ""));
    server.write_all(format!("{first}\r\nconnection: close\r\n{rest}").as_bytes())?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    std::thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
    std::io::copy(&mut server, &mut client)?;
    client.shutdown(Shutdown::Both)
}
