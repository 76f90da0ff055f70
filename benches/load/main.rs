//! How much the service bears: the release binary on loopback, on a database of 1,000 accounts, beside a bare
//! actix handler that answers the same bytes and beside inserts by SQLite alone. All take turns in one run, for
//! the machine's moods change every measurement: read the ratios; the absolute figures are the machine's.
//!
//! `cargo bench --bench load` prints the tables of docs/performance.md. What changes the run: `LOAD_CONNECTIONS`
//! (`1,16,64,256`), `LOAD_RECORDS` (1000, of each account), `LOAD_SECONDS` (1, of each round), `LOAD_ROUNDS` (5),
//! `LOAD_DATABASE_URL` (an empty database of PostgreSQL), `LOAD_LOG` (the service's default), `LOAD_PEERS` (a file
//! that benches/peers.py writes: services of others, which take turns with this one).
//!
//! Bounded in time, on loopback only. Every answer must be a success, and there must be as many new rows as were
//! acknowledged, after a kill; otherwise the run fails.
#![expect(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing, reason = "a harness")]

mod client;
mod peers;
mod process;
mod raw;
mod seed;

use client::{Figures, Lane, count, request};
use peers::Peer;
use process::{Answered, Process, Server, flushes};
use std::{path::Path, rc::Rc, thread, time::Duration};
use tempfile::TempDir;

/// How many writes SQLite alone is given at once, to be compared with.
const GROUP: usize = 64;
/// Sign-ins at once while somebody else reads.
const SIGN_INS: usize = 32;
/// The records of a long log.
const LONG: u64 = 100_000;
/// How often the service is started.
const STARTS: usize = 9;

fn main() {
    if let Ok(folder) = std::env::var(process::BARE) {
        return process::bare(Path::new(&folder));
    }
    let settings = Settings::read();
    let mut bench = Bench::prepare(settings);
    bench.idle();
    for connections in bench.settings.connections.clone() {
        bench.table(connections);
    }
    bench.reads_beside_sign_ins();
    bench.long_beside_short();
    bench.verify();
}

struct Settings {
    connections: Vec<usize>,
    records: u64,
    time: Duration,
    rounds: usize,
    database_url: Option<String>,
    peers: Rc<[Peer]>,
}

impl Settings {
    fn read() -> Self {
        let text = |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
        let number = |name: &str, default: &str| text(name, default).parse().unwrap();
        let connections = text("LOAD_CONNECTIONS", "1,16,64,256");
        Self {
            connections: connections.split(',').map(|number| number.parse().unwrap()).collect(),
            records: number("LOAD_RECORDS", "1000"),
            time: Duration::from_secs(number("LOAD_SECONDS", "1")),
            rounds: usize::try_from(number("LOAD_ROUNDS", "5")).unwrap(),
            database_url: std::env::var("LOAD_DATABASE_URL").ok(),
            peers: peers::read().into(),
        }
    }

    fn most_connections(&self) -> usize {
        self.connections.iter().copied().max().unwrap().max(GROUP)
    }
}

/// The service on its database, and what is known of it.
struct Bench {
    settings: Settings,
    folder: TempDir,
    service: Process,
    /// Pain scores that have to be there.
    scores: u64,
}

/// What is asked for, by each connection as an account of its own.
struct Work {
    name: &'static str,
    lanes: Vec<Lane>,
}

impl Bench {
    fn prepare(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = settings.database_url.as_deref();
        let mut service = Process::service(folder.path(), url);
        seed::sign_up(&service, settings.most_connections() + 2);
        service.kill();
        let mut db = seed::open(&file(&folder), url);
        seed::fill(&mut db, settings.records);
        let scores = seed::scores(&mut db);
        drop(db);
        service.start_again();
        Self { settings, folder, service, scores }
    }

    /// Starts, and what a service takes that nobody asks.
    fn idle(&mut self) {
        let starts = (0..STARTS).map(|_| {
            self.service.kill();
            self.service.start_again();
            self.service.ready_in
        });
        let mut starts: Vec<_> = starts.collect();
        starts.sort_unstable();
        println!(
            "{} cores. {} accounts with {} records each. From the start to ready: {} ms (median of {STARTS}); \
             resident then: {} MB.",
            thread::available_parallelism().unwrap(),
            seed::ACCOUNTS,
            self.settings.records,
            starts[STARTS / 2].as_millis(),
            self.service.memory(),
        );
        if self.settings.database_url.is_none() {
            let bytes = std::fs::metadata(file(&self.folder)).unwrap().len();
            let records = u64::try_from(seed::ACCOUNTS).unwrap() * self.settings.records;
            println!("The file has {} bytes for each record.", bytes / records);
        }
    }

