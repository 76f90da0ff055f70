//! Redirect addresses: which ones an app may register, and when a request names one of them.

use std::net::IpAddr;
use url::{Host, Url, form_urlencoded};

/// The longest redirect address, in bytes.
const MAX_BYTES: usize = 500;
/// The beginnings of a loopback address (RFC 8252 §7.3), whose port may be any.
const LOOPBACK: &[&str] = &["http://127.0.0.1", "http://[::1]", "http://localhost"];

/// Whether an app may register this redirect address: `https`, a reverse-domain scheme of its own (RFC 8252 §7.1),
/// or `http` on a loopback address. Neither a fragment nor a user name; printable ASCII without what needs escaping.
pub(super) fn may_be_registered(uri: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte);
    if uri.len() > MAX_BYTES || !uri.bytes().all(is_plain) {
        return false;
    }
    let Ok(parsed) = Url::parse(uri) else { return false };
    if !parsed.username().is_empty() || parsed.password().is_some() || uri.contains('@') {
        return false;
    }
    match parsed.scheme() {
        // Written as it is read, so that comparing texts is comparing addresses.
        "https" => parsed.host().is_some() && is_as_written(uri, &parsed),
        "http" => without_port(uri).is_some() && is_loopback(&parsed),
        scheme => scheme.contains('.') && uri.starts_with(scheme),
    }
}

fn is_as_written(uri: &str, parsed: &Url) -> bool {
    parsed.as_str() == uri || parsed.as_str() == format!("{uri}/")
}

fn is_loopback(parsed: &Url) -> bool {
    match parsed.host() {
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether a request names a registered address: the same text, but for the port of a loopback address, which a
/// native app takes as it finds it (RFC 8252 §7.3).
pub(super) fn is_registered(asked: &str, registered: &str) -> bool {
    asked == registered
        || without_port(asked).zip(without_port(registered)).is_some_and(|(one, other)| one == other)
}

/// A loopback address in two parts, without the port between them; `None` for any other address.
fn without_port(uri: &str) -> Option<(&str, &str)> {
    LOOPBACK.iter().find_map(|host| {
        let rest = uri.strip_prefix(host)?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (port, path) = rest.split_at(end);
        let is_port = port.is_empty()
            || port.strip_prefix(':').is_some_and(|digits| {
                digits.bytes().all(|digit| digit.is_ascii_digit()) && digits.parse::<u16>().is_ok()
            });
        is_port.then_some((*host, path))
    })
}

/// The redirect address with these parameters added to its query.
pub(super) fn with_parameters(uri: &str, parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let glue = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{glue}{query}")
}

/// What a Content-Security-Policy calls the place that a redirect address leads to.
pub(super) fn policy_source(uri: &str) -> String {
    let Ok(parsed) = Url::parse(uri) else { return String::new() };
    match parsed.host() {
        // The policy has no form for an IPv6 address.
        Some(Host::Ipv6(_)) | None => format!("{}:", parsed.scheme()),
        Some(host) => match parsed.port() {
            Some(port) => format!("{}://{host}:{port}", parsed.scheme()),
            None => format!("{}://{host}", parsed.scheme()),
        },
    }
}

/// What a person is told of where a redirect address leads: a host, or the scheme of an app.
pub(super) fn place(uri: &str) -> String {
    let parsed = Url::parse(uri).ok();
    let host = parsed.as_ref().and_then(Url::host_str).map(str::to_owned);
    host.or_else(|| parsed.map(|parsed| parsed.scheme().to_owned())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_registers_https_a_scheme_of_its_own_or_loopback() {
        for uri in [
            "https://app.example/callback",
            "https://app.example/callback?tenant=1",
            "https://app.example:8443/",
            "https://app.example",
            "com.example.app:/callback",
            "com.example.app://callback",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:4711/callback",
            "http://[::1]:4711/",
            "http://localhost/callback",
        ] {
            assert!(may_be_registered(uri), "{uri}");
        }
        for uri in [
            "",
            "callback",
            "//app.example/callback",
            "http://app.example/callback",
            "http://127.0.0.2/callback",
            "http://127.0.0.1.example/callback",
            "http://127.0.0.1@app.example/",
            "http://localhost.example/",
            "http://127.0.0.1:99999/",
            "http://127.0.0.1:+80/",
            "https://user@app.example/",
            "https://app.example/#fragment",
            "https://app.example/a b",
            "https://app.example/../",
            "https://APP.example/",
            "https:app.example/callback",
            "javascript:alert(1)",
            "data:text/html,x",
            "myapp:/callback",
            "COM.example.app:/callback",
            "https://app.example/\r\nSet-Cookie: a=b",
        ] {
            assert!(!may_be_registered(uri), "{uri}");
        }
        assert!(!may_be_registered(&format!("https://app.example/{}", "a".repeat(500))));
    }

    #[test]
    fn an_address_is_compared_exactly_but_for_the_port_of_a_loopback_address() {
        assert!(is_registered("https://app.example/cb", "https://app.example/cb"));
        for asked in [
            "https://app.example/cb/",
            "https://app.example/cb?x",
            "https://app.example:443/cb",
            "https://app.example/CB",
            "https://app.example.evil/cb",
            "http://app.example/cb",
        ] {
            assert!(!is_registered(asked, "https://app.example/cb"), "{asked}");
        }
        assert!(is_registered("http://127.0.0.1:5000/cb", "http://127.0.0.1/cb"));
        assert!(is_registered("http://127.0.0.1/cb", "http://127.0.0.1:80/cb"));
        for asked in [
            "http://localhost:5000/cb",
            "http://[::1]:5000/cb",
            "http://127.0.0.1:5000/cb2",
            "http://127.0.0.1:5000@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:99999/cb",
            "https://127.0.0.1:5000/cb",
        ] {
            assert!(!is_registered(asked, "http://127.0.0.1/cb"), "{asked}");
        }
    }

    #[test]
    fn parameters_join_a_query_that_is_there() {
        assert_eq!(with_parameters("https://a.example/", &[("a b", "&")]), "https://a.example/?a+b=%26");
        assert_eq!(with_parameters("https://a.example/?x=1", &[("a", "b")]), "https://a.example/?x=1&a=b");
        assert_eq!(with_parameters("com.a.b:/cb", &[("a", "b")]), "com.a.b:/cb?a=b");
    }

    #[test]
    fn a_policy_names_the_origin_or_the_scheme() {
        assert_eq!(policy_source("https://a.example/cb"), "https://a.example");
        assert_eq!(policy_source("http://127.0.0.1:5000/cb"), "http://127.0.0.1:5000");
        assert_eq!(policy_source("http://[::1]:5000/cb"), "http:");
        assert_eq!(policy_source("com.example.app:/cb"), "com.example.app:");
    }
}
