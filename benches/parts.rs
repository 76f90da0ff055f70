//! The parts that take time on their own, alone: the check of an access token; the report of a year. The engine has
//! its own: `cargo bench -p spasmlog-rules`.

#[path = "../tests/exports/report/sample.rs"]
#[expect(clippy::unwrap_used, dead_code, reason = "what the tests of the report are made of")]
mod sample;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use sample::Sample;
use spasmlog::auth::{Keys, Tokens, token::Claims};
use spasmlog::domain::{AccountId, SessionId};
use spasmlog::exports::report::{self, Asked, Listed, Newest, Paper, Room};
use spasmlog::http::Scope;
use std::hint::black_box;

/// What every request but a few has to pass.
fn token(criterion: &mut Criterion) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let Ok(keys) = Keys::open(&folder.path().join("keys")) else { return };
    let (tokens, now) = (Tokens::new(&keys, "spasmlog"), Timestamp::UNIX_EPOCH);
    let claims = Claims {
        account: AccountId::new(),
        session: SessionId::new(),
        signed_in_at: 0,
        scopes: Scope::ALL.iter().copied().collect(),
        client: None,
    };
    let Ok(token) = tokens.sign(&claims, now) else { return };
    criterion.bench_function("token/sign", |bencher| bencher.iter(|| tokens.sign(black_box(&claims), now)));
    criterion
        .bench_function("token/verify", |bencher| bencher.iter(|| tokens.verify(black_box(&token), now)));
}

fn report_of_a_year(criterion: &mut Criterion) {
    let (log, summary) = Sample::year().finish();
    let document = report::document(&log, &summary, &Asked::default());
    let listed = || Listed { log: &log, language: document.language };
    let mut group = criterion.benchmark_group("report");
    group.sample_size(20);
    group.bench_function("pdf", |bencher| {
        bencher.iter(|| {
            let newest = Newest::of(&mut listed(), Room::default()).ok()?;
            report::pdf(black_box(&document), newest, Paper::A4).ok()
        });
    });
    group.bench_function("html", |bencher| {
        bencher.iter(|| {
            let mut page = Vec::new();
            report::html(black_box(&document), &mut listed(), &mut page).map(|()| page)
        });
    });
    group.finish();
}

criterion_group!(benches, token, report_of_a_year);
criterion_main!(benches);
