//! The primary dies and its standby takes over, under pg_auto_failover.

use crate::{
    Climbed,
    ledger::{Ledger, Person, Stop, read_on},
    postgres::programs,
    rounds,
    service::{Service, check, has, is_root, run},
};
use serde_json::json;
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

/// How soon a standby must have taken over and writes be acknowledged again.
const BACK_WITHIN: Duration = Duration::from_secs(15);

/// What makes the monitor notice within seconds and not within half a minute.
const PATIENCE: &str = "
pgautofailover.health_check_period = 1000
pgautofailover.health_check_timeout = 1000
pgautofailover.health_check_retry_delay = 500
pgautofailover.health_check_max_retries = 1
pgautofailover.node_considered_unhealthy_timeout = 3000
pgautofailover.primary_demote_timeout = 3000
";

/// A monitor and two nodes in a folder of their own; gone when it is dropped.
struct Group {
    programs: PathBuf,
    folder: tempfile::TempDir,
    ports: [u16; 3],
    children: Vec<(usize, Child)>,
}

impl Group {
    fn start() -> Result<Self, String> {
        let programs = programs()?;
        if !has("pg_autoctl") || !is_root() {
            return Err(
                "takes root and pg_autoctl (Debian: pg-auto-failover-cli, postgresql-15-auto-failover)"
                    .to_owned(),
            );
        }
        let folder = tempfile::tempdir().unwrap();
        run(Command::new("chown").arg("postgres").arg(folder.path()));
        let ports = [(); 3]
            .map(|()| TcpListener::bind("127.0.0.1:0").unwrap())
            .map(|free| free.local_addr().unwrap().port());
        let mut group = Self { programs, folder, ports, children: Vec::new() };
        let here = ["--hostname", "127.0.0.1", "--auth", "trust", "--no-ssl", "--run"];
        group.spawn(0, group.autoctl(0, &["create", "monitor"]).args(here));
        wait("the monitor", || group.answers("pg_auto_failover", "autoctl_node"));
        let mut settings =
            fs::OpenOptions::new().append(true).open(group.data(0).join("postgresql.conf")).unwrap();
        std::io::Write::write_all(&mut settings, PATIENCE.as_bytes()).unwrap();
        run(group.command(&group.programs.join("pg_ctl")).args(["reload", "-D"]).arg(group.data(0)));
        for node in [1, 2] {
            group.spawn(node, group.create(node).args(here));
            wait("a node", || group.state(node) == if node == 1 { "single" } else { "secondary" });
        }
        wait("a primary", || group.is_whole(1));
        Ok(group)
    }

    fn data(&self, node: usize) -> PathBuf {
        self.folder.path().join(format!("node{node}"))
    }

