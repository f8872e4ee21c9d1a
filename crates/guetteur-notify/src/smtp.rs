//! One connection to the mail server, command by command, so that it is known how far a letter came.
//!
//! lettre's own `send` would not do: it does not tell an error before the end of a letter, when the
//! server has taken nothing, from one after it, when nobody knows.

use std::time::Duration;

use lettre::Message;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::TcpStream;

use crate::refusal::Refusal;
use crate::settings::{Mail, Tls};

/// For a connection, and for the answer to a command.
const COMMAND: Duration = Duration::from_secs(60);
/// For the answer to the end of a letter: the server may look into it first (RFC 5321, 4.5.3.2.6).
const LETTER: Duration = Duration::from_secs(600);

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// The server has taken it.
    Sent,
    /// It has not; another try may do.
    NotSent(String),
    /// It will never take this letter.
    Refused(String),
    /// It knows no such mailbox.
    Bounced(String),
    /// It has not: there were too many for now.
    TooMany(String),
    /// The letter was written to its end, and no answer was heard.
    Unheard(String),
}

/// Why no connection came about.
type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// Sends letters, over one connection as long as it lasts.
pub(crate) struct Postman {
    settings: Mail,
    hello: ClientId,
    open: Option<AsyncSmtpConnection>,
}

/// Connects, greets and logs in, and sends nothing (`guetteur doctor`).
///
/// # Errors
/// In words, with what to change.
pub async fn check(settings: &Mail, host: &str) -> Result<(), String> {
    let mut postman = Postman::new(settings.clone(), host);
    let checked = postman.connect().await.map(|connection| postman.open = Some(connection));
    postman.close().await;
    checked
}

impl Postman {
    /// One that greets as `host`.
    pub(crate) fn new(settings: Mail, host: &str) -> Self {
        let hello = ClientId::Domain(host.to_owned());
        Self { settings, hello, open: None }
    }

