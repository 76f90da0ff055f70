//! Conformance vectors: what an offline copy of the engine must answer.

use super::facts::Evaluation;
use super::protocol::{PACK_ID, PACK_VERSION};
use crate::domain::Moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The vectors of a version of the rule pack.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RuleVectors)]
pub struct Vectors {
    /// The pack's id.
    pub id: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Facts in, decisive members of the answer out.
    pub vectors: Vec<Vector>,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RuleVector)]
pub struct Vector {
    /// What it shows.
    pub name: String,
    /// The question, as it is sent to be evaluated.
    #[schema(value_type = Evaluation)]
    pub given: serde_json::Value,
    /// What the answer must say.
    pub expect: Expectation,
}

/// The members of an answer that every copy of the engine must agree on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RuleExpectation)]
pub struct Expectation {
    /// What to do.
    pub action: String,
    /// The rule that decides.
    pub rule: String,
    /// Where the episode stands.
    pub phase: String,
    /// How soon somebody else has to look at it.
    pub urgency: String,
    /// Whether the first red-flag questions are unanswered.
    pub provisional: bool,
    /// When the answer can change by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_at: Option<Moment>,
}

/// The vectors of the shipped rule pack. They are made from the case table of the tests, which also proves that
/// they can be read.
pub fn vectors() -> Vectors {
    Vectors {
        id: PACK_ID,
        version: PACK_VERSION,
        vectors: serde_json::from_str(include_str!("vectors.json")).unwrap_or_default(),
    }
}
