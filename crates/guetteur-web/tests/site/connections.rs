//! Clients that say nothing, or take nothing, over real sockets.

use std::net::SocketAddr;
use std::time::Duration;

use guetteur_web::ConnectionLimits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::Site;

const SOON: Duration = Duration::from_millis(300);
/// No test lasts so long, unless it fails.
const LONG: Duration = Duration::from_secs(60);

const PATIENT: ConnectionLimits =
    ConnectionLimits { in_all: 64, per_address: None, head: LONG, body: LONG, write: LONG };

/// The site on a socket of its own.
async fn served(site: &Site, limits: ConnectionLimits) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let address = listener.local_addr().expect("address");
    let (state, never) = (site.state.clone(), std::future::pending());
    tokio::spawn(guetteur_web::serve(listener, state, limits, never));
    address
}

/// A connection on which `sent` was said.
async fn connected(address: SocketAddr, sent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    stream.write_all(sent.as_bytes()).await.expect("sent");
    stream
}

/// All that comes until the site closes, which it must.
async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    // A connection that is reset is closed too.
    let read = tokio::time::timeout(LONG / 2, stream.read_to_end(&mut all)).await;
    drop(read.expect("the site closes"));
    String::from_utf8_lossy(&all).into_owned()
}

/// Whether somebody else is answered; for ever, where the site is held.
async fn is_answered(address: SocketAddr) -> bool {
    let asked = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    rest(&mut connected(address, asked).await).await.starts_with("HTTP/1.1 200")
}

#[tokio::test]
async fn half_open_connections_are_closed_and_others_are_answered() {
    let site = Site::empty().await;
    let limits = ConnectionLimits { in_all: 8, head: SOON, ..PATIENT };
    let address = served(&site, limits).await;
    let mut half_open = Vec::new();
    for said in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: x\r\n"].iter().cycle().take(40) {
        half_open.push(connected(address, said).await);
    }
    assert!(is_answered(address).await);
    for stream in &mut half_open {
        assert!(!rest(stream).await.contains("200 OK"));
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_its_answer() {
    let site = Site::empty().await;
    let address = served(&site, ConnectionLimits { head: SOON, ..PATIENT }).await;
    let mut stream = connected(address, "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn one_address_cannot_take_all_places() {
    let site = Site::empty().await;
    let limits = ConnectionLimits { per_address: Some(4), ..PATIENT };
    let address = served(&site, limits).await;
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(connected(address, "GET / HT").await);
    }
    assert!(!is_answered(address).await, "the fifth is closed unheard");
    held.pop();
    let freed = async { while !is_answered(address).await {} };
    tokio::time::timeout(LONG / 2, freed).await.expect("a place that is given back is free");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let site = Site::empty().await;
    let address = served(&site, ConnectionLimits { body: SOON, ..PATIENT }).await;
    let said = "POST /abonnement HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
                content-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\na=";
    assert!(!rest(&mut connected(address, said).await).await.contains("200 OK"));
}

#[tokio::test]
async fn who_takes_nothing_of_an_answer_gives_the_place_up() {
    let site = Site::empty().await;
    let large = vec![b' '; 32 << 20];
    let sha256 = site.state.catalogue.archive.keep(&large).await.expect("a large PDF");
    let address = served(&site, ConnectionLimits { in_all: 1, write: SOON, ..PATIENT }).await;
    let asked = format!("GET /archive/{sha256}.pdf HTTP/1.1\r\nhost: x\r\n\r\n");
    let mut stalled = connected(address, &asked).await;
    assert!(is_answered(address).await, "the only place is free again");
    assert!(rest(&mut stalled).await.len() < large.len());
}