    fn command(&self, program: &Path) -> Command {
        let folder = self.folder.path();
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program).current_dir("/").stdin(Stdio::null());
        command.env("HOME", folder);
        for (name, place) in
            [("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "share"), ("XDG_RUNTIME_DIR", "run")]
        {
            command.env(name, folder.join(place));
        }
        let path = std::env::var("PATH").unwrap();
        command.env("PATH", format!("{}:{path}", self.programs.display()));
        command
    }

    fn autoctl(&self, node: usize, words: &[&str]) -> Command {
        let mut command = self.command(Path::new("pg_autoctl"));
        command.args(words).arg("--pgdata").arg(self.data(node));
        if words[0] == "create" {
            command.arg("--pgport").arg(self.ports[node].to_string());
        }
        command
    }

    fn create(&self, node: usize) -> Command {
        let monitor = format!("postgres://autoctl_node@127.0.0.1:{}/pg_auto_failover", self.ports[0]);
        let mut command = self.autoctl(node, &["create", "postgres"]);
        command.args(["--monitor", &monitor, "--name", &format!("node{node}")]);
        command
    }

    fn spawn(&mut self, node: usize, command: &mut Command) {
        let log =
            fs::File::create(self.folder.path().join(format!("log{node}-{}", self.children.len()))).unwrap();
        let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        self.children.push((node, child));
    }

    fn answers(&self, database: &str, user: &str) -> bool {
        self.ask(0, database, user, "SELECT 1").is_some()
    }

    fn ask(&self, node: usize, database: &str, user: &str, question: &str) -> Option<String> {
        let output = self
            .command(&self.programs.join("psql"))
            .args([
                "-qAt",
                "-h",
                "127.0.0.1",
                "-p",
                &self.ports[node].to_string(),
                "-U",
                user,
                "-d",
                database,
            ])
            .args(["-c", question])
            .output()
            .unwrap();
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// What the monitor was last told by a node.
    fn state(&self, node: usize) -> String {
        let question =
            format!("SELECT reportedstate FROM pgautofailover.node WHERE nodeport = {}", self.ports[node]);
        self.ask(0, "pg_auto_failover", "autoctl_node", &question).unwrap_or_default()
    }

    /// Whether this node is the primary, the other its standby, and no change is under way.
    fn is_whole(&self, primary: usize) -> bool {
        let question = "SELECT string_agg(nodeport || ' ' || reportedstate || ' ' || goalstate || ' ' || health, ',' \
            ORDER BY reportedstate) FROM pgautofailover.node";
        let [a, b] = [self.ports[primary], self.ports[3 - primary]];
        self.ask(0, "pg_auto_failover", "autoctl_node", question)
            == Some(format!("{a} primary primary 1,{b} secondary secondary 1"))
    }

    /// Both nodes, the one that takes writes wherever it is.
    fn url(&self) -> String {
        let [_, a, b] = self.ports;
        format!(
            "postgres://postgres@127.0.0.1:{a},127.0.0.1:{b}/postgres?target_session_attrs=read-write&connect_timeout=2"
        )
    }

    /// Kills a node with all that keeps it alive, as the loss of its machine would. What it consists of is stopped
    /// first, so that nothing of it starts anything again.
    fn kill(&mut self, node: usize) {
        let place = self.data(node).display().to_string();
        let mut ids: Vec<String> = Vec::new();
        for _ in 0..3 {
            let processes = processes();
            let roots =
                self.children.iter().filter(|(of, _)| *of == node).map(|(_, child)| child.id().to_string());
            let named = processes
                .iter()
                .filter(|process| process.words.contains(&place))
                .map(|process| process.id.clone());
            ids = roots.chain(named).collect();
            let mut seen = 0;
            while seen < ids.len() {
                let parent = ids[seen].clone();
                let children = processes
                    .iter()
                    .filter(|process| process.parent == parent)
                    .map(|process| process.id.clone());
                let children: Vec<String> = children.filter(|child| !ids.contains(child)).collect();
                ids.extend(children);
                seen += 1;
            }
            drop(Command::new("kill").arg("-STOP").args(&ids).output());
        }
        assert!(!ids.is_empty(), "nothing to kill");
        // Some of them end with the first.
        drop(Command::new("kill").arg("-KILL").args(&ids).output());
        for (_, child) in self.children.iter_mut().filter(|(of, _)| *of == node) {
            drop(child.wait());
        }
        // Their numbers may become those of others.
        self.children.retain(|(of, _)| *of != node);
    }
}

struct Process {
    id: String,
    parent: String,
    words: Vec<String>,
}

fn processes() -> Vec<Process> {
    let read = |entry: fs::DirEntry| {
        let id = entry.file_name().into_string().ok().filter(|id| id.parse::<u32>().is_ok())?;
        let status = fs::read_to_string(entry.path().join("stat")).ok()?;
        // The name, in parentheses, may have spaces.
        let parent = status.rsplit_once(')')?.1.split_whitespace().nth(1)?.to_owned();
        let words = String::from_utf8_lossy(&fs::read(entry.path().join("cmdline")).ok()?).into_owned();
        Some(Process { id, parent, words: words.split('\0').map(str::to_owned).collect() })
    };
    fs::read_dir("/proc").unwrap().filter_map(Result::ok).filter_map(read).collect()
}

impl Drop for Group {
    fn drop(&mut self) {
        for node in [1, 2, 0] {
            self.kill(node);
        }
        for (_, child) in &mut self.children {
            drop(child.kill());
            drop(child.wait());
        }
        // Those without a parent end when they find that it is gone.
        thread::sleep(Duration::from_secs(1));
    }
}

fn wait(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(180), "{what} does not come");
        thread::sleep(Duration::from_millis(200));
    }
}

