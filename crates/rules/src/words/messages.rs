//! Reads the file of a catalogue, in Project Fluent's syntax: texts, variables, references to other messages, and a
//! variable that chooses between `[one]` and `*[other]`.

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};
use fluent_syntax::parser::parse;
use std::collections::BTreeMap;

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A text.
    Text(String),
    /// A placeholder, by its name.
    Placeholder(String),
    /// One text for the number 1, another one for every other number.
    Plural {
        /// The placeholder with the number.
        of: String,
        /// What is said of one.
        one: Vec<Piece>,
        /// What is said of any other number.
        other: Vec<Piece>,
    },
}

/// The messages of a file by id, attributes as `id.attribute`, references to other messages filled in.
#[derive(Debug)]
pub struct Messages<'f>(BTreeMap<String, Pattern<&'f str>>);

impl<'f> Messages<'f> {
    /// Reads a file. What is no message is passed over.
    pub fn read(file: &'f str) -> Self {
        let resource = parse(file).unwrap_or_else(|(readable, _)| readable);
        let mut messages = BTreeMap::new();
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            for attribute in message.attributes {
                messages.insert(format!("{}.{}", message.id.name, attribute.id.name), attribute.value);
            }
            if let Some(value) = message.value {
                messages.insert(message.id.name.to_owned(), value);
            }
        }
        Self(messages)
    }

    /// The ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A message.
    pub fn find(&self, id: &str) -> Option<Vec<Piece>> {
        self.0.get(id).map(|pattern| self.compile(pattern, MAX_DEPTH))
    }

    /// What a catalogue does not use stays visible.
    fn compile(&self, pattern: &Pattern<&'f str>, depth: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => pieces.push(text(value)),
                PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
                    InlineExpression::StringLiteral { value } => pieces.push(text(value)),
                    InlineExpression::VariableReference { id } => {
                        pieces.push(Piece::Placeholder(id.name.to_owned()));
                    }
                    InlineExpression::MessageReference { id, attribute: None } if depth > 0 => {
                        match self.0.get(id.name) {
                            Some(part) => pieces.extend(self.compile(part, depth.saturating_sub(1))),
                            None => pieces.push(text(UNKNOWN)),
                        }
                    }
                    _ => pieces.push(text(UNKNOWN)),
                },
                PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                    pieces.push(self.plural(selector, variants, depth));
                }
            }
        }
        pieces
    }

    fn plural(
        &self,
        selector: &InlineExpression<&'f str>,
        variants: &[Variant<&'f str>],
        depth: usize,
    ) -> Piece {
        let of_name = |wanted: &str| {
            let named = |variant: &&Variant<&'f str>| matches!(&variant.key, VariantKey::Identifier { name } if *name == wanted);
            variants.iter().find(named).map(|variant| self.compile(&variant.value, depth))
        };
        match (selector, variants.len(), of_name("one"), of_name("other")) {
            (InlineExpression::VariableReference { id }, 2, Some(one), Some(other)) => {
                Piece::Plural { of: id.name.to_owned(), one, other }
            }
            _ => text(UNKNOWN),
        }
    }
}

fn text(text: &str) -> Piece {
    Piece::Text(text.to_owned())
}

/// How deep messages may refer to messages.
const MAX_DEPTH: usize = 3;
/// What stands for a placeable that nothing fills; a test holds that no message has it.
pub(super) const UNKNOWN: &str = "{?}";
