//! The processes that are measured: the release binary, and a bare actix handler that answers the same bytes.

use crate::client::{Answer, Connection, Lane, request};
use actix_web::{App, HttpResponse, HttpServer, http::header::ContentType, web};
use serde::Deserialize;
use std::{
    fs,
    io::{BufRead, BufReader},
    ops::Deref,
    os::unix::fs::MetadataExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Set in the process that shall be the bare handler: the folder of its answers.
pub(crate) const BARE: &str = "LOAD_BARE_ANSWERS";

/// A process that listens.
#[derive(Deserialize)]
pub(crate) struct Server {
    /// `IP:PORT`.
    pub(crate) address: String,
    pid: u32,
}

impl Server {
    /// Asks once, on a connection of its own.
    pub(crate) fn ask(&self, request: &[u8]) -> Answer {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        runtime.block_on(async { Connection::open(&self.address).await.send(request).await })
    }

    /// Resident memory in megabytes (of 2^20 bytes).
    pub(crate) fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }

    /// The processor time that the process has used.
    pub(crate) fn cpu(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap();
        // Behind the name, which may have anything in it: user and system time, in hundredths of a second.
        let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
        let ticks: u64 = fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
        Duration::from_millis(ticks * 10)
    }
}

/// A child process that listens; it is killed when it is dropped.
pub(crate) struct Process {
    command: Command,
    /// What says that it is ready.
    first: &'static str,
    child: Child,
    server: Server,
    /// From the start of the process to its first answer to `/readyz`.
    pub(crate) ready_in: Duration,
}

impl Process {
    /// The service on a database: a path that is made when it is missing, or a URL of PostgreSQL.
    pub(crate) fn service(folder: &Path, database_url: Option<&str>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spasmlog"));
        command.args(["serve", "--bind", "127.0.0.1:0", "--registration", "open", "--rate-limits", "off"]);
        command.arg("--data-dir").arg(folder);
        if let Some(url) = database_url {
            command.args(["--database-url", url]);
        }
        if let Ok(log) = std::env::var("LOAD_LOG") {
            command.args(["--log", &log]);
        }
        Self::start(command, "/readyz")
    }

    /// A bare handler that answers what the service answered to these requests.
    pub(crate) fn bare(service: &Self, requests: &Lane) -> Answered {
        let answers = tempfile::tempdir().unwrap();
        let (mut lane, mut created) = (Lane::new(), 0);
        for (number, sent) in requests.iter().enumerate() {
            let answer = service.ask(sent);
            created += u64::from(answer.status == 201);
            fs::write(answers.path().join(number.to_string()), answer.body).unwrap();
            let sent = std::str::from_utf8(sent).unwrap();
            let (method, rest) = sent.split_once(' ').unwrap();
            let (_path, rest) = rest.split_once(' ').unwrap();
            lane.push(format!("{method} /{number} {rest}").into_bytes());
        }
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.env(BARE, answers.path());
        Answered { bare: Self::start(command, "/0"), lane, created }
    }

    fn start(mut command: Command, first: &'static str) -> Self {
        let started = Instant::now();
        let (child, server) = spawn(&mut command);
        let mut process = Self { command, first, child, server, ready_in: Duration::ZERO };
        process.wait_until_ready(started);
        process
    }

    /// Ends it at once, as a crash would.
    pub(crate) fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Starts it once more, after it was killed.
    pub(crate) fn start_again(&mut self) {
        let started = Instant::now();
        (self.child, self.server) = spawn(&mut self.command);
        self.wait_until_ready(started);
    }

    fn wait_until_ready(&mut self, started: Instant) {
        let answer = self.ask(&request("GET", self.first, "", ""));
        assert_eq!(answer.status, 200);
        self.ready_in = started.elapsed();
    }
}

impl Deref for Process {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A bare handler, the requests that it answers, and how many records the service made when it was asked for the
/// answers.
pub(crate) struct Answered {
    pub(crate) bare: Process,
    pub(crate) lane: Lane,
    pub(crate) created: u64,
}

/// Starts a process and waits until it says where it listens.
fn spawn(command: &mut Command) -> (Child, Server) {
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
    // The log is read and thrown away, as a log collector would.
    thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
    let pid = child.id();
    (child, Server { address, pid })
}

/// The same bytes without a service behind them. A body that is sent is read as JSON, as the service has to.
pub(crate) fn bare(folder: &Path) {
    let answers: Vec<String> =
        (0..).map_while(|number: u32| fs::read_to_string(folder.join(number.to_string())).ok()).collect();
    let answer = |text: &str| HttpResponse::Ok().content_type(ContentType::json()).body(text.to_owned());
    let server = HttpServer::new(move || {
        let mut app = App::new();
        for (number, text) in answers.iter().enumerate() {
            let (read, written) = (text.clone(), text.clone());
            let resource = web::resource(format!("/{number}"))
                .route(web::get().to(move || std::future::ready(answer(&read))))
                .route(
                    web::post()
                        .to(move |_sent: web::Json<serde_json::Value>| std::future::ready(answer(&written))),
                );
            app = app.service(resource);
        }
        app
    })
    .bind("127.0.0.1:0")
    .unwrap();
    eprintln!("listening on http://{}", server.addrs()[0]);
    actix_web::rt::System::new().block_on(server.run()).unwrap();
}

/// How often the disk under this folder was told to make what it was given last, since the machine started;
/// `None` where the system does not count that.
pub(crate) fn flushes(folder: &Path) -> Option<u64> {
    let device = fs::metadata(folder).unwrap().dev();
    let device = format!("{}:{}", rustix::fs::major(device), rustix::fs::minor(device));
    let folder = fs::canonicalize(format!("/sys/dev/block/{device}")).ok()?;
    // The kernel counts them for the whole disk.
    let disk = if folder.join("partition").exists() { folder.parent()? } else { &folder };
    fs::read_to_string(disk.join("stat")).ok()?.split_whitespace().nth(15)?.parse().ok()
}
