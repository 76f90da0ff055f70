//! An answer of the engine: for sixty facts, and that its time grows no faster than the facts.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use jiff::SignedDuration;
use spasmlog_rules::domain::{Inflammation, MeasureKind, Modality, Moment, PainScore, Skin, SymptomCode};
use spasmlog_rules::{
    ApplicationFact, CheckInFact, Facts, Language, MeasureFact, Protocol, ScoreFact, SymptomFact, advise,
    next_step, schedule,
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
                end_recorded: None,
                barrier: Some(true),
            }),
            1 => facts.pain_scores.push(ScoreFact { at, score: PainScore::try_from(5).ok()? }),
            2 => facts.check_ins.push(CheckInFact {
                at,
                inflammation: Some(Inflammation::Reduced),
                skin: Some(Skin::Normal),
                symptoms: vec![SymptomFact { code: SymptomCode::SaddleNumbness, present: false }],
                peg: None,
            }),
            _ => facts.measures.push(MeasureFact {
                kind: MeasureKind::Rest,
                started_at: at,
                ended_at: Some(at),
                end_recorded: None,
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
        criterion.bench_function("advise/60", |bencher| {
            bencher.iter(|| advise(black_box(&facts), &Protocol::default(), now));
        });
        let advice = advise(&facts, &Protocol::default(), now);
        criterion.bench_function("in_words", |bencher| {
            bencher.iter(|| black_box(&advice).in_words(Language::German));
        });
    }
    if let Some((facts, now)) = log_of(60) {
        criterion.bench_function("schedule/60", |bencher| {
            bencher.iter(|| schedule(black_box(&facts), &Protocol::default(), now, Language::English));
        });
    }
}

criterion_group!(benches, engine);
criterion_main!(benches);