    /// Every work at so many connections.
    fn table(&mut self, connections: usize) {
        println!("\n**{connections} connections**\n");
        println!("| work | per s | of bare | p50 ms | p99 ms | CPU µs | bare CPU µs | flushes | MB |");
        println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        let tokens = seed::sign_in(&self.service, connections);
        for work in works(&tokens) {
            self.row(&work);
        }
        let figures = Figures::take(&self.service, &sign_ins(connections), self.settings.time * 3);
        self.print("sign-in", &figures, None, None);
    }

    /// One work beside the bare handler, and the creates beside SQLite alone, in turns.
    fn row(&mut self, work: &Work) {
        let Answered { bare, lane, created } = Process::bare(&self.service, &work.lanes[0]);
        self.scores += created;
        let bare_lanes = vec![lane; work.lanes.len()];
        let (mut figures, mut bare_figures) = (Figures::default(), Figures::default());
        let mut alone = [1, GROUP].map(|group| (group, Vec::new()));
        let known = Rc::clone(&self.settings.peers);
        let peers = known.iter().filter_map(|peer| Some((peer, peer.lanes(work.name, work.lanes.len())?)));
        let mut peers: Vec<_> = peers.map(|(peer, lanes)| (peer, lanes, Figures::default())).collect();
        let mut flushed = Some(0);
        for _ in 0..self.settings.rounds {
            let before = flushes(self.folder.path());
            figures.add(Figures::take(&self.service, &work.lanes, self.settings.time));
            let after = flushes(self.folder.path());
            flushed = flushed.zip(before.zip(after)).map(|(sum, (before, after))| sum + after - before);
            bare_figures.add(Figures::take(&bare, &bare_lanes, self.settings.time));
            for (peer, lanes, figures) in &mut peers {
                figures.add(Figures::take(&peer.server, lanes, self.settings.time));
            }
            if work.name == CREATE && self.settings.database_url.is_none() {
                for (group, rates) in &mut alone {
                    rates.push(self.insert_alone(*group));
                }
            }
        }
        self.scores += figures.created;
        self.print(work.name, &figures, Some(&bare_figures), flushed.filter(|_| figures.created > 0));
        for (peer, _, figures) in &peers {
            println!("| _{}_ | {} |", peer.name, columns(figures, Some(&bare_figures), None, &peer.server));
        }
        for (group, rates) in alone.into_iter().filter(|(_, rates)| !rates.is_empty()) {
            let rate = rates.iter().sum::<f64>() / count(rates.len());
            let share = 100.0 * figures.per_second() / rate;
            println!("| _SQLite alone, {group} in each commit_ | {rate:.0} | _{share:.0} %_ | | | | | | |");
        }
    }

    /// Inserts by SQLite alone, each second.
    fn insert_alone(&mut self, group: usize) -> f64 {
        let path = file(&self.folder);
        let (rows, took) = raw::insert(&path, &raw::accounts(&path), group, self.settings.time);
        self.scores += u64::try_from(rows).unwrap();
        count(rows) / took.as_secs_f64()
    }

    fn print(&self, name: &str, figures: &Figures, bare: Option<&Figures>, flushed: Option<u64>) {
        println!("| {name} | {} |", columns(figures, bare, flushed, &self.service));
    }

    /// Whether those who sign in starve those who read: a password takes a processor for long.
    fn reads_beside_sign_ins(&mut self) {
        let tokens = seed::sign_in(&self.service, GROUP);
        let reads: Vec<Lane> = tokens.iter().map(|token| vec![next_step(token)]).collect();
        let (mut quiet, mut busy) = (Figures::default(), Figures::default());
        for _ in 0..self.settings.rounds {
            quiet.add(Figures::take(&self.service, &reads, self.settings.time));
            thread::scope(|scope| {
                scope.spawn(|| Figures::take(&self.service, &sign_ins(SIGN_INS), self.settings.time));
                busy.add(Figures::take(&self.service, &reads, self.settings.time));
            });
        }
        let (quiet, busy) = (quiet.percentile(99), busy.percentile(99));
        println!(
            "\n99th percentile of a next step at {GROUP} connections: {quiet:.2} ms, beside {SIGN_INS} sign-ins at \
             once {busy:.2} ms: {:.1} times.",
            busy / quiet
        );
    }

