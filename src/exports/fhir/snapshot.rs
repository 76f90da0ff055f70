//! From a part of the log, as the database holds it, to the writer: page by page, on one snapshot.

use super::{About, Advice, Bundle, Given, Named, Options, Records, Report, Shared, advice};
use crate::{
    db::Db,
    domain::{AccountId, Label, RecordKind},
    exports::{
        Entry,
        read::{Part, first_episode},
        report::{Naming, snapshot as report},
    },
    http::{
        Problem,
        stream::{Interrupted, failed},
    },
    journal::{any::AnyRecord, next_steps},
    rules::{Language, Protocol},
};
use std::io::{self, Write};

/// Writes a part of a log as a bundle, with what the rules say now if its open episode is in it. A document has the
/// report attached, which is made before the first byte leaves.
///
/// # Errors
/// When a query fails, or the client has failed.
pub fn write_part(
    db: &mut Db,
    owner: AccountId,
    part: &Part,
    protocol: &Protocol,
    options: Options,
    asked: &report::Options,
    out: &mut impl Write,
) -> Result<(), Problem> {
    let pdf = match options.bundle {
        // A bundle names nobody, and neither does what it holds.
        Bundle::Document => {
            let naming = match options.patient {
                Named::Named => Naming::Named,
                Named::Pseudonymous => Naming::Anonymous,
            };
            let asked = report::Options { naming, ..asked.clone() };
            Some(report::pdf(db, part, protocol, &asked)?)
        }
        Bundle::Collection => None,
    };
    let born = part.head.profile.birth_year.map(|year| year.to_string());
    let given = match options.patient {
        Named::Pseudonymous => Given::default(),
        Named::Named => Given {
            name: part.head.person.display_name.as_ref().map(Label::as_str),
            birth_date: born.as_deref(),
            identity: asked.identity.as_deref(),
        },
    };
    write_with(db, owner, part, protocol, options, Attached { pdf: pdf.as_deref(), given, shared: None }, out)
}

/// Writes a part of a log as the bundle of a share: a collection with the report attached, in both forms.
///
/// # Errors
/// When a query fails, or `out` refuses.
pub fn write_shared(
    db: &mut Db,
    owner: AccountId,
    part: &Part,
    protocol: &Protocol,
    pdf: &[u8],
    shared: Shared,
    out: &mut impl Write,
) -> Result<(), Problem> {
    let options = Options { bundle: Bundle::Collection, ..Options::default() };
    write_with(
        db,
        owner,
        part,
        protocol,
        options,
        Attached { pdf: Some(pdf), given: shared.given, shared: Some(shared) },
        out,
    )
}

/// What goes into a bundle besides the log.
struct Attached<'a> {
    pdf: Option<&'a [u8]>,
    given: Given<'a>,
    shared: Option<Shared<'a>>,
}

fn write_with(
    db: &mut Db,
    owner: AccountId,
    part: &Part,
    protocol: &Protocol,
    options: Options,
    attached: Attached,
    out: &mut impl Write,
) -> Result<(), Problem> {
    let (mut first, mut open) = (None, None);
    part.each(db, RecordKind::Episode, |record| {
        let id = record.meta().id;
        first.get_or_insert(id);
        if matches!(record, AnyRecord::Episode(episode) if episode.ended_at.is_none()) {
            open.get_or_insert(id);
        }
        Ok(())
    })?;
    let first_ever = first_episode(db, owner)?;
    let now = part.head.taken_at.instant();
    let step = match open {
        Some(episode) => next_steps::of_episode(db, owner, episode, protocol, now)?
            .map(|advice| advice.in_words(Language::English)),
        None => None,
    };
    let mut answers = Vec::new();
    if let Some((code, since)) = step.as_ref().and_then(advice::sign) {
        part.each(db, RecordKind::CheckIn, |record| {
            let AnyRecord::CheckIn(check_in) = record else { return Ok(()) };
            let about_it = check_in.symptoms.iter().filter(|sign| sign.code == code && check_in.at >= since);
            answers.extend(about_it.map(|sign| (check_in.at, sign.present)));
            Ok(())
        })?;
    }
    let about = About {
        who: owner.into(),
        taken_at: part.head.taken_at,
        period: part.head.filter.period,
        profile: &part.head.profile,
        rule_pack: part.head.rule_pack,
        has_earlier_episodes: first.is_some() && first != first_ever,
        advice: open.zip(step.as_ref()).map(|(episode, step)| Advice { episode, step, answers: &answers }),
        report: Some(Report { pdf: attached.pdf }),
        given: attached.given,
        shared: attached.shared,
    };
    let mut snapshot = Snapshot { db, part };
    Ok(super::write(&about, options, &mut snapshot, out)?)
}

struct Snapshot<'a> {
    db: &'a mut Db,
    part: &'a Part,
}

impl Records for Snapshot<'_> {
    type Error = Interrupted;

    fn each(
        &mut self,
        kind: RecordKind,
        take: &mut dyn FnMut(Entry<'_>) -> io::Result<()>,
    ) -> Result<(), Interrupted> {
        let filter = &self.part.head.filter;
        Ok(self
            .part
            .each(self.db, kind, |record| take(Entry::from(&filter.strip(record))).map_err(failed))?)
    }
}
