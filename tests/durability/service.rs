//! The compiled program as a child process.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The program with none of the settings that surround us.
pub(crate) fn program() -> Command {
    without_settings(Command::new(env!("CARGO_BIN_EXE_spasmlog")))
}

fn without_settings(mut command: Command) -> Command {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SPASMLOG_")) {
        command.env_remove(name);
    }
    // Not the settings of a service that this machine may run.
    command.env("SPASMLOG_CONFIG", "/dev/null");
    command
}

/// A running service; killed when dropped.
pub(crate) struct Service {
    child: Child,
    pub(crate) url: String,
    /// From the start of the process until it listened.
    pub(crate) started_in: Duration,
    log: Option<thread::JoinHandle<String>>,
}

impl Service {
    /// Starts it on a folder, by default on SQLite there.
    pub(crate) fn start(folder: &Path, more: &[&str]) -> Self {
        Self::start_under(program(), folder, more)
    }

    /// Starts it under another program, which takes it and its arguments as its last ones.
    pub(crate) fn start_under(mut command: Command, folder: &Path, more: &[&str]) -> Self {
        let began = Instant::now();
        let mut child = command
            .args(["serve", "--bind", "127.0.0.1:0", "--registration", "open"])
            .args(["--rate-limits", "off", "--log", "info,spasmlog::http=error", "--data-dir"])
            .arg(folder)
            .args(more)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut told = String::new();
        let url = loop {
            let mut line = String::new();
            assert!(lines.read_line(&mut line).unwrap() > 0, "it ended before it listened:\n{told}");
            told.push_str(&line);
            if let Some((_, rest)) = line.split_once("listening on ") {
                break rest.split(';').next().unwrap().to_owned();
            }
        };
        // Read to its end, so that the service never waits for somebody to read its log.
        let log = thread::spawn(move || {
            let mut rest = Vec::new();
            drop(lines.read_to_end(&mut rest));
            String::from_utf8_lossy(&rest).into_owned()
        });
        Self { child, url, started_in: began.elapsed(), log: Some(log) }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; waits for the end. Returns whether it was a good one, how long it took and what the log said.
    pub(crate) fn stop(mut self) -> (bool, Duration, String) {
        let told = Instant::now();
        run(Command::new("kill").args(["-TERM", &self.id().to_string()]));
        let status = self.child.wait().unwrap();
        (status.success(), told.elapsed(), self.log.take().unwrap().join().unwrap())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Looks for damage as whoever runs the service would.
pub(crate) fn check(folder: &Path, more: &[&str]) {
    let output = program().args(["check", "--data-dir"]).arg(folder).args(more).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Runs a command that must succeed.
pub(crate) fn run(command: &mut Command) -> Output {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Whether there is such a program.
pub(crate) fn has(program: &str) -> bool {
    Command::new("sh").args(["-c", &format!("command -v {program} >/dev/null")]).status().unwrap().success()
}

pub(crate) fn is_root() -> bool {
    String::from_utf8_lossy(&run(Command::new("id").arg("-u")).stdout).trim() == "0"
}
