//! How many connections a network may have open: each takes memory, whether or not anybody reads what it was sent.

use super::{ClientAddress, TrustedProxies};
use actix_web::{dev::Extensions, rt::net::TcpStream};
use ipnet::IpNet;
use rustix::net::Shutdown;
use std::{
    any::Any,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// So many: a browser opens six, and a household or a clinic may share one address.
pub const MOST: usize = 100;

/// The open connections of each network. Cheap to clone; all clones count together.
#[derive(Clone)]
pub struct Connections {
    is_on: bool,
    proxies: TrustedProxies,
    open: Arc<Mutex<HashMap<IpNet, usize>>>,
}

/// One that is counted, until it is dropped with its connection.
struct Counted {
    connections: Connections,
    network: IpNet,
}

impl Connections {
    /// Counted or not. Proxies that are trusted are not: they count for all of their clients.
    pub fn new(is_on: bool, proxies: TrustedProxies) -> Self {
        Self { is_on, proxies, open: Arc::default() }
    }

    /// Counts a new connection, or closes it where its network has too many.
    pub fn admit(&self, connection: &dyn Any, data: &mut Extensions) {
        let Some(stream) = connection.downcast_ref::<TcpStream>() else { return };
        let Ok(peer) = stream.peer_addr() else { return };
        let peer = peer.ip().to_canonical();
        if !self.is_on || self.proxies.has(peer) {
            return;
        }
        let network = ClientAddress(peer).network();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(network).or_default();
        *count += 1;
        if *count > MOST
            && let Err(cause) = rustix::net::shutdown(stream, Shutdown::Both)
        {
            tracing::debug!(%cause, "a connection too many had left already");
        }
        drop(open);
        data.insert(Arc::new(Counted { connections: self.clone(), network }));
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.network) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(&self.network);
            }
        }
    }
}
