//! The report for a clinician, as a pure function of a log: no text that a person can type breaks it.

mod sample;

use sample::Sample;
use spasmlog::exports::report::{self, Paper};

/// Writes what it makes into the folder that `REPORT_SAMPLES` names, to be looked at.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("REPORT_SAMPLES") {
        std::fs::write(std::path::Path::new(&folder).join(name), bytes).unwrap();
    }
}

#[test]
fn a_year_of_log_becomes_a_pdf() {
    let (log, summary) = Sample::year().finish();
    let document = report::document(&log, &summary, Some("Is it safe to go on with yoga?\nשאלה אחרת"));
    for (name, paper) in [("year-a4.pdf", Paper::A4), ("year-letter.pdf", Paper::Letter)] {
        let start = std::time::Instant::now();
        let bytes = report::pdf(&document, paper).unwrap();
        eprintln!("{name} {:?} {} bytes", start.elapsed(), bytes.len());
        keep(name, &bytes);
    }
}
