//! Signatures of webhooks, as <https://www.standardwebhooks.com> writes them: receivers have
//! libraries for it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Bytes of the shortest key: a shorter one can be guessed. The specification wants 24.
const SHORTEST: usize = 16;

/// The key of a secret as the specification writes them: `whsec_` and base64.
///
/// # Errors
/// In words, when the libraries of receivers would read another key than we, or none.
pub fn signing_key(secret: &str) -> Result<Vec<u8>, &'static str> {
    let text = secret.strip_prefix("whsec_").ok_or("il doit commencer par whsec_")?;
    let key = STANDARD.decode(text).map_err(|_| "ce qui suit whsec_ n’est pas du base64")?;
    match key.len() < SHORTEST {
        true => Err("ce qui suit whsec_ est trop court : au moins 16 octets, plutôt 32"),
        false => Ok(key),
    }
}

/// `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64.
#[must_use]
pub fn sign(key: &[u8], id: &str, timestamp: i64, body: &str) -> String {
    // HMAC takes keys of any length: one that it refused would be hashed, which is what it does.
    let mut mac = Hmac::<Sha256>::new_from_slice(key)
        .unwrap_or_else(|_| Hmac::<Sha256>::new(&Sha256::digest(key).into_iter().collect()));
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn signs_as_the_specification_does() {
        let signed = sign(
            &signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a key"),
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_ne!(sign(b"un secret", "a", 1, "b"), sign(b"autre secret", "a", 1, "b"));
    }

    #[test]
    fn a_secret_that_receivers_cannot_verify_is_refused() {
        for (secret, why) in [
            ("n’importe quel texte", "commencer par whsec_"),
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "commencer par whsec_"),
            ("whsec_n’importe quoi", "base64"),
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "base64"),
            ("whsec_", "trop court"),
            ("whsec_c2VjcmV0", "trop court"),
        ] {
            let said = signing_key(secret).expect_err(secret);
            assert!(said.contains(why), "{secret}: {said}");
        }
    }
}
