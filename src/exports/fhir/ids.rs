//! The ids of a bundle: the same for the same record in every export, so that a receiver can tell what it has.

use super::datatypes::{Reference, Urn};
use crate::domain::{AccountId, RecordId, RecordKind};
use uuid::Uuid;

/// The root of our name-based ids.
const SPACE: Uuid = Uuid::from_u128(0x8f0c_2f6e_53a1_4d0b_9f4e_6f1b_7a3c_5d21);

/// Who the log is about, without saying who: the same in every export of one account, and nothing leads back
/// from it to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pseudonym(Uuid);

impl From<AccountId> for Pseudonym {
    fn from(account: AccountId) -> Self {
        Self(Uuid::new_v5(&SPACE, account.uuid().as_bytes()))
    }
}

impl Pseudonym {
    /// The id of the resource `Patient`.
    pub(super) fn uuid(self) -> Uuid {
        self.0
    }

    /// Anything that there is one of by this name.
    pub(super) fn named(self, name: &str) -> Uuid {
        Uuid::new_v5(&self.0, name.as_bytes())
    }

    /// A record. Its own id would not do: ids are unique inside one collection only.
    pub(super) fn record(self, kind: RecordKind, id: RecordId) -> Uuid {
        self.named(&format!("{kind}/{id}"))
    }

    pub(super) fn patient(self) -> Reference {
        Reference { reference: Urn(self.0), target: "Patient" }
    }

    pub(super) fn device(self) -> Reference {
        Reference { reference: Urn(self.named("device")), target: "Device" }
    }

    pub(super) fn condition(self, episode: RecordId) -> Reference {
        Reference { reference: Urn(self.record(RecordKind::Episode, episode)), target: "Condition" }
    }
}

/// A part of what another id names.
pub(super) fn part(whole: Uuid, name: &str) -> Uuid {
    Uuid::new_v5(&whole, name.as_bytes())
}
