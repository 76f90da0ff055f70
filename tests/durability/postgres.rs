//! PostgreSQL ends and comes back: stopped, crashed, its connections cut.

use crate::{
    Climbed,
    ledger::{Ledger, Person, Stop, read_on},
    service::{Service, check, is_root, run},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::AtomicBool,
    thread,
    time::{Duration, Instant},
};

/// A cluster of our own on a socket, which does wait for its disk; gone when it is dropped.
pub(crate) struct Cluster {
    programs: PathBuf,
    folder: tempfile::TempDir,
    pub(crate) url: String,
}

/// Where the programs of the newest PostgreSQL are.
pub(crate) fn programs() -> Result<PathBuf, String> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.map(|entry| entry.unwrap().path().join("bin")).collect())
        .unwrap_or_default();
    versions.retain(|programs| programs.join("initdb").exists());
    versions.sort();
    versions.pop().ok_or("takes the programs of a PostgreSQL server (Debian: postgresql)".to_owned())
}

impl Cluster {
    pub(crate) fn start() -> Result<Self, String> {
        let programs = programs()?;
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let url = format!("postgres://ladder@/postgres?host={}", folder.path().display());
        let cluster = Self { programs, folder, url };
        run(cluster.command("initdb").arg(format!("--pgdata={}", cluster.data().display())).args([
            "--username=ladder",
            "--auth=trust",
            "--encoding=UTF8",
        ]));
        cluster.control(&["start", "--wait", "--silent"]);
        Ok(cluster)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// PostgreSQL refuses to run as root; Debian's package has made a user for it.
    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // Not from here: it may not be allowed to enter this folder.
        command.current_dir("/");
        command
    }

    pub(crate) fn control(&self, arguments: &[&str]) {
        let place: &Path = self.folder.path();
        let options = format!("-c listen_addresses='' -c unix_socket_directories='{}'", place.display());
        run(self
            .command("pg_ctl")
            .args(arguments)
            .arg(format!("--pgdata={}", self.data().display()))
            .arg(format!("--log={}", place.join("log").display()))
            .arg(format!("--options={options}")));
    }

    fn execute(&self, statement: &str) {
        run(self
            .command("psql")
            .args(["-qAt", "-U", "ladder", "-d", "postgres", "-h"])
            .arg(self.folder.path())
            .args(["-c", statement]));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(
            self.command("pg_ctl")
                .args(["stop", "--mode=immediate", "--silent"])
                .arg(format!("--pgdata={}", self.data().display()))
                .output(),
        );
    }
}

/// The server goes away in every way that it can, under load.
pub(crate) fn restarted(is_long: bool) -> Climbed {
    const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";
    let cluster = Cluster::start()?;
    let rounds = if is_long { 20 } else { 1 };
    let folder = tempfile::tempdir().unwrap();
    let on_it = ["--database-url", &cluster.url];
    let service = Service::start(folder.path(), &on_it);
    let mut people = [Person::new(&service.url, "a@example.org"), Person::new(&service.url, "b@example.org")];
    let mut cursors = vec![String::new(); 2];
    let (mut acknowledged, mut refused) = (0, 0);
    for _ in 0..rounds {
        people.iter_mut().for_each(|person| person.again(&service.url));
        for mishap in ["cut", "fast", "immediate"] {
            let ledger = Ledger::default();
            let over = AtomicBool::new(false);
            thread::scope(|scope| {
                let stop = Stop(&over);
                scope.spawn(|| ledger.load(&people, &[&service.url], &over, true));
                thread::sleep(Duration::from_millis(500));
                match mishap {
                    "cut" => (0..5).for_each(|_| cluster.execute(CUT)),
                    mode => {
                        let mode = format!("--mode={mode}");
                        cluster.control(&["restart", "--wait", "--silent", &mode]);
                    }
                }
                let (before, began) = (ledger.count(), Instant::now());
                while ledger.count() < before + 20 {
                    assert!(began.elapsed() < Duration::from_secs(30), "{mishap}: it did not recover");
                    thread::sleep(Duration::from_millis(20));
                }
                drop(stop);
            });
            let odd: Vec<u16> = ledger
                .answers
                .lock()
                .unwrap()
                .keys()
                .copied()
                .filter(|status| ![200, 201, 204, 503].contains(status))
                .collect();
            assert!(odd.is_empty(), "{mishap} was answered with {odd:?}");
            ledger.compare(&read_on(&people, &service.url, &mut cursors));
            check(folder.path(), &on_it);
            acknowledged += ledger.count();
            refused += ledger.refused();
        }
    }
    drop(service);
    Ok(format!(
        "PostgreSQL: {rounds} x connections cut, restarted, crashed: {acknowledged} acknowledged, 0 missing, {refused} times 503 and nothing else, check clean, went on by itself"
    ))
}
