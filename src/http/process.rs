//! What the process itself uses, under the names that every dashboard for Prometheus knows.

use prometheus_client::{
    metrics::{counter::Counter, gauge::Gauge},
    registry::Registry,
};
use std::sync::atomic::AtomicU64;

/// The figures of this process, which started so many seconds after 1970. A figure that the system does not give is left out.
pub(super) fn process(started_at: u64) -> Registry {
    let mut registry = Registry::with_prefix("process");
    let Ok(own) = procfs::process::Process::myself() else { return registry };
    let mut tell = |name: &str, help: &str, figure: Option<u64>| {
        if let Some(figure) = figure {
            let gauge: Gauge = Gauge::default();
            gauge.set(i64::try_from(figure).unwrap_or(i64::MAX));
            registry.register(name, help, gauge);
        }
    };
    // Linux tells it as ticks since its own start, which a service that sees only itself cannot read.
    tell("start_time_seconds", "When the process started, since 1970", Some(started_at));
    let stat = own.stat().ok();
    let pages = stat.as_ref().map(|stat| stat.rss.saturating_mul(procfs::page_size()));
    tell("resident_memory_bytes", "Resident memory", pages);
    tell("virtual_memory_bytes", "Virtual memory", stat.as_ref().map(|stat| stat.vsize));
    let threads = stat.as_ref().and_then(|stat| u64::try_from(stat.num_threads).ok());
    tell("threads", "Threads", threads);
    tell(
        "open_fds",
        "Open file descriptors",
        own.fd_count().ok().and_then(|count| u64::try_from(count).ok()),
    );
    tell(
        "max_fds",
        "The most file descriptors that may be open",
        own.limits().ok().and_then(|limits| match limits.max_open_files.soft_limit {
            procfs::process::LimitValue::Value(most) => Some(most),
            procfs::process::LimitValue::Unlimited => None,
        }),
    );
    if let Some(stat) = stat {
        let ticks = stat.utime.saturating_add(stat.stime);
        // Counted in ticks of a hundredth of a second, and so on every architecture that Linux has today.
        let milliseconds = ticks.saturating_mul(1000).checked_div(procfs::ticks_per_second()).unwrap_or(0);
        let seconds = Counter::<f64, AtomicU64>::default();
        seconds.inc_by(std::time::Duration::from_millis(milliseconds).as_secs_f64());
        registry.register("cpu_seconds", "Time on a processor, in the program and in the kernel", seconds);
    }
    registry
}
