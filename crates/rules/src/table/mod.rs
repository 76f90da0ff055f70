//! The table of rules, in the order of precedence: the first that applies decides, and the last always does.
//! Each file is one step of section 3.1 of the protocol, each row one of section 3.2.

mod not_better;
mod red_flags;
mod running;
mod scope;
mod stops;
mod treatment;
mod waits;

pub(crate) use not_better::needs_check;
pub(crate) use stops::removal;

use crate::rule::{Rule, RuleId};

/// All rules but the last. Order is precedence, across the parts and inside them.
pub(crate) static PARTS: &[&[Rule]] = &[
    red_flags::EMERGENCY,
    red_flags::URGENT,
    stops::RULES,
    scope::RULES,
    not_better::RULES,
    running::RULES,
    treatment::BARRED,
    waits::RULES,
    treatment::CHOSEN,
];

/// The last rule, for when no other applies.
pub(crate) static LAST: &Rule = &treatment::REST;

/// Ids that once were rules. They are never used again.
pub const RETIRED: &[&str] = &[];

/// Every rule in the order of precedence.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    PARTS.iter().copied().flatten().chain(std::iter::once(LAST))
}

/// The rule with this id.
pub fn rule(id: RuleId) -> &'static Rule {
    rules().find(|rule| rule.id == id).unwrap_or(LAST)
}
