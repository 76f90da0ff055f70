//! Clients on a poor network, or of bad will: they send or read less than they could.

use super::{Client, TestServer};
use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// How long a test waits for what must come.
const LONG: Duration = Duration::from_secs(60);

/// Sends this, and nothing more until it is told to.
pub(crate) fn connect(server: &TestServer, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

/// Asks for an export and reads its beginning only.
pub(crate) fn export(server: &TestServer, client: &Client) -> TcpStream {
    let token = client.access_token();
    let head = format!(
        "GET /v1/export?format=ndjson HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    let mut stream = connect(server, &head);
    stream.read_exact(&mut [0; 1000]).unwrap();
    stream
}

/// Begins an import of `length` bytes with these.
pub(crate) fn import(server: &TestServer, client: &Client, length: usize, begin: &str) -> TcpStream {
    connect(server, &import_head(client, length, begin))
}

/// What [`import`] sends.
pub(crate) fn import_head(client: &Client, length: usize, begin: &str) -> String {
    let token = client.access_token();
    format!(
        "POST /v1/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
         Content-Type: application/x-ndjson\r\nContent-Length: {length}\r\n\r\n{begin}"
    )
}

/// What is still to come, until the service hangs up.
pub(crate) fn rest(mut stream: TcpStream) -> String {
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => {
            panic!("the service still waits: {error}")
        }
        _ => String::from_utf8(rest).unwrap(),
    }
}

/// Sends the head of a request, then a byte now and then, until the service has answered and hung up.
pub(crate) fn drip(server: &TestServer, head: &str) -> String {
    let mut stream = connect(server, head);
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let mut answer = Vec::new();
    for _ in 0..1_000 {
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer) {
            Ok(0) => return String::from_utf8(answer).unwrap(),
            Ok(length) => answer.extend(&buffer[..length]),
            // Nothing yet.
            Err(_) if answer.is_empty() => drop(stream.write(b" ")),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {
                return String::from_utf8(answer).unwrap();
            }
            Err(_) => {}
        }
    }
    panic!("the service still waits: {}", String::from_utf8_lossy(&answer));
}
