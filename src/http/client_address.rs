//! Who is at the other end of the connection, behind the proxies that the settings name and no others.

use super::{Code, Problem};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{HeaderMap, HeaderName, HeaderValue},
    web::Data,
};
use ipnet::{IpNet, Ipv6Net};
use std::{
    future::{Ready, ready},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The proxies whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// A text that names no addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be addresses or networks with commas between them, as 10.0.0.2, 192.168.0.0/24")]
pub struct NoAddresses;

impl FromStr for TrustedProxies {
    type Err = NoAddresses;

    fn from_str(text: &str) -> Result<Self, NoAddresses> {
        let networks = text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| {
            part.parse::<IpNet>()
                .or_else(|_cause| part.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_cause| NoAddresses)
        });
        networks.collect::<Result<_, _>>().map(Self)
    }
}

impl std::fmt::Display for TrustedProxies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let networks: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&networks.join(", "))
    }
}

impl TrustedProxies {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this address is one of them.
    pub(super) fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client behind the proxies: the first address from the right that is none of them. What stands
    /// further to the left was written by the client itself, and may say anything.
    pub fn client_of(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let mut client = peer.to_canonical();
        let lines: Vec<&[u8]> = headers.get_all(FORWARDED_FOR).map(HeaderValue::as_bytes).collect();
        // In bytes: what a client wrote further to the left need not be text, and must not spoil the rest.
        let mut hops = lines.iter().flat_map(|line| line.split(|byte| *byte == b',')).rev();
        while self.has(client) {
            let Some(hop) = hops.next().and_then(read_hop) else { break };
            client = hop;
        }
        ClientAddress(client)
    }
}

/// An address as proxies write it, some with a port.
fn read_hop(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    text.parse::<IpAddr>()
        .or_else(|_cause| text.parse::<SocketAddr>().map(|socket| socket.ip()))
        .ok()
        .map(|address| address.to_canonical())
}

/// The network address of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The client of a request.
    pub fn of(request: &HttpRequest) -> Self {
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        match request.app_data::<Data<TrustedProxies>>() {
            Some(proxies) => proxies.client_of(peer, request.headers()),
            None => Self(peer.to_canonical()),
        }
    }

    /// What is counted as one: an IPv4 address, or the /64 of an IPv6 address, which one household or one
    /// attacker has all of.
    pub fn network(self) -> IpNet {
        match self.0 {
            IpAddr::V4(address) => IpNet::from(IpAddr::V4(address)),
            IpAddr::V6(address) => {
                Ipv6Net::new(address, 64).map_or(IpNet::from(self.0), |network| network.trunc().into())
            }
        }
    }
}

impl FromRequest for ClientAddress {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match request.app_data::<Data<TrustedProxies>>() {
            None => Err(Problem::new(Code::Internal)),
            Some(_) => Ok(Self::of(request)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn client(trusted: &str, peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        let trusted: TrustedProxies = trusted.parse().unwrap();
        trusted.client_of(peer.parse().unwrap(), &headers).0.to_string()
    }

    #[test]
    fn a_header_is_believed_from_a_configured_proxy_alone() {
        for forwarded in [&[][..], &["9.9.9.9"], &["9.9.9.9, 127.0.0.1"]] {
            assert_eq!(client("", "127.0.0.1", forwarded), "127.0.0.1");
            assert_eq!(client("10.0.0.0/8", "192.0.2.1", forwarded), "192.0.2.1");
        }
        assert_eq!(client("127.0.0.1", "127.0.0.1", &["9.9.9.9"]), "9.9.9.9");
        assert_eq!(client("127.0.0.1", "127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn the_header_is_walked_from_the_right_and_no_further_than_the_first_stranger() {
        let trusted = "10.0.0.0/8, ::1";
        assert_eq!(client(trusted, "10.0.0.1", &["6.6.6.6, 9.9.9.9"]), "9.9.9.9");
        assert_eq!(client(trusted, "10.0.0.1", &["6.6.6.6, 9.9.9.9, 10.0.0.2"]), "9.9.9.9");
        assert_eq!(client(trusted, "10.0.0.1", &["6.6.6.6", "9.9.9.9", "10.0.0.2"]), "9.9.9.9");
        assert_eq!(client(trusted, "::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(client(trusted, "::ffff:10.0.0.1", &["9.9.9.9:4711"]), "9.9.9.9");
        assert_eq!(client(trusted, "::1", &["[2001:db8::7]:4711"]), "2001:db8::7");
    }

    #[test]
    fn what_is_no_address_ends_the_walk() {
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["9.9.9.9, unknown"]), "10.0.0.1");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["9.9.9.9, , 10.0.0.3"]), "10.0.0.3");
        // What a client wrote that is no text spoils neither what its proxy adds nor the line after.
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["é, 9.9.9.9"]), "9.9.9.9");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["6.6.6.6", "é"]), "10.0.0.1");
    }

    #[test]
    fn a_household_of_ipv6_addresses_is_one_network() {
        let network = |text: &str| ClientAddress(text.parse().unwrap()).network().to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2::9"), "2001:db8:1:2::/64");
        assert_eq!(network("192.0.2.1"), "192.0.2.1/32");
    }

    #[test]
    fn what_names_no_network_is_refused() {
        for text in ["proxy", "10.0.0.0/33", "10.0.0.1 10.0.0.2"] {
            assert_eq!(text.parse::<TrustedProxies>(), Err(NoAddresses), "{text}");
        }
    }
}
