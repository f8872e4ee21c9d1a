//! A proxy for one host: HTTP and SOCKS5, each a few lines on this machine.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use guetteur_fetch::{Client, Conditional, FetchConfig, FetchError, SiteAccess};
use guetteur_model::Access;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// What proxies were asked for.
type Asked = Arc<Mutex<Vec<String>>>;

/// The head of a request, up to its empty line.
async fn head(stream: &mut TcpStream) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).await.is_ok() {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

async fn answer(stream: &mut TcpStream, text: &str) {
    let response = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
        text.len()
    );
    stream.write_all(response.as_bytes()).await.expect("answered");
}

/// An HTTP proxy that answers itself.
async fn http_proxy(asked: Asked) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let port = listener.local_addr().expect("address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let head = head(&mut stream).await;
            asked.lock().expect("lock").push(head);
            answer(&mut stream, "<p>par HTTP").await;
        }
    });
    port
}

/// A SOCKS5 proxy (RFC 1928, no authentication) that answers in the place of the host it is asked
/// to connect to.
async fn socks_proxy(asked: Asked) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let port = listener.local_addr().expect("address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut greeting = [0; 2];
            stream.read_exact(&mut greeting).await.expect("greeting");
            let mut methods = vec![0; usize::from(greeting[1])];
            stream.read_exact(&mut methods).await.expect("methods");
            stream.write_all(&[5, 0]).await.expect("no authentication");
            let mut request = [0; 5];
            stream.read_exact(&mut request).await.expect("request");
            assert_eq!(request[3], 3, "the proxy gets the name, not an address");
            let mut name = vec![0; usize::from(request[4]) + 2];
            stream.read_exact(&mut name).await.expect("name and port");
            asked
                .lock()
                .expect("lock")
                .push(String::from_utf8_lossy(&name[..name.len() - 2]).into());
            stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.expect("connected");
            head(&mut stream).await;
            answer(&mut stream, "<p>par SOCKS").await;
        }
    });
    port
}

fn client(proxies: &[(&str, String)]) -> Client {
    let site = |proxy: &String| SiteAccess {
        access: Access { proxy: Some(proxy.clone()), ..Access::default() },
        timezone: chrono_tz::Europe::Paris,
    };
    let sites: HashMap<_, _> =
        proxies.iter().map(|(host, proxy)| ((*host).to_owned(), site(proxy))).collect();
    let config = FetchConfig {
        sites,
        retries: 0,
        delay: std::time::Duration::ZERO,
        ..FetchConfig::default()
    };
    // What a proxy hides must not be told to the name service.
    let resolver: guetteur_fetch::Resolver = Arc::new(|host| panic!("{host} was looked up"));
    Client::new(config).expect("client").with_resolver(resolver)
}

async fn text(client: &Client, address: &str) -> String {
    let url = Url::parse(address).expect("url");
    match client.get_page(&url, None).await.expect(address) {
        Conditional::Got(page) => page.text,
        Conditional::NotModified => panic!("304"),
    }
}

#[tokio::test]
async fn each_source_goes_out_by_its_own_proxy() {
    let (by_http, by_socks) = (Asked::default(), Asked::default());
    let http = http_proxy(Arc::clone(&by_http)).await;
    let socks = socks_proxy(Arc::clone(&by_socks)).await;
    let client = client(&[
        ("www.ain.gouv.fr", format!("http://moi:secret@127.0.0.1:{http}")),
        ("www.lot.gouv.fr", format!("socks5h://127.0.0.1:{socks}")),
    ]);
    assert_eq!(text(&client, "http://www.ain.gouv.fr/RAA").await, "<p>par HTTP");
    assert_eq!(text(&client, "http://www.lot.gouv.fr/RAA").await, "<p>par SOCKS");
    let heads = by_http.lock().expect("lock").clone();
    assert_eq!(heads.len(), 2, "robots.txt and the page");
    assert!(heads[1].starts_with("GET http://www.ain.gouv.fr/RAA "), "{}", heads[1]);
    // base64("moi:secret")
    assert!(
        heads[1]
            .to_ascii_lowercase()
            .contains("proxy-authorization: basic bw9pOnNlY3JldA==".to_ascii_lowercase().as_str()),
        "{}",
        heads[1]
    );
    assert_eq!(*by_socks.lock().expect("lock"), ["www.lot.gouv.fr", "www.lot.gouv.fr"]);
}

#[tokio::test]
async fn no_message_shows_a_password() {
    // Nobody listens there.
    let client = client(&[("www.ain.gouv.fr", "http://moi:secret@127.0.0.1:9".to_owned())]);
    let url = Url::parse("http://www.ain.gouv.fr/RAA").expect("url");
    let error = client.get_page(&url, None).await.expect_err("closed port");
    assert!(matches!(error, FetchError::Network { .. }), "{error}");
    assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    let config = FetchConfig {
        proxy: Some(Url::parse("gopher://moi:secret@127.0.0.1:9").expect("url")),
        ..FetchConfig::default()
    };
    let error = Client::new(config).err().map(|error| format!("{error} {error:?}"));
    assert!(error.as_ref().is_none_or(|error| !error.contains("secret")), "{error:?}");
}
