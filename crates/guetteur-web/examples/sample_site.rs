//! Serves the tests' sample of acts on a local address, to look at pages while working on them:
//! `cargo run -p guetteur-web --example sample_site -- 127.0.0.1:8099`.

#[expect(dead_code, reason = "tests use what only looking does not")]
#[path = "../tests/site/support.rs"]
mod support;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8099".to_owned());
    let site = support::Site::sample().await;
    let listener = tokio::net::TcpListener::bind(&address).await?;
    let limits = guetteur_web::ConnectionLimits::within(1_024, false);
    guetteur_web::serve(listener, site.state.clone(), limits, std::future::pending()).await;
    Ok(())
}
