//! A browser driven through chromedriver (W3C WebDriver), for sites whose pages come to nothing
//! else.

use std::process::Stdio;
use std::time::Duration;

use guetteur_model::{Failure, FailureKind};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// The program; Debian's package `chromium-driver` brings it and the browser.
pub const CHROMEDRIVER: &str = "chromedriver";
/// Longest wait for the driver to start and for any of its answers.
const PATIENCE: Duration = Duration::from_mins(1);

/// Why a browser did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// The program is not there.
    #[error("chromedriver is missing (Debian: apt install chromium-driver)")]
    Missing,
    /// It is there and did not start.
    #[error("chromedriver did not start: {0}")]
    Start(String),
    /// It answered with an error, or not at all.
    #[error("the browser failed to {what}: {why}")]
    Driver {
        /// What was asked of it.
        what: String,
        /// Its own words.
        why: String,
    },
}

impl BrowserError {
    /// What went wrong, as data: a browser that runs and shows nothing has met the site's trouble.
    pub(crate) fn failure(&self) -> Failure {
        let kind = match self {
            Self::Missing | Self::Start(_) => FailureKind::Machine,
            Self::Driver { .. } => FailureKind::Unreachable,
        };
        Failure::new(kind, self)
    }
}

/// How a browser is started.
#[derive(Debug, Clone, Default)]
pub struct BrowserOptions {
    /// `User-Agent` to send; the browser's own when `None`.
    pub user_agent: Option<String>,
    /// Proxy without credentials, `socks5://127.0.0.1:9050`; straight when `None`.
    pub proxy: Option<String>,
    /// Further arguments of the browser.
    pub arguments: Vec<String>,
}

/// A page as a browser shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its address, after all redirects.
    pub address: String,
    /// HTTP status; 0 when the browser does not tell.
    pub status: u16,
    /// The document as its scripts left it.
    pub html: String,
    /// Its cookies, as `name=value`.
    pub cookies: Vec<String>,
}

/// A headless browser with a profile of its own. It ends with this value.
pub struct Browser {
    driver: Child,
    session: String,
    http: reqwest::Client,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts chromedriver and a browser.
    ///
    /// # Errors
    /// When the program is missing or does not start.
    pub async fn start(options: &BrowserOptions) -> Result<Self, BrowserError> {
        let profile = tempfile::tempdir().map_err(|e| BrowserError::Start(e.to_string()))?;
        let (driver, port) = timeout(PATIENCE, start_driver())
            .await
            .map_err(|_| BrowserError::Start("no answer within a minute".to_owned()))??;
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .map_err(|e| BrowserError::Start(e.to_string()))?;
        let session = format!("http://127.0.0.1:{port}/session");
        let mut browser = Self { driver, session, http, _profile: profile };
        let args = browser.arguments(options);
        let wanted =
            json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": args}}}});
        let session = browser.post("", &wanted).await?;
        let id = session["sessionId"].as_str().unwrap_or_default();
        browser.session = format!("{}/{id}", browser.session);
        Ok(browser)
    }

    fn arguments(&self, options: &BrowserOptions) -> Vec<String> {
        let mut args: Vec<String> = [
            "--headless",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ]
        .map(str::to_owned)
        .to_vec();
        args.push(format!("--user-data-dir={}", self._profile.path().display()));
        if runs_as_root() {
            // Chromium refuses to start as root with its sandbox: a container's usual case.
            args.push("--no-sandbox".to_owned());
        }
        args.push(match &options.proxy {
            Some(proxy) => format!("--proxy-server={proxy}"),
            None => "--no-proxy-server".to_owned(),
        });
        args.extend(options.user_agent.iter().map(|agent| format!("--user-agent={agent}")));
        args.extend(options.arguments.iter().cloned());
        args
    }

