//! The address that the service is reached under: what its metadata says, and whom its answers are from.

use crate::http::{Code, Problem};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use std::{
    future::{Ready, ready},
    net::SocketAddr,
};

/// The address of the service, where it knows one: an absolute URL without a slash at its end.
#[derive(Debug, Clone)]
pub struct Address(Option<String>);

impl Address {
    /// The public address by the settings, or else the loopback address that the service listens on. A service that
    /// other machines reach without a public address has none: it cannot know by which name they do.
    pub fn new(public_url: Option<&str>, bound: SocketAddr) -> Self {
        let loopback = || bound.ip().is_loopback().then(|| format!("http://{bound}"));
        Self(public_url.map(str::to_owned).or_else(loopback))
    }

    /// The address, if it is known.
    pub fn known(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

/// The issuer of authorisation codes and tokens (RFC 8414): the address of the service.
#[derive(Debug, Clone)]
pub(super) struct Issuer(pub(super) String);

impl Issuer {
    /// The address of this path.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Whether browsers come by HTTPS.
    pub(super) fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

/// Refuses with 404 where the address is not known: authorisation is then not offered.
impl FromRequest for Issuer {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let address = request.app_data::<Data<Address>>().and_then(|address| address.known());
        ready(address.map(|known| Self(known.to_owned())).ok_or_else(|| {
            Problem::new(Code::NotFound).detail("This needs the setting SPASMLOG_PUBLIC_URL.")
        }))
    }
}
