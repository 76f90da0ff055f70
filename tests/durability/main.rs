//! The ladder: what was acknowledged is there, whatever happened to the process, the power, the disk or the
//! server of the database.
//!
//! `cargo test --test durability` climbs it in a minute or two; `DURABILITY=long` takes 1,000 kills, 50 power
//! cuts and 100 failovers; `cargo test --test durability -- kill` takes one rung;
//! `FAILOVERS` and `DRILLS` say how many of those there are. A rung that cannot be climbed here says so and
//! why; with `DURABILITY_ALL=1` that is a failure.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a ladder says no by panicking, and what it found by printing"
)]

mod copy;
mod disk;
mod kill;
mod ledger;
mod postgres;
mod processes;
mod service;
mod standby;

use std::time::Instant;

/// How a rung ended: what it found, or why it could not be climbed here.
type Climbed = Result<String, String>;

/// How often a rung does it: as often as a variable says, or else as usual.
fn rounds(variable: &str, usual: usize) -> usize {
    std::env::var(variable).map_or(usual, |times| times.parse().expect("a number"))
}

const RUNGS: &[(&str, fn(bool) -> Climbed)] = &[
    ("kill", kill::killed),
    ("stop", kill::stopped),
    ("power", disk::power_cut),
    ("errors", disk::io_errors),
    ("full", disk::full),
    ("postgres", postgres::restarted),
    ("processes", processes::two),
    ("standby", standby::taken_over),
    ("copy", copy::restored),
];

fn main() {
    let only: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_long = std::env::var("DURABILITY").is_ok_and(|form| form == "long");
    let all = std::env::var_os("DURABILITY_ALL").is_some();
    let mut lines = Vec::new();
    for (name, climb) in RUNGS {
        if !only.is_empty() && !only.iter().any(|word| word == name) {
            continue;
        }
        let began = Instant::now();
        let line = match climb(is_long) {
            Ok(found) => format!("{name:<10} {found} ({} s)", began.elapsed().as_secs()),
            Err(why) => {
                assert!(!all, "{name}: NOT CLIMBED: {why}");
                format!("{name:<10} NOT CLIMBED: {why}")
            }
        };
        println!("{line}");
        lines.push(line);
    }
    println!("\nThe ladder, {} form:", if is_long { "long" } else { "short" });
    lines.iter().for_each(|line| println!("  {line}"));
    assert!(!lines.is_empty(), "there is no such rung");
}
