//! The load: many connections in one thread, each of which sends its next request when its last one is answered.

use crate::process::Server;
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One connection that is kept alive.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, received: Vec::with_capacity(16 * 1024) }
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Answer {
        self.stream.write_all(request).await.unwrap();
        self.received.clear();
        let head = loop {
            self.receive().await;
            if let Some(end) = self.received.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let (status, length) = read_head(std::str::from_utf8(&self.received[..head]).unwrap());
        match length {
            Some(length) => {
                while self.received.len() < head + length {
                    self.receive().await;
                }
            }
            None => {
                while !self.received.ends_with(LAST_CHUNK) {
                    self.receive().await;
                }
            }
        }
        Answer { status, body: self.received[head..].to_vec() }
    }

    async fn receive(&mut self) {
        let read = self.stream.read_buf(&mut self.received).await.unwrap();
        assert!(read > 0, "the connection was closed");
    }
}

/// What ends a body in chunks; JSON has no such line break in it.
const LAST_CHUNK: &[u8] = b"\r\n0\r\n\r\n";

/// The status, and the length of the body; none for a body in chunks.
fn read_head(head: &str) -> (u16, Option<usize>) {
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map(|(_, length)| length.trim().parse().unwrap());
    (status, length)
}

/// A request as it goes over the wire.
pub(crate) fn request(method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What one connection sends, in turn, again and again.
pub(crate) type Lane = Vec<Vec<u8>>;

/// What a load met with. Adds up over rounds.
#[derive(Default)]
pub(crate) struct Figures {
    took: Duration,
    /// Of every answer.
    times: Vec<Duration>,
    /// Answers 201: what was acknowledged as new.
    pub(crate) created: u64,
    /// What the process that answered used of the processor.
    cpu: Duration,
}

impl Figures {
    /// Sends until the time is over, on a connection for each lane. Every answer has to be a success.
    pub(crate) fn take(server: &Server, lanes: &[Lane], time: Duration) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        runtime.block_on(async {
            let cpu = server.cpu();
            let mut connections = Vec::new();
            for _ in lanes {
                connections.push(Connection::open(&server.address).await);
            }
            let started = Instant::now();
            let walks = connections
                .into_iter()
                .zip(lanes.to_vec())
                .map(|(connection, lane)| tokio::spawn(walk(connection, lane, started + time)));
            let mut figures = Self::default();
            for walk in walks.collect::<Vec<_>>() {
                figures.add(walk.await.unwrap());
            }
            figures.took = started.elapsed();
            figures.cpu = server.cpu() - cpu;
            figures
        })
    }

    /// Adds what another round met with.
    pub(crate) fn add(&mut self, round: Self) {
        self.took += round.took;
        self.cpu += round.cpu;
        self.created += round.created;
        self.times.extend(round.times);
    }

    pub(crate) fn per_second(&self) -> f64 {
        count(self.times.len()) / self.took.as_secs_f64()
    }

    /// What an answer cost the process that gave it, in microseconds of processor time.
    pub(crate) fn cpu_micros(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / count(self.times.len())
    }

    /// The time in milliseconds within which so many of a hundred answers came.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let mut times = self.times.clone();
        let (_, time, _) = times.select_nth_unstable((self.times.len() - 1) * percent / 100);
        time.as_secs_f64() * 1000.0
    }
}

async fn walk(mut connection: Connection, lane: Lane, end: Instant) -> Figures {
    let mut figures = Figures::default();
    for request in lane.iter().cycle() {
        let sent = Instant::now();
        if sent >= end {
            break;
        }
        let answer = connection.send(request).await;
        let body = String::from_utf8_lossy(&answer.body);
        assert!((200..300).contains(&answer.status), "{} {body}", answer.status);
        figures.created += u64::from(answer.status == 201);
        figures.times.push(sent.elapsed());
    }
    figures
}

/// A number of things as a number that divides.
pub(crate) fn count(things: usize) -> f64 {
    f64::from(u32::try_from(things).unwrap())
}
