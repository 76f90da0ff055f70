//! Conformance vectors: what an offline copy of the engine must answer.

use crate::facts::Evaluation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The vectors of the shipped rule pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RuleVectors)]
pub struct Vectors {
    /// The pack's id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Facts in, whole answers out.
    pub vectors: Vec<Vector>,
}

/// One question and its answer, in English.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RuleVector)]
pub struct Vector {
    /// The part of the log that it shows.
    pub name: String,
    /// The question, as it is sent to be evaluated.
    #[schema(value_type = Evaluation)]
    pub given: serde_json::Value,
    /// The whole answer.
    #[schema(value_type = crate::answer::NextStep)]
    pub expect: serde_json::Value,
}

/// The vectors of the shipped rule pack as JSON, a [`Vectors`]. They are made from the case table of the tests, which
/// also proves that they can be read.
pub const VECTORS: &str = include_str!("vectors.json");
