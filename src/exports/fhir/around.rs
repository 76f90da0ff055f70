//! What stands round the records: whose they are, what wrote them down, where each comes from, the report.

use super::{
    About,
    advice::device_asserted,
    codes,
    datatypes::{Attachment, CodeableConcept, Identifier, Meta, Period, Reference},
    resources::{
        Agent, Content, Device, DeviceName, DeviceVersion, DocumentContext, DocumentReference, Entity,
        Patient, Provenance,
    },
    text::time,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha1_smol::Sha1;

/// The largest report that goes into a bundle, in bytes. A larger one is named and not attached.
pub const MAX_REPORT_BYTES: usize = 8 * 1024 * 1024;

/// The title of whatever is for people.
pub(super) const TITLE: &str = "Back spasm log";

/// The report that a bundle names.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The PDF, to be attached.
    pub pdf: Option<&'a [u8]>,
}

pub(super) fn patient(about: &About) -> Patient {
    let id = about.who.uuid();
    Patient {
        id,
        meta: Meta { security: vec![codes::PSEUDONYMISED] },
        identifier: vec![Identifier::uuid(id)],
    }
}

pub(super) fn device(about: &About) -> Device {
    let version = |what: &str, value: String| DeviceVersion { kind: CodeableConcept::words(what), value };
    Device {
        id: about.who.device().reference.0,
        meta: device_asserted(),
        status: "active",
        device_name: vec![DeviceName { name: "spasmlog", kind: "user-friendly-name" }],
        version: vec![
            version("Software", env!("CARGO_PKG_VERSION").to_owned()),
            version("Rule pack", about.rule_pack.version.to_string()),
        ],
    }
}

/// The period of the bundle, as it was asked for: an end that is open has nothing to say.
pub(super) fn period(about: &About) -> Option<Period> {
    let (start, end) = (about.period.from.map(time), about.period.to.map(time));
    (start.is_some() || end.is_some()).then_some(Period { start, end })
}

pub(super) fn report(about: &About, report: Report) -> DocumentReference {
    let pdf = report.pdf.filter(|pdf| pdf.len() <= MAX_REPORT_BYTES);
    let description = match (report.pdf, pdf) {
        (None, _) => "A summary of this log for a clinician, not attached: the service writes it as PDF.",
        (Some(_), None) => {
            "A summary of this log for a clinician, not attached for its size, which is more than 8 MiB: the service \
             writes it as PDF, also of shorter periods."
        }
        (Some(_), Some(_)) => {
            "A summary of this log for a clinician, with its records; of a long log with the newest ones, and it \
             says so. Reported by the patient; nobody monitors this log."
        }
    };
    DocumentReference {
        id: about.named("report"),
        meta: device_asserted(),
        status: "current",
        kind: CodeableConcept::words("Report of a back spasm log"),
        subject: about.who.patient(),
        date: time(about.taken_at),
        author: vec![about.who.device()],
        description: description.to_owned(),
        content: vec![Content {
            attachment: Attachment {
                content_type: "application/pdf",
                data: pdf.map(|pdf| STANDARD.encode(pdf)),
                size: pdf.map(<[u8]>::len),
                hash: pdf.map(|pdf| STANDARD.encode(Sha1::from(pdf).digest().bytes())),
                title: TITLE,
                creation: time(about.taken_at),
            },
        }],
        context: period(about).map(|period| DocumentContext { period }),
    }
}

/// What the patient said, and this program wrote down.
pub(super) fn reported(about: &About, part: usize, target: Vec<Reference>) -> Provenance {
    Provenance {
        agent: vec![
            Agent { kind: codes::INFORMANT.into(), who: about.who.patient() },
            Agent { kind: codes::ASSEMBLER.into(), who: about.who.device() },
        ],
        ..provenance(about, &format!("provenance/reported/{part}"), target)
    }
}

/// What this program computed, and from what.
pub(super) fn computed(about: &About, target: Vec<Reference>) -> Provenance {
    let source = about.advice.map(|advice| about.who.condition(advice.episode));
    Provenance {
        agent: vec![Agent { kind: codes::AUTHOR.into(), who: about.who.device() }],
        entity: vec![Entity { role: "source", what: source.unwrap_or_else(|| about.who.patient()) }],
        ..provenance(about, "provenance/computed", target)
    }
}

fn provenance(about: &About, name: &str, target: Vec<Reference>) -> Provenance {
    Provenance {
        id: about.named(name),
        meta: device_asserted(),
        target,
        recorded: time(about.taken_at),
        activity: codes::CREATE.into(),
        agent: Vec::new(),
        entity: Vec::new(),
    }
}
