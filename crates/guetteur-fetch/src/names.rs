//! Names of hosts are looked up here, so that « no such name » is told from « no connection », and
//! so that no name leads inside: what is connected to is what was checked.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::host::Resolver;

/// The name service knows no address of this name, or could not be asked.
#[derive(Debug, thiserror::Error)]
#[error("the name was not found: {0}")]
pub(crate) struct UnknownName(std::io::Error);

/// A name or a number that stands for this machine, its network, or nothing that is public.
#[derive(Debug, thiserror::Error)]
#[error("the address is not public: private ones are asked where the settings allow them")]
pub struct NotPublic;

/// Looks names up for the HTTP clients; unless `inside`, gives public addresses alone.
#[derive(Clone)]
pub struct Names {
    inside: bool,
    /// Used in the place of the machine's name service, once it is set.
    pub(crate) other: Arc<OnceLock<Resolver>>,
}

impl Names {
    /// The machine's own name service. `inside`: private addresses may be connected to.
    #[must_use]
    pub fn new(inside: bool) -> Self {
        Self { inside, other: Arc::default() }
    }

    /// Refuses an address that is written as a number and not public: no name service is asked
    /// about it.
    ///
    /// # Errors
    /// [`NotPublic`].
    pub fn check(&self, url: &Url) -> Result<(), NotPublic> {
        let number = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            _ => None,
        };
        if self.inside || number.is_none_or(is_public) { Ok(()) } else { Err(NotPublic) }
    }

    async fn look_up(self, name: String) -> Result<Vec<SocketAddr>, Box<dyn Error + Send + Sync>> {
        // The port is filled in by whoever connects.
        let found: Vec<SocketAddr> = match self.other.get() {
            Some(resolver) => {
                let found = resolver(name).await;
                let found =
                    found.ok_or_else(|| UnknownName(std::io::ErrorKind::NotFound.into()))?;
                vec![SocketAddr::new(found, 0)]
            }
            None => tokio::net::lookup_host((name, 0)).await.map_err(UnknownName)?.collect(),
        };
        let allowed: Vec<SocketAddr> =
            found.into_iter().filter(|at| self.inside || is_public(at.ip())).collect();
        if allowed.is_empty() { Err(NotPublic.into()) } else { Ok(allowed) }
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let looking = self.clone().look_up(name.as_str().to_owned());
        Box::pin(async move { Ok(Box::new(looking.await?.into_iter()) as Addrs) })
    }
}

/// Whether an address is one of the public Internet (IANA's special-purpose registries). An address
/// that carries another one inside is what it carries.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        // This network; shared (carriers' NAT); protocols; old 6to4 relays; benchmarks; reserved.
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let segments = ip.segments();
    let carried = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // IPv4-mapped, and NAT64's well-known prefix.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            carried(high, low)
        }
        // 6to4.
        [0x2002, high, low, ..] => carried(high, low),
        // ISATAP.
        [.., 0 | 0x200, 0x5efe, high, low] if !carried(high, low) => false,
        // Teredo, benchmarks, ORCHID and their like; documentation.
        [0x2001, 0..0x200, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..0x1000, ..] => false,
        // Global unicast: all others (loopback, unique local, link-local, multicast…) lie outside.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_is_told_from_all_the_rest() {
        let inside = [
            "0.0.0.0",
            "0.1.2.3",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.254",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "2002:c0a8:101::1",
            "2a01:4f8::5efe:10.0.0.1",
            "2a01:4f8::200:5efe:192.168.0.1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for address in inside {
            assert!(!is_public(address.parse().expect(address)), "{address}");
        }
        let outside = [
            "1.1.1.1",
            "9.9.9.9",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "192.169.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2a01:4f8::1",
            "2a01:4f8::5efe:1.1.1.1",
        ];
        for address in outside {
            assert!(is_public(address.parse().expect(address)), "{address}");
        }
    }

    #[test]
    fn numbers_are_checked_however_they_are_written() {
        let names = Names::new(false);
        let check = |url: &str| names.check(&Url::parse(url).expect(url)).is_ok();
        for url in [
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://10.0.0.1/",
        ] {
            assert!(!check(url), "{url}");
        }
        assert!(check("http://1.1.1.1/") && check("http://un-nom.example/"));
        assert!(Names::new(true).check(&Url::parse("http://127.0.0.1/").expect("url")).is_ok());
    }
}
