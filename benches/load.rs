//! How much the service bears: the release binary under load on loopback, beside a bare actix handler that
//! answers the same bytes, in one run. Read the ratios; the absolute figures are the machine's.
//!
//! `cargo bench --bench load` · `LOAD_SECONDS` (5), `LOAD_CONNECTIONS` (64) and `LOAD_LOG` (the service's
//! default; `info,spasmlog::http=warn` leaves out the line for each request) change the run.
//!
//! Bounded in time, on loopback only. Every answer must be a success, and the rows in the database must be as
//! many as the acknowledgements; otherwise the run fails.
#![expect(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing, reason = "a harness")]

use actix_web::{App, HttpResponse, HttpServer, http::header::ContentType, web};
use diesel::{Connection, RunQueryDsl, SqliteConnection};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const BARE: &str = "LOAD_BARE_ANSWER";

fn main() {
    if let Ok(file) = std::env::var(BARE) {
        return bare(&fs::read_to_string(file).unwrap());
    }
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (seconds, connections) = (number("LOAD_SECONDS", 5), number("LOAD_CONNECTIONS", 64));
    let load = Load { duration: Duration::from_secs(seconds), connections };

    let folder = tempfile::tempdir().unwrap();
    let service = Process::service(folder.path());
    println!("start to listening: {} ms; idle: {} MB", service.started_in.as_millis(), service.memory());
    let token = sign_up(&service.address);
    let scores = 60;
    seed_episode(&service.address, &token, scores);

    let next_step = request("GET", "/v1/next-step", &token, "");
    let list = request("GET", "/v1/pain-scores?limit=50", &token, "");
    let create = request("POST", "/v1/pain-scores", &token, r#"{"score":5,"note":"Sitting is worst."}"#);
    // A score of its own between episodes: the answer has no next step, the cost is the write.
    let alone = request("POST", "/v1/pain-scores", &token, r#"{"score":5,"at":"2020-01-01T10:00:00Z"}"#);

    println!(
        "{connections} connections, {seconds} s each, {} cores",
        thread::available_parallelism().unwrap()
    );
    println!("{:<44} {:>9} {:>9} {:>9} {:>7}", "", "per s", "p50 ms", "p99 ms", "MB");
    let mut created = 0;
    for (name, request) in [("next step (60 scores in the episode)", &next_step), ("list of 50", &list)] {
        let bare = Process::bare(&Client::connect(&service.address).send(request).1);
        let bare_figures = load.run(&bare.address, &get("/"));
        let figures = load.run(&service.address, request);
        print(name, &figures, service.memory());
        print("  a bare handler, the same bytes", &bare_figures, bare.memory());
        println!("  ratio {:.1} %", 100.0 * figures.per_second() / bare_figures.per_second());
    }
    let figures = load.run(&service.address, &alone);
    created += figures.answers();
    print("durable create", &figures, service.memory());
    // Last, and short: each one adds a fact to the episode, so that the next step has more to read.
    let short = Load { duration: Duration::from_secs(1), connections };
    let figures = short.run(&service.address, &create);
    created += figures.answers();
    print("durable create, with the next step (growing)", &figures, service.memory());
    long_history(&service.address, scores);
    drop(service);
    let rows = count(&folder.path().join("spasmlog.db"));
    assert_eq!(rows, created + 3 * scores, "rows in the database and acknowledged creates");
    println!("{created} creates acknowledged, and as many rows found after a kill");
}

/// The next step of somebody with 10,000 episodes behind them, beside that of somebody with one: asked in
/// turn on one connection, so that the machine's moods hit both alike.
fn long_history(address: &str, scores: u64) {
    const EPISODES: u64 = 10_000;
    let asks: Vec<String> = [("short@example.org", 1), ("long@example.org", EPISODES)]
        .into_iter()
        .map(|(email, episodes)| {
            let token = sign_up_as(address, email);
            thread::scope(|scope| {
                for lane in 0..16 {
                    let token = &token;
                    scope.spawn(move || {
                        let mut client = Client::connect(address);
                        for number in (lane..episodes).step_by(16) {
                            let (day, hour) = (number / 24 % 28 + 1, number % 24);
                            let (year, month) = (1990 + number / 8064, number / 672 % 12 + 1);
                            let at = format!("{year}-{month:02}-{day:02}T{hour:02}:00:00Z");
                            let body = json!({ "started_at": at, "ended_at": at }).to_string();
                            assert_eq!(client.send(&request("POST", "/v1/episodes", token, &body)).0, 201);
                        }
                    });
                }
            });
            seed_episode(address, &token, scores);
            request("GET", "/v1/next-step", &token, "")
        })
        .collect();
    let mut client = Client::connect(address);
    let mut times = [const { Vec::new() }; 2];
    for round in 0..4_000 {
        let sent = Instant::now();
        assert_eq!(client.send(&asks[round % 2]).0, 200);
        times[round % 2].push(sent.elapsed());
    }
    let [short, long] = times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1_000_000.0
    });
    println!(
        "next step on one connection: {short:.0} µs with 1 earlier episode, {long:.0} µs with {EPISODES}: ratio {:.2}",
        long / short
    );
}