/// Writes and reads back at once. Returns how often what was just written was not there.
fn read_back(person: &Person, url: &str, over: &AtomicBool, read: &AtomicU64) -> u64 {
    let mut stale = 0;
    while !over.load(Ordering::SeqCst) {
        let record = format!("{url}/v1/measures/{}", uuid::Uuid::now_v7());
        let put = person.send("PUT", &record, Some(&json!({ "kind": "rest" })), None);
        if put.is_some_and(|answer| answer.status() == 201) {
            let status = person.send("GET", &record, None, None).map_or(0, |answer| answer.status().as_u16());
            stale += u64::from(![0, 200, 503].contains(&status));
            read.fetch_add(u64::from(status == 200), Ordering::SeqCst);
        }
        thread::sleep(Duration::from_millis(20));
    }
    stale
}

/// kill -9 of the primary under load, again and again; the other takes over each time.
pub(crate) fn taken_over(is_long: bool) -> Climbed {
    let mut group = Group::start()?;
    let rounds = rounds("FAILOVERS", if is_long { 100 } else { 2 });
    let folder = tempfile::tempdir().unwrap();
    let url = group.url();
    let on_it = ["--database-url", &url];
    let service = Service::start(folder.path(), &on_it);
    let mut people = [Person::new(&service.url, "a@example.org"), Person::new(&service.url, "b@example.org")];
    let mut reader = Person::new(&service.url, "c@example.org");
    let mut cursors = vec![String::new(); 2];
    let (mut acknowledged, mut refused, mut slowest) = (0, 0, Duration::ZERO);
    let read = AtomicU64::new(0);
    for round in 0..rounds {
        let primary = 1 + round % 2;
        people.iter_mut().chain([&mut reader]).for_each(|person| person.again(&service.url));
        let ledger = Ledger::default();
        let over = AtomicBool::new(false);
        let away = thread::scope(|scope| {
            let stop = Stop(&over);
            scope.spawn(|| ledger.load(&people, &[&service.url], &over, true));
            let reading = scope.spawn(|| read_back(&reader, &service.url, &over, &read));
            thread::sleep(Duration::from_millis(500));
            // A standby that the monitor does not hold for one must not take over: it may lack what was acknowledged.
            wait("a standby", || group.is_whole(primary));
            group.kill(primary);
            let (before, began) = (ledger.count(), Instant::now());
            // One that was under way may still be answered.
            while ledger.count() < before + 20 {
                assert!(
                    began.elapsed() < Duration::from_secs(60),
                    "round {round}: nobody took over: {} and {}",
                    group.state(primary),
                    group.state(3 - primary)
                );
                thread::sleep(Duration::from_millis(20));
            }
            let away = began.elapsed();
            drop(stop);
            assert_eq!(
                reading.join().unwrap(),
                0,
                "round {round}: somebody did not find what they had written"
            );
            away
        });
        assert!(away <= BACK_WITHIN, "round {round}: writes came back after {away:?}");
        let answers = ledger.answers.lock().unwrap().clone();
        assert!(
            answers.keys().all(|status| [200, 201, 204, 503].contains(status)),
            "round {round}: {answers:?}"
        );
        ledger.compare(&read_on(&people, &service.url, &mut cursors));
        acknowledged += ledger.count();
        refused += ledger.refused();
        slowest = slowest.max(away);
        println!(
            "failover {}: {} acknowledged, writes back after {} ms, {answers:?}",
            round + 1,
            ledger.count(),
            away.as_millis()
        );
        // The one that died comes back as the standby.
        let again = &mut group.autoctl(primary, &["run"]);
        group.spawn(primary, again);
        wait("the new standby", || {
            group.state(primary) == "secondary" && group.state(3 - primary) == "primary"
        });
    }
    check(folder.path(), &on_it);
    drop(service);
    Ok(format!(
        "PostgreSQL with a standby: {rounds} primaries killed, {acknowledged} acknowledged, 0 missing, {refused} times 503 \
         and nothing else, {} own writes read back, 0 stale, check clean; writes back after {} ms at most",
        read.load(Ordering::SeqCst),
        slowest.as_millis()
    ))
}
