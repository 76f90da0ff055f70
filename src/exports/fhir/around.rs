//! What stands round the records: whose they are, what wrote them down, where each comes from, the report.

use super::{
    About,
    advice::device_asserted,
    codes,
    datatypes::{Attachment, CodeableConcept, Identifier, Meta, Period, Reference},
    resources::{
        Agent, Content, Device, DeviceName, DeviceVersion, DocumentContext, DocumentReference, Entity,
        HumanName, Patient, Provenance,
    },
    text::{text, time},
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

/// What the patient shares by a link.
#[derive(Debug, Clone, Copy)]
pub struct Shared<'a> {
    /// The report as a page of html.
    pub html: &'a [u8],
    /// What they gave of themselves for this link.
    pub given: Given<'a>,
    /// Whether the records are in it. A log that is too long goes as the report alone.
    pub has_records: bool,
}

/// What the patient is known by, if they chose to be named.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'a> {
    /// Their name.
    pub name: Option<&'a str>,
    /// The day of birth as `1981-05-23`, or the year alone.
    pub birth_date: Option<&'a str>,
    /// What the clinic knows them by.
    pub identity: Option<&'a str>,
}

pub(super) fn patient(about: &About) -> Patient {
    let id = about.who.uuid();
    let Given { name, birth_date, identity } = about.given;
    let is_named = name.is_some() || birth_date.is_some() || identity.is_some();
    let security = if is_named { codes::PATIENT_ASSERTED } else { codes::PSEUDONYMISED };
    Patient {
        id,
        meta: Meta { security: vec![security] },
        identifier: std::iter::once(Identifier::uuid(id))
            .chain(identity.and_then(text).map(Identifier::given))
            .collect(),
        name: name.and_then(text).map(|text| HumanName { text }).into_iter().collect(),
        birth_date: birth_date.map(str::to_owned),
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
        category: Vec::new(),
        subject: about.who.patient(),
        date: time(about.taken_at),
        author: vec![about.who.device()],
        description: description.to_owned(),
        content: vec![Content { attachment: attachment(about, "application/pdf", pdf) }],
        context: period(about).map(|period| DocumentContext { period }),
    }
}

/// The report as the patient shares it: a document for each form, as the Kill the Clipboard profile asks for one
/// whose only content is the pdf.
pub(super) fn shared_reports(about: &About, report: Report, shared: Shared) -> [DocumentReference; 2] {
    let document = |name: &str, content_type, bytes: Option<&[u8]>| DocumentReference {
        id: about.named(name),
        meta: Meta { security: vec![codes::PATIENT_ASSERTED] },
        kind: codes::PATIENT_SUMMARY.into(),
        category: vec![codes::PATIENT_SHARED.into()],
        author: vec![about.who.patient(), about.who.device()],
        content: vec![Content { attachment: attachment(about, content_type, bytes) }],
        ..self::report(about, report)
    };
    let html = Some(shared.html).filter(|html| html.len() <= MAX_REPORT_BYTES);
    let pdf = report.pdf.filter(|pdf| pdf.len() <= MAX_REPORT_BYTES);
    [document("shared/pdf", "application/pdf", pdf), document("shared/html", "text/html", html)]
}

fn attachment(about: &About, content_type: &'static str, bytes: Option<&[u8]>) -> Attachment {
    Attachment {
        content_type,
        data: bytes.map(|bytes| STANDARD.encode(bytes)),
        size: bytes.map(<[u8]>::len),
        hash: bytes.map(|bytes| STANDARD.encode(Sha1::from(bytes).digest().bytes())),
        title: TITLE,
        creation: time(about.taken_at),
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
