//! Fair shares: how long one account's requests take while others do their worst, beside how long they take alone.
//!
//! `cargo test --release --test fairness` takes a minute; `FAIRNESS=long` takes larger logs and longer; a word behind
//! `--` takes one attack. Every attacker has an account and a network of its own. Fails when a request of the victim
//! fails, or when its 99th percentile is above 250 ms and above ten times that of the quiet service: a machine with
//! other work to do is slow without any attacker.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a harness says no by panicking, and what it found by printing"
)]

mod attacks;
mod service;

use attacks::{ATTACKS, Size};
use service::{Account, Service};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

/// What a request of the victim may take at the 99th percentile.
const GOAL: Duration = Duration::from_millis(250);
/// How often the victim asks: less than the limit of an account.
const PAUSE: Duration = Duration::from_millis(60);

/// What the victim saw.
struct Seen {
    times: Vec<Duration>,
    failures: Vec<String>,
}

impl Seen {
    fn percentile(&self, share: usize) -> Duration {
        self.times[(self.times.len() - 1) * share / 100]
    }
}

/// A person who logs a score, asks for the next step and reads the last scores, in turns, until told to stop.
fn live(victim: &Account, is_over: &AtomicBool) -> Seen {
    let mut seen = Seen { times: Vec::new(), failures: Vec::new() };
    for number in 0_usize.. {
        if is_over.load(Ordering::SeqCst) {
            break;
        }
        let began = Instant::now();
        let answer = match number % 3 {
            0 => victim.post("/v1/pain-scores", "{\"score\":4}"),
            1 => victim.get("/v1/schedule"),
            _ => victim.get("/v1/pain-scores?limit=20"),
        };
        let took = began.elapsed();
        match answer {
            Ok(status) if (200..300).contains(&status) => seen.times.push(took),
            other => seen.failures.push(format!("{other:?} after {took:?}")),
        }
        thread::sleep(PAUSE.saturating_sub(took));
    }
    seen.times.sort_unstable();
    seen
}

fn main() {
    let only: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_long = std::env::var("FAIRNESS").is_ok_and(|form| form == "long");
    let size = if is_long { Size::LONG } else { Size::SHORT };
    let mut quiet = Duration::ZERO;
    let mut is_fair = true;
    println!(
        "{:<10} {:>9} {:>9} {:>9} {:>7} {:>9}",
        "attack", "median", "p99", "longest", "ratio", "requests"
    );
    for (name, prepare) in ATTACKS {
        if *name != "quiet" && !only.is_empty() && !only.iter().any(|word| word == name) {
            continue;
        }
        // A service of its own for each: what one attack leaves behind is not the next one's doing.
        let service = Service::start();
        let victim = service.sign_up("victim");
        let attackers: Vec<Account> =
            (0..size.attackers).map(|number| service.sign_up(&format!("attacker-{number}"))).collect();
        let attacks: Vec<_> = attackers.iter().map(|attacker| prepare(attacker, &size)).collect();
        let is_over = AtomicBool::new(false);
        let seen = thread::scope(|scope| {
            let seen = scope.spawn(|| live(&victim, &is_over));
            let is_over = &is_over;
            for attack in attacks {
                scope.spawn(move || attack(is_over));
            }
            thread::sleep(size.window);
            is_over.store(true, Ordering::SeqCst);
            seen.join().unwrap()
        });
        let p99 = seen.percentile(99);
        if *name == "quiet" {
            quiet = p99;
        }
        let millis = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
        println!(
            "{name:<10} {:>9} {:>9} {:>9} {:>7.1} {:>9}",
            millis(seen.percentile(50)),
            millis(p99),
            millis(seen.percentile(100)),
            p99.as_secs_f64() / quiet.as_secs_f64(),
            seen.times.len(),
        );
        for failure in seen.failures.iter().take(3) {
            println!("           failed: {failure}");
        }
        is_fair &= seen.failures.is_empty() && (p99 <= GOAL || p99 <= quiet * 10);
    }
    assert!(is_fair, "somebody made the victim wait");
}
