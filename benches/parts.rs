//! The parts that take time on their own, alone: an answer of the engine, and that its time grows no faster than
//! the facts; the check of an access token; the report of a year.

#[path = "../tests/exports/report/sample.rs"]
#[expect(clippy::unwrap_used, dead_code, reason = "what the tests of the report are made of")]
mod sample;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use jiff::{SignedDuration, Timestamp};
use sample::Sample;
use spasmlog::auth::{Keys, Tokens, token::Claims};
use spasmlog::domain::{
    AccountId, Inflammation, MeasureKind, Modality, Moment, PainScore, SessionId, Skin, SymptomCode,
};
use spasmlog::exports::report::{self, Naming, Newest, Paper, Room};
use spasmlog::http::Scope;
use spasmlog::rules::{
    ApplicationFact, CheckInFact, Facts, MeasureFact, Protocol, ScoreFact, SymptomFact, next_step, schedule,
};
use std::hint::black_box;

/// A log of so many facts, the newest ten minutes ago: ice, scores, check-ins and measures in turn.
fn log_of(count: i64) -> Option<(Facts, Moment)> {
    let now: Moment = "2026-03-04T10:00:00Z".parse().ok()?;
    let before_now = |minutes: i64| {
        let then = now.instant().checked_sub(SignedDuration::from_mins(minutes)).ok()?;
        Some(now.with_instant(then))
    };
    let mut facts = Facts::begun_at(before_now(50 * 60)?);
    for index in 0..count {
        let at = before_now(10 + index.saturating_mul(47 * 60) / count)?;
        match index % 4 {
            0 => facts.applications.push(ApplicationFact {
                modality: Modality::Ice,
                started_at: at,
                ended_at: Some(at),
                barrier: Some(true),
            }),
            1 => facts.pain_scores.push(ScoreFact { at, score: PainScore::try_from(5).ok()? }),
            2 => facts.check_ins.push(CheckInFact {
                at,
                inflammation: Some(Inflammation::Reduced),
                skin: Some(Skin::Normal),
                symptoms: vec![SymptomFact { code: SymptomCode::SaddleNumbness, present: false }],
            }),
            _ => facts.measures.push(MeasureFact {
                kind: MeasureKind::Rest,
                started_at: at,
                ended_at: Some(at),
            }),
        }
    }
    Some((facts, now))
}

fn engine(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("next_step");
    for count in [60, 600, 6_000] {
        let Some((facts, now)) = log_of(count) else { continue };
        group.throughput(Throughput::Elements(count.unsigned_abs()));
        group.bench_with_input(BenchmarkId::from_parameter(count), &facts, |bencher, facts| {
            bencher.iter(|| next_step(black_box(facts), &Protocol::default(), now));
        });
    }
    group.finish();
    if let Some((facts, now)) = log_of(60) {
        criterion.bench_function("schedule/60", |bencher| {
            bencher.iter(|| schedule(black_box(&facts), &Protocol::default(), now));
        });
    }
}

/// What every request but a few has to pass.
fn token(criterion: &mut Criterion) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let Ok(keys) = Keys::open(&folder.path().join("keys")) else { return };
    let (tokens, now) = (Tokens::new(&keys, "spasmlog"), Timestamp::UNIX_EPOCH);
    let claims = Claims {
        account: AccountId::new(),
        session: SessionId::new(),
        signed_in_at: 0,
        scopes: Scope::ALL.to_vec(),
        client: None,
    };
    let Ok(token) = tokens.sign(&claims, now) else { return };
    criterion.bench_function("token/sign", |bencher| bencher.iter(|| tokens.sign(black_box(&claims), now)));
    criterion
        .bench_function("token/verify", |bencher| bencher.iter(|| tokens.verify(black_box(&token), now)));
}

fn report_of_a_year(criterion: &mut Criterion) {
    let (log, summary) = Sample::year().finish();
    let document = report::document(&log, &summary, None, Naming::Named);
    let mut group = criterion.benchmark_group("report");
    group.sample_size(20);
    group.bench_function("pdf", |bencher| {
        bencher.iter(|| {
            let newest = Newest::of(&mut &log, Room::default()).ok()?;
            report::pdf(black_box(&document), newest, Paper::A4).ok()
        });
    });
    group.bench_function("html", |bencher| {
        bencher.iter(|| {
            let mut page = Vec::new();
            report::html(black_box(&document), &mut &log, &mut page).map(|()| page)
        });
    });
    group.finish();
}

criterion_group!(benches, engine, token, report_of_a_year);
criterion_main!(benches);
