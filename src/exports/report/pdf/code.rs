//! A QR code with what it is beside it.

use super::{
    BODY,
    pages::{BLACK, Meaning, Pages, SIDE, Shape},
    tags::NodeId,
};
use crate::exports::report::document::QrPicture;
use krilla::tagging::Tag;

/// The width of the code with the white around it, in points: 4 cm, so that a module of the largest is half a
/// millimetre. It does not shrink with page one.
pub(super) const SIZE: f32 = 113.0;
/// The white around it, in modules.
const QUIET: f32 = 4.0;
const BETWEEN: f32 = 10.0;

/// Writes a code.
pub(super) fn write(pages: &mut Pages, code: &QrPicture) {
    pages.need(SIZE + 3.0);
    let top = pages.y;
    let module = SIZE / (f32::from(code.width) + 2.0 * QUIET);
    let figure = pages.open(NodeId::ROOT, Tag::Figure(Some(format!("{}. {}", code.name, code.caption))));
    for (column, row) in &code.dark {
        let (x, y) = (SIDE + module * (f32::from(*column) + QUIET), top + module * (f32::from(*row) + QUIET));
        let shape = Shape::Box { x, y, width: module, height: module, grey: BLACK };
        pages.put(Meaning::Figure(figure), shape);
    }
    let lines = pages.typesetter.lines(&code.caption, BODY, pages.width() - SIZE - BETWEEN);
    let height: f32 = lines.iter().map(|line| line.height).sum();
    let node = pages.open(NodeId::ROOT, Tag::P);
    pages.y = top + (SIZE - height).max(0.0) / 2.0;
    for line in lines {
        pages.write(Meaning::Content(node), SIDE + SIZE + BETWEEN, line);
    }
    pages.y = top + SIZE + 3.0;
}
