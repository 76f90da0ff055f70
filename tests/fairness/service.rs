//! The compiled program, and accounts that each come from a network of their own.

use reqwest::blocking::{Client, RequestBuilder};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Duration,
};
use tempfile::TempDir;

/// A running service on a database of its own; killed when dropped.
pub(crate) struct Service {
    child: Child,
    address: String,
    _folder: TempDir,
}

/// Somebody with an account, or without a token somebody of a network.
pub(crate) struct Account {
    http: Client,
    address: String,
    network: String,
    pub(crate) token: String,
}

impl Service {
    /// Starts it with its limits, behind a proxy that says who asks.
    pub(crate) fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_spasmlog"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SPASMLOG_")) {
            command.env_remove(name);
        }
        let mut child = command
            .args([
                "serve",
                "--bind",
                "127.0.0.1:0",
                "--registration",
                "open",
                "--log",
                "info,spasmlog::http=error",
            ])
            .args(["--trusted-proxies", "127.0.0.1", "--data-dir"])
            .arg(folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert!(lines.read_line(&mut line).unwrap() > 0, "it ended before it listened");
            if let Some((_, rest)) = line.split_once("listening on ") {
                let url = rest.split(';').next().unwrap().trim();
                break url.trim_start_matches("http://").trim_end_matches('/').to_owned();
            }
        };
        // Read to its end, so that the service never waits for somebody to read its log.
        thread::spawn(move || drop(lines.read_to_end(&mut Vec::new())));
        Self { child, address, _folder: folder }
    }

    /// An account, and a network for it.
    pub(crate) fn sign_up(&self, name: &str) -> Account {
        let mut account = Account {
            http: Client::builder().timeout(Duration::from_secs(60)).build().unwrap(),
            address: self.address.clone(),
            network: a_network(),
            token: String::new(),
        };
        let body =
            format!("{{\"email\":\"{name}@example.org\",\"password\":\"seven quiet herons at dusk\"}}");
        let request =
            account.request("POST", "/v1/accounts").header("content-type", "application/json").body(body);
        let answer: serde_json::Value = request.send().unwrap().json().unwrap();
        answer["tokens"]["access_token"].as_str().unwrap().clone_into(&mut account.token);
        account
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// An address that nobody else has.
fn a_network() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    std::net::Ipv4Addr::from(0x0a00_0001 + NEXT.fetch_add(1, Ordering::Relaxed)).to_string()
}

impl Account {
    /// Somebody else, of another network and without a token.
    pub(crate) fn stranger(&self) -> Self {
        let (http, address) = (self.http.clone(), self.address.clone());
        Self { http, address, network: a_network(), token: String::new() }
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.address);
        let request = self.http.request(method.parse().unwrap(), url);
        let request = request.header("x-forwarded-for", &self.network);
        if self.token.is_empty() { request } else { request.bearer_auth(&self.token) }
    }

    /// The status of the answer, once all of it is read.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        media_type: &str,
        body: String,
    ) -> Result<u16, String> {
        let mut request = self.request(method, path);
        if !media_type.is_empty() {
            request = request.header("content-type", media_type).body(body);
        }
        let answer = request.send().map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        answer.bytes().map_err(|error| error.to_string())?;
        Ok(status)
    }

    pub(crate) fn get(&self, path: &str) -> Result<u16, String> {
        self.send("GET", path, "", String::new())
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> Result<u16, String> {
        self.send("POST", path, "application/json", body.to_owned())
    }

    /// A connection on which a request was sent, and nothing is read.
    pub(crate) fn ask_only(&self, head: &str) -> Option<TcpStream> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let (token, network) = (&self.token, &self.network);
        let lines = format!("Host: x\r\nX-Forwarded-For: {network}\r\nAuthorization: Bearer {token}\r\n");
        stream.write_all(head.replace("{}", &lines).as_bytes()).ok()?;
        Some(stream)
    }
}