    /// Whether a long log makes the next step slower. Takes turns between an account with `LONG` records and one
    /// with the usual number, which no other work has written to.
    fn long_beside_short(&mut self) {
        let short = self.settings.most_connections();
        let long = short + 1;
        let url = self.settings.database_url.as_deref();
        seed::lengthen(&mut seed::open(&file(&self.folder), url), long, self.settings.records, LONG);
        self.scores += LONG - self.settings.records;
        let lanes = [short, long].map(|account| {
            let token = seed::access_token(&self.service, account);
            vec![vec![next_step(&token)]; GROUP]
        });
        let mut figures = [Figures::default(), Figures::default()];
        for _ in 0..self.settings.rounds {
            for (figures, lanes) in figures.iter_mut().zip(&lanes) {
                figures.add(Figures::take(&self.service, lanes, self.settings.time));
            }
        }
        let [short, long] = figures.map(|figures| (figures.per_second(), figures.percentile(50)));
        println!(
            "\nNext step of one account at {GROUP} connections: {:.0}/s, {:.2} ms with {} records, {:.0}/s, {:.2} ms with \
             {LONG}: {:.2} times as long.",
            short.0,
            short.1,
            self.settings.records,
            long.0,
            long.1,
            long.1 / short.1
        );
    }

    /// What was acknowledged is there after a kill, and nothing else.
    fn verify(mut self) {
        self.service.kill();
        let mut db = seed::open(&file(&self.folder), self.settings.database_url.as_deref());
        assert_eq!(seed::scores(&mut db), self.scores, "pain scores in the database and acknowledged ones");
        println!("\nAfter a kill: {} pain scores, as many as were acknowledged.", self.scores);
    }
}

/// A row of the table without its name.
fn columns(figures: &Figures, bare: Option<&Figures>, flushed: Option<u64>, server: &Server) -> String {
    let share = |bare: &Figures| format!("{:.0} %", 100.0 * figures.per_second() / bare.per_second());
    format!(
        "{:.0} | {} | {:.2} | {:.2} | {:.0} | {} | {} | {}",
        figures.per_second(),
        bare.map_or_else(String::new, share),
        figures.percentile(50),
        figures.percentile(99),
        figures.cpu_micros(),
        bare.map_or_else(String::new, |bare| format!("{:.0}", bare.cpu_micros())),
        flushed.map_or_else(String::new, |flushes| flushes.to_string()),
        server.memory(),
    )
}

const LIST: &str = "list of 50";
/// A create between two episodes, long ago: no window of facts has it, so its cost is the write.
const CREATE: &str = "create a pain score";

/// What is measured, each connection with an account of its own.
fn works(tokens: &[String]) -> Vec<Work> {
    let of = |name, lane: &dyn Fn(&str) -> Lane| Work {
        name,
        lanes: tokens.iter().map(|token| lane(token)).collect(),
    };
    vec![
        of("next step", &|token| vec![next_step(token)]),
        of(LIST, &|token| vec![list(token)]),
        of("page of 50 changes", &|token| vec![request("GET", "/v1/changes", token, "")]),
        of("mixed: 6 next steps, 3 lists, 1 create", &|token| {
            let mut lane = vec![next_step(token); 6];
            lane.extend(vec![list(token); 3]);
            lane.push(create(token));
            lane
        }),
        of(CREATE, &|token| vec![create(token)]),
        of("create in the open episode", &|token| vec![create_now(token)]),
    ]
}

fn next_step(token: &str) -> Vec<u8> {
    request("GET", "/v1/next-step", token, "")
}

fn list(token: &str) -> Vec<u8> {
    request("GET", "/v1/pain-scores?limit=50", token, "")
}

fn create(token: &str) -> Vec<u8> {
    request("POST", "/v1/pain-scores", token, r#"{"score":5,"at":"2001-09-09T01:46:40Z"}"#)
}

/// What a person does while it hurts: the time is now, and the answer rests on the whole open episode.
fn create_now(token: &str) -> Vec<u8> {
    request("POST", "/v1/pain-scores", token, r#"{"score":5}"#)
}

fn sign_ins(connections: usize) -> Vec<Lane> {
    (0..connections).map(|account| vec![seed::sign_in_request(account)]).collect()
}

/// Where the service keeps its embedded database.
fn file(folder: &TempDir) -> String {
    folder.path().join("spasmlog.db").to_str().unwrap().to_owned()
}
