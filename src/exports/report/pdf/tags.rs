//! The tag tree: what each piece of a page is, so that a screen reader can read it out.

use krilla::tagging::{Identifier, Node, TagGroup, TagKind, TagTree};

/// A node of the tree while it grows: pages come one after the other, and a table can go over many.
struct Branch {
    kind: TagKind,
    children: Vec<Child>,
}

enum Child {
    Branch(NodeId),
    Leaf(Identifier),
}

/// Where something belongs in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(Option<usize>);

impl NodeId {
    /// The document itself.
    pub(super) const ROOT: Self = Self(None);
}

/// The tree while it grows.
#[derive(Default)]
pub(super) struct Tags {
    branches: Vec<Branch>,
    roots: Vec<Child>,
}

impl Tags {
    /// Adds a branch after its elder sisters.
    pub(super) fn open(&mut self, parent: NodeId, kind: impl Into<TagKind>) -> NodeId {
        let id = NodeId(Some(self.branches.len()));
        self.branches.push(Branch { kind: kind.into(), children: Vec::new() });
        self.push(parent, Child::Branch(id));
        id
    }

    /// Says that a piece of a page belongs to a branch.
    pub(super) fn leaf(&mut self, parent: NodeId, piece: Identifier) {
        self.push(parent, Child::Leaf(piece));
    }

    fn push(&mut self, parent: NodeId, child: Child) {
        let siblings = match parent.0 {
            None => Some(&mut self.roots),
            Some(index) => self.branches.get_mut(index).map(|branch| &mut branch.children),
        };
        if let Some(siblings) = siblings {
            siblings.push(child);
        }
    }

    /// The finished tree.
    pub(super) fn finish(self) -> TagTree {
        let mut branches: Vec<Option<Branch>> = self.branches.into_iter().map(Some).collect();
        let mut tree = TagTree::new();
        for root in self.roots {
            if let Some(node) = grow(root, &mut branches) {
                tree.push(node);
            }
        }
        tree
    }
}

/// The depth is that of the tags that the report uses: document, table, row, cell.
fn grow(child: Child, branches: &mut [Option<Branch>]) -> Option<Node> {
    match child {
        Child::Leaf(piece) => Some(Node::Leaf(piece)),
        Child::Branch(id) => {
            let branch = branches.get_mut(id.0?)?.take()?;
            let mut group = TagGroup::new(branch.kind);
            // `collect` would make room for four where most have one, and there is a branch for each cell.
            group.children = Vec::with_capacity(branch.children.len());
            group.children.extend(branch.children.into_iter().filter_map(|child| grow(child, branches)));
            Some(Node::Group(group))
        }
    }
}