/// A child process that listens, killed when dropped.
struct Process {
    child: Child,
    address: String,
    started_in: Duration,
}

impl Process {
    fn service(folder: &std::path::Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spasmlog"));
        command
            .args([
                "serve",
                "--bind",
                "127.0.0.1:0",
                "--registration",
                "open",
                "--rate-limits",
                "off",
                "--data-dir",
            ])
            .arg(folder);
        if let Ok(log) = std::env::var("LOAD_LOG") {
            command.args(["--log", &log]);
        }
        Self::spawn(&mut command)
    }

    fn bare(answer: &str) -> Self {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), answer).unwrap();
        Self::spawn(Command::new(std::env::current_exe().unwrap()).env(BARE, file.path()))
    }

    fn spawn(command: &mut Command) -> Self {
        let started = Instant::now();
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert!(lines.read_line(&mut line).unwrap() > 0, "the process ended before it listened");
            if let Some((_, rest)) = line.split_once("listening on http://") {
                break rest.split([';', '\n']).next().unwrap().to_owned();
            }
        };
        let started_in = started.elapsed();
        // The log is read and thrown away, as a log collector would.
        thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Self { child, address, started_in }
    }

    /// Resident memory in megabytes.
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The same bytes without a service behind them.
fn bare(answer: &str) {
    let answer = answer.to_owned();
    let server = HttpServer::new(move || {
        let answer = answer.clone();
        App::new().route(
            "/",
            web::get().to(move || {
                let answer = answer.clone();
                async move { HttpResponse::Ok().content_type(ContentType::json()).body(answer) }
            }),
        )
    })
    .bind("127.0.0.1:0")
    .unwrap();
    eprintln!("listening on http://{}", server.addrs()[0]);
    actix_web::rt::System::new().block_on(server.run()).unwrap();
}

/// One connection that is kept alive.
struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    /// Sends a request, and returns the status and the body.
    fn send(&mut self, request: &str) -> (u16, String) {
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            if line.starts_with("HTTP/1.1 ") {
                status = line[9..12].parse().unwrap();
            } else if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            } else if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        (status, String::from_utf8(body).unwrap())
    }
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

fn request(method: &str, path: &str, token: &str, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn sign_up(address: &str) -> String {
    sign_up_as(address, "load@example.org")
}

fn sign_up_as(address: &str, email: &str) -> String {
    let body = json!({ "email": email, "password": "correct horse battery" }).to_string();
    let (status, answer) = Client::connect(address).send(&request("POST", "/v1/accounts", "", &body));
    assert_eq!(status, 201, "{answer}");
    serde_json::from_str::<Value>(&answer).unwrap()["tokens"]["access_token"].as_str().unwrap().to_owned()
}

fn seed_episode(address: &str, token: &str, scores: u64) {
    let mut client = Client::connect(address);
    let mut post =
        |path: &str, body: &str| assert_eq!(client.send(&request("POST", path, token, body)).0, 201);
    post("/v1/episodes", "{}");
    for score in 0..scores {
        post("/v1/pain-scores", &json!({ "score": score % 11 }).to_string());
    }
}

fn count(database: &std::path::Path) -> u64 {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        rows: i64,
    }
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    let count: Count =
        diesel::sql_query("SELECT count(*) AS rows FROM pain_scores").get_result(&mut connection).unwrap();
    count.rows.unsigned_abs()
}

struct Load {
    duration: Duration,
    connections: u64,
}

struct Figures {
    took: Duration,
    /// Every answer's time, sorted.
    times: Vec<Duration>,
}

impl Load {
    /// Sends the same request on every connection until the time is over.
    fn run(&self, address: &str, request: &str) -> Figures {
        let started = Instant::now();
        let threads: Vec<_> = (0..self.connections)
            .map(|_| {
                let (address, request, duration) = (address.to_owned(), request.to_owned(), self.duration);
                thread::spawn(move || {
                    let mut client = Client::connect(&address);
                    let mut times = Vec::new();
                    while started.elapsed() < duration {
                        let sent = Instant::now();
                        let (status, body) = client.send(&request);
                        assert!((200..300).contains(&status), "{status} {body}");
                        times.push(sent.elapsed());
                    }
                    times
                })
            })
            .collect();
        let mut times: Vec<Duration> =
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        let took = started.elapsed();
        times.sort_unstable();
        Figures { took, times }
    }
}

impl Figures {
    fn answers(&self) -> u64 {
        u64::try_from(self.times.len()).unwrap()
    }

    fn per_second(&self) -> f64 {
        f64::from(u32::try_from(self.times.len()).unwrap()) / self.took.as_secs_f64()
    }

    fn percentile(&self, percent: usize) -> f64 {
        self.times[(self.times.len() - 1) * percent / 100].as_secs_f64() * 1000.0
    }
}

fn print(name: &str, figures: &Figures, memory: u64) {
    println!(
        "{name:<44} {:>9.0} {:>9.2} {:>9.2} {memory:>7}",
        figures.per_second(),
        figures.percentile(50),
        figures.percentile(99)
    );
}
