//! Services of others that answer the same questions, started and filled by benches/peers.py.

use crate::{
    CREATE, LIST,
    client::{Lane, request},
    process::Server,
};
use serde::Deserialize;
use std::fs;

/// A service that keeps pain scores of its own accounts.
#[derive(Deserialize)]
pub(crate) struct Peer {
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) server: Server,
    /// The path and query of the last 50 pain scores.
    list: String,
    /// The path that takes a new one.
    create: String,
    accounts: Vec<Account>,
}

#[derive(Deserialize)]
struct Account {
    token: String,
    /// A new pain score as the peer takes it.
    score: String,
}

impl Peer {
    /// What each connection sends for this work, if the peer can do it.
    pub(crate) fn lanes(&self, work: &str, connections: usize) -> Option<Vec<Lane>> {
        let ask = |account: &Account| match work {
            LIST => Some(request("GET", &self.list, &account.token, "")),
            CREATE => Some(request("POST", &self.create, &account.token, &account.score)),
            _ => None,
        };
        self.accounts.iter().cycle().take(connections).map(|account| Some(vec![ask(account)?])).collect()
    }
}

/// The peers of the file that `LOAD_PEERS` names.
pub(crate) fn read() -> Vec<Peer> {
    let Ok(path) = std::env::var("LOAD_PEERS") else { return Vec::new() };
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}