    /// Sends a letter. `leave` is asked when all is agreed and nothing is sent yet: on `false` the
    /// letter is not sent.
    ///
    /// # Errors
    /// In words, when no connection came about: the other letters need not wait for it too.
    pub(crate) async fn send(
        &mut self,
        letter: &Message,
        leave: impl AsyncFnOnce() -> bool,
    ) -> Result<Delivery, String> {
        let mut connection = match self.open.take() {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        let delivery = deliver(&mut connection, letter, leave).await;
        match delivery {
            Delivery::Sent => self.open = Some(connection),
            // After an error the server may believe to be in the middle of a letter.
            _ => drop(tokio::time::timeout(COMMAND, connection.abort()).await),
        }
        Ok(delivery)
    }

    /// Says goodbye.
    pub(crate) async fn close(&mut self) {
        if let Some(mut connection) = self.open.take() {
            let _ = tokio::time::timeout(COMMAND, connection.quit()).await;
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, String> {
        let Mail { server, port, .. } = &self.settings;
        let connecting = tokio::time::timeout(COMMAND, self.connect_and_log_in());
        let failed = |reason: String| {
            format!("serveur {server}:{port} (mail.server, mail.port, mail.tls) : {reason}")
        };
        match connecting.await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(failed(error.to_string())),
            Err(_) => Err(failed("pas de réponse".to_owned())),
        }
    }

    async fn connect_and_log_in(&self) -> Result<AsyncSmtpConnection, Trouble> {
        let Mail { server, port, tls, credentials, .. } = &self.settings;
        let address = (server.as_str(), *port);
        let mut connection = match tls {
            Tls::Implicit => {
                let implicit = Some(self.tls_parameters()?);
                let hello = &self.hello;
                AsyncSmtpConnection::connect_tokio1(address, Some(COMMAND), hello, implicit, None)
                    .await?
            }
            Tls::StartTls | Tls::None => {
                let stream = TcpStream::connect(address).await?;
                // A letter and its end are two writes: the second must not wait for the answer to
                // the first, which a server holds back for 40 ms.
                stream.set_nodelay(true)?;
                let stream = Box::new(stream);
                AsyncSmtpConnection::connect_with_transport(stream, &self.hello).await?
            }
        };
        if *tls == Tls::StartTls {
            connection.starttls(self.tls_parameters()?, &self.hello).await?;
        }
        if let Some((user, password)) = credentials {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
        }
        Ok(connection)
    }

    fn tls_parameters(&self) -> Result<TlsParameters, Error> {
        let mut parameters: TlsParametersBuilder =
            TlsParameters::builder(self.settings.server.clone());
        // One that cannot be read leaves the public ones, and the certificate is refused.
        let authority = self.settings.authority.as_ref().and_then(|path| std::fs::read(path).ok());
        if let Some(pem) = authority {
            parameters = parameters.add_root_certificate(Certificate::from_pem(&pem)?);
        }
        parameters.build_rustls()
    }
}

async fn deliver(
    connection: &mut AsyncSmtpConnection,
    letter: &Message,
    leave: impl AsyncFnOnce() -> bool,
) -> Delivery {
    match tokio::time::timeout(COMMAND, agree(connection, letter.envelope())).await {
        Ok(Ok(())) => {}
        Ok(Err(refused)) => return refused,
        Err(_) => return Delivery::NotSent("le serveur ne répond plus".to_owned()),
    }
    if !leave().await {
        return Delivery::NotSent("un autre processus l’envoie".to_owned());
    }
    let mut ended = false;
    let bytes = letter.formatted();
    let writing = write(connection, &bytes, &mut ended);
    match tokio::time::timeout(LETTER, writing).await {
        Ok(Ok(())) => Delivery::Sent,
        Ok(Err(error)) if error.is_response() || error.status().is_some() => refused(&error, false),
        Ok(Err(error)) if ended => Delivery::Unheard(error.to_string()),
        Ok(Err(error)) => Delivery::NotSent(error.to_string()),
        Err(_) if ended => Delivery::Unheard("pas de réponse à la fin du message".to_owned()),
        Err(_) => Delivery::NotSent("le message n’a pas pu être transmis".to_owned()),
    }
}

/// `MAIL`, `RCPT`, `DATA`: up to here the server has nothing.
async fn agree(connection: &mut AsyncSmtpConnection, envelope: &Envelope) -> Result<(), Delivery> {
    // A refusal of the sender is ours to mend: the letter waits.
    let sender = MailFrom::new(envelope.from().cloned(), Vec::new());
    connection.command(sender).await.map_err(|error| Delivery::NotSent(error.to_string()))?;
    for recipient in envelope.to() {
        let asked = connection.command(Rcpt::new(recipient.clone(), Vec::new())).await;
        asked.map_err(|error| refused(&error, true))?;
    }
    let data = connection.command(Data).await;
    data.map(drop).map_err(|error| refused(&error, false))
}

/// What a refusal means for the letter, with its reason in front. Only a mailbox that does not exist,
/// said of the recipient, strikes a subscriber off; what is about us, or passes, is waited out.
fn refused(error: &Error, of_recipient: bool) -> Delivery {
    let permanent = error.is_permanent();
    let reason = Refusal::of(&error.to_string(), permanent);
    let said = format!("{} : {error}", reason.label());
    match reason {
        Refusal::NoMailbox if of_recipient => Delivery::Bounced(said),
        Refusal::TooMany => Delivery::TooMany(said),
        // The letter itself cannot be taken: too large, say.
        Refusal::Other if permanent && !of_recipient => Delivery::Refused(said),
        _ => Delivery::NotSent(said),
    }
}

/// Writes the letter; `ended` is set when all but its end is written.
async fn write(
    connection: &mut AsyncSmtpConnection,
    letter: &[u8],
    ended: &mut bool,
) -> Result<(), Error> {
    let mut pieces = [letter].into_iter();
    // lettre takes the next piece when the last is written, and ends the letter when there is none.
    let pieces = std::iter::from_fn(|| {
        let piece = pieces.next();
        *ended = piece.is_none();
        piece
    });
    connection.message_iter(pieces).await.map(drop)
}
