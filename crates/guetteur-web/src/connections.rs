//! Connections of clients, within limits: a client that says nothing, or takes nothing, must not hold
//! what others and the work need.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::limits::network;
use crate::patient_stream::PatientStream;

/// How much of the machine clients may hold, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Connections in all; further ones wait to be accepted.
    pub in_all: usize,
    /// Connections of one address (of IPv6, one network of 64 bits); further ones are closed. `None`
    /// is no limit: behind a proxy all come from one.
    pub per_address: Option<usize>,
    /// From the connection, or the last answer, to the end of the next request's headers.
    pub head: Duration,
    /// Between two pieces of the request’s body.
    pub body: Duration,
    /// While an answer is to be sent and the client takes nothing of it.
    pub write: Duration,
}

impl ConnectionLimits {
    /// Those of a process that may hold so many `handles`: three quarters of them stay for database,
    /// index, archive and reading, whatever clients do.
    #[must_use]
    pub fn within(handles: usize, behind_proxy: bool) -> Self {
        let in_all = (handles / 4).clamp(16, 2_048);
        Self {
            in_all,
            per_address: (!behind_proxy).then_some((in_all / 4).min(64)),
            head: Duration::from_secs(15),
            body: Duration::from_secs(15),
            write: Duration::from_secs(30),
        }
    }
}

/// Serves `router` on `listener` until `shutdown` ends; then requests under way are finished.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    shutdown: impl Future<Output = ()>,
) {
    let router = router.layer(RequestBodyTimeoutLayer::new(limits.body));
    let places = Arc::new(Semaphore::new(limits.in_all));
    let addresses = Arc::new(Addresses::default());
    let graceful = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let (place, stream, peer) = tokio::select! {
            () = &mut shutdown => break,
            next = next(&listener, &places) => next,
        };
        let Some(of_address) = addresses.enter(peer.ip(), limits.per_address) else {
            tracing::debug!(%peer, "too many connections of one address: one is closed");
            continue;
        };
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(limits.head);
        let stream = TokioIo::new(PatientStream::new(stream, limits.write));
        let router = router.clone();
        let service = service_fn(move |request| answer(router.clone(), request, peer));
        let connection = graceful.watch(http.serve_connection(stream, service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%peer, %error, "a connection ended early");
            }
            drop((place, of_address));
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// The next connection, once there is a place for it.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (Option<OwnedSemaphorePermit>, TcpStream, SocketAddr) {
    // It is never closed.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (place, stream, peer),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                // No handles are left, or the client is gone already: neither is helped by haste.
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

async fn answer(
    router: Router,
    request: hyper::Request<hyper::body::Incoming>,
    peer: SocketAddr,
) -> Result<Response, Infallible> {
    let mut request: Request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request).await
}

/// Connections by address.
#[derive(Debug, Default)]
struct Addresses {
    held: Mutex<HashMap<IpAddr, usize>>,
}

impl Addresses {
    /// One more of `address`, until the place is dropped; `None` when it has as many as it may.
    fn enter(self: &Arc<Self>, address: IpAddr, most: Option<usize>) -> Option<Place> {
        let network = network(address);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(network).or_default();
        if most.is_some_and(|most| *count >= most) {
            return None;
        }
        *count += 1;
        Some(Place { addresses: Arc::clone(self), network })
    }
}

/// A connection that counts for its address.
struct Place {
    addresses: Arc<Addresses>,
    network: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.addresses.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.network);
            }
        }
    }
}