    /// Opens a page and waits until its scripts have done what they do: nothing changes any more,
    /// and `is_ready` agrees, for ten seconds at most.
    ///
    /// # Errors
    /// When the browser cannot load it.
    pub async fn show(
        &self,
        address: &str,
        is_ready: impl Fn(&str) -> bool,
    ) -> Result<Shown, BrowserError> {
        const TRIES: u32 = 40;
        self.open(address).await?;
        let mut html = String::new();
        for _ in 0..TRIES {
            let now = self.source().await?;
            let settled = now == html && is_ready(&now);
            html = now;
            if settled {
                break;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        Ok(Shown {
            html,
            address: self.address().await?,
            status: self.status().await?,
            cookies: self.cookies().await?,
        })
    }

    /// Opens an address, and waits for its page to load.
    ///
    /// # Errors
    /// When the browser cannot.
    pub async fn open(&self, address: &str) -> Result<(), BrowserError> {
        self.post("/url", &json!({ "url": address })).await.map(drop)
    }

    /// The document as it is now.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn source(&self) -> Result<String, BrowserError> {
        Ok(text(self.get("/source").await?))
    }

    /// The address of the page.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn address(&self) -> Result<String, BrowserError> {
        Ok(text(self.get("/url").await?))
    }

    async fn status(&self) -> Result<u16, BrowserError> {
        let script =
            "return (performance.getEntriesByType('navigation')[0] || {}).responseStatus || 0";
        let status = self.post("/execute/sync", &json!({"script": script, "args": []})).await?;
        Ok(status.as_u64().and_then(|status| status.try_into().ok()).unwrap_or(0))
    }

    async fn cookies(&self) -> Result<Vec<String>, BrowserError> {
        let cookies = self.get("/cookie").await?;
        let pair = |cookie: &Value| {
            Some(format!("{}={}", cookie["name"].as_str()?, cookie["value"].as_str()?))
        };
        Ok(cookies.as_array().into_iter().flatten().filter_map(pair).collect())
    }

    /// A WebDriver command of this session with a body: `/element`, `/url`…
    ///
    /// # Errors
    /// When the driver refuses it or does not answer.
    pub async fn post(&self, command: &str, body: &Value) -> Result<Value, BrowserError> {
        self.call(Method::POST, command, Some(body)).await
    }

    /// A WebDriver command of this session without a body.
    ///
    /// # Errors
    /// As [`Browser::post`].
    pub async fn get(&self, command: &str) -> Result<Value, BrowserError> {
        self.call(Method::GET, command, None).await
    }

    async fn call(
        &self,
        method: Method,
        command: &str,
        body: Option<&Value>,
    ) -> Result<Value, BrowserError> {
        let failed = |why: String| BrowserError::Driver { what: command.to_owned(), why };
        let mut request = self.http.request(method, format!("{}{command}", self.session));
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let answer = request.send().await.map_err(|e| failed(e.to_string()))?;
        let success = answer.status().is_success();
        let bytes = answer.bytes().await.map_err(|e| failed(e.to_string()))?;
        let mut answer: Value =
            serde_json::from_slice(&bytes).map_err(|e| failed(e.to_string()))?;
        let value = answer["value"].take();
        if success {
            return Ok(value);
        }
        let message = value["message"].as_str().unwrap_or_default();
        Err(failed(message.lines().next().unwrap_or_default().to_owned()))
    }
}

/// Driver and browser are one process group: a driver that is killed alone leaves its browser.
impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(id) = self.driver.id() {
            let group = format!("-{id}");
            let _ = std::process::Command::new("kill").args(["-KILL", "--", &group]).status();
        }
    }
}

async fn start_driver() -> Result<(Child, u16), BrowserError> {
    let start = |why: std::io::Error| match why.kind() {
        std::io::ErrorKind::NotFound => BrowserError::Missing,
        _ => BrowserError::Start(why.to_string()),
    };
    let mut driver = Command::new(CHROMEDRIVER)
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(start)?;
    let silent = || BrowserError::Start("it does not tell its port".to_owned());
    let mut lines = BufReader::new(driver.stdout.take().ok_or_else(silent)?).lines();
    let port = loop {
        let line = lines.next_line().await.map_err(start)?.ok_or_else(silent)?;
        if let Some((_, port)) = line.split_once("successfully on port ") {
            break port.trim_end_matches('.').parse().map_err(|_| silent())?;
        }
    };
    // Read on, so that it never blocks on a full pipe.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((driver, port))
}

fn runs_as_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
    }
    #[cfg(not(unix))]
    false
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
