//! Pages one after the other: what is drawn is kept until its page is full.

use super::{
    Paper,
    fonts::Fonts,
    tags::{NodeId, Tags},
    text::{Align, Line, Style, Typesetter},
};
use crate::exports::{
    report::document::Document,
    words::{Words, words},
};
use krilla::{
    color::luma,
    geom::{PathBuilder, Point, Rect},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, Stroke},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, SpanTag},
};

/// The margins in points: 15 mm, and room for the foot.
pub(super) const SIDE: f32 = 42.5;
const TOP: f32 = 34.0;
const BOTTOM: f32 = 42.0;
const FOOT: Style = Style::regular(7.0);

/// A grey: 0 is black, 255 white.
pub(super) type Grey = u8;
/// Ink.
pub(super) const BLACK: Grey = 0;
/// Lines between rows: seen, and lighter than what they part.
pub(super) const HAIR: Grey = 170;

/// Something to be drawn. Points from the upper left of the page.
pub(super) enum Shape {
    /// A line of text whose upper left corner is here.
    Text { x: f32, y: f32, line: Line },
    /// A stroke from one point to the next ones.
    Stroke { points: Vec<(f32, f32)>, width: f32, grey: Grey },
    /// A filled rectangle.
    Box { x: f32, y: f32, width: f32, height: f32, grey: Grey },
    /// A filled dot.
    Dot { x: f32, y: f32, radius: f32 },
}

/// What a shape is to a reader.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    /// Content, which belongs to this branch of the tags.
    Content(NodeId),
    /// A piece of a chart, which is one thing to a reader.
    Figure(NodeId),
    /// Nothing: a line between rows, a heading that is shown again.
    Ornament,
    /// The foot of the page.
    Foot,
}

/// Where the shapes go.
enum Output {
    /// Nowhere: the first walk finds out how many pages there are.
    Count,
    /// Into a document of so many pages.
    Draw { document: Box<krilla::Document>, total: usize },
}

/// The pages.
pub(super) struct Pages {
    pub(super) typesetter: Typesetter,
    pub(super) tags: Tags,
    paper: Paper,
    words: &'static Words,
    foot: String,
    output: Output,
    outline: Vec<(String, krilla::destination::XyzDestination)>,
    shapes: Vec<(Meaning, Shape)>,
    /// How many pages are full.
    full: usize,
    /// How far down the open page the next thing stands.
    pub(super) y: f32,
}

impl Pages {
    /// Pages that are counted and not drawn.
    pub(super) fn counted(typesetter: Typesetter, paper: Paper, of: &Document) -> Self {
        Self::new(typesetter, paper, of, Output::Count)
    }

    /// Pages of a document, of which there will be `total`.
    pub(super) fn drawn(
        typesetter: Typesetter,
        paper: Paper,
        of: &Document,
        document: krilla::Document,
        total: usize,
    ) -> Self {
        Self::new(typesetter, paper, of, Output::Draw { document: Box::new(document), total })
    }

    fn new(typesetter: Typesetter, paper: Paper, of: &Document, output: Output) -> Self {
        Self {
            typesetter,
            tags: Tags::default(),
            paper,
            words: words(of.language),
            foot: of.footer.clone(),
            output,
            outline: Vec::new(),
            shapes: Vec::new(),
            full: 0,
            y: TOP,
        }
    }

    /// The width between the margins, in points.
    pub(super) fn width(&self) -> f32 {
        self.paper.size().0 - 2.0 * SIDE
    }

    /// What is left of the page, in points.
    pub(super) fn room(&self) -> f32 {
        self.paper.size().1 - BOTTOM - self.y
    }

    /// Whether nothing stands on the page yet.
    pub(super) fn is_at_top(&self) -> bool {
        self.y <= TOP
    }

    /// Whether no page is full yet, and what was written fits the first one.
    pub(super) fn is_first(&self) -> bool {
        self.full == 0 && self.room() >= 0.0
    }

    /// Whether the walk draws. What only a drawn page needs can be left out of the first one.
    pub(super) fn is_drawing(&self) -> bool {
        matches!(self.output, Output::Draw { .. })
    }

    /// Begins a page unless so much is left of this one.
    pub(super) fn need(&mut self, height: f32) {
        if self.room() < height && !self.is_at_top() {
            self.turn();
        }
    }

    /// Opens a branch of the tags.
    pub(super) fn open(&mut self, parent: NodeId, kind: impl Into<krilla::tagging::TagKind>) -> NodeId {
        if self.is_drawing() { self.tags.open(parent, kind) } else { NodeId::ROOT }
    }

    /// Keeps a shape for the open page.
    pub(super) fn put(&mut self, meaning: Meaning, shape: Shape) {
        if self.is_drawing() {
            self.shapes.push((meaning, shape));
        }
    }

    /// Writes a line and goes below it.
    pub(super) fn write(&mut self, meaning: Meaning, x: f32, line: Line) {
        let height = line.height;
        self.put(meaning, Shape::Text { x, y: self.y, line });
        self.y += height;
    }

    /// Names this place in the outline.
    pub(super) fn mark(&mut self, name: &str) {
        if self.is_drawing() {
            let here = Point::from_xy(SIDE, self.y);
            let place = krilla::destination::XyzDestination::new(self.full, here);
            self.outline.push((name.to_owned(), place));
        }
    }

    /// Closes the page and begins another.
    pub(super) fn turn(&mut self) {
        self.close();
        self.y = TOP;
    }

    fn close(&mut self) {
        self.full += 1;
        let Output::Draw { total, .. } = &self.output else { return };
        let number = self.words.say("page", &[("number", &self.full), ("total", total)]);
        self.put_foot(&number);
        let shapes = std::mem::take(&mut self.shapes);
        let Output::Draw { document, .. } = &mut self.output else { return };
        let (width, height) = self.paper.size();
        let Some(settings) = PageSettings::from_wh(width, height) else { return };
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let mut piece = Piece::default();
        for (meaning, shape) in shapes {
            piece.enter(&mut surface, &mut self.tags, meaning);
            draw(&mut surface, &mut self.typesetter.fonts, shape);
        }
        piece.leave(&mut surface);
        surface.finish();
        page.finish();
    }

    fn put_foot(&mut self, number: &str) {
        let y = self.paper.size().1 - BOTTOM + 12.0;
        let width = self.width();
        let rule =
            Shape::Stroke { points: vec![(SIDE, y - 4.0), (SIDE + width, y - 4.0)], width: 0.5, grey: HAIR };
        self.put(Meaning::Ornament, rule);
        let scale = std::mem::replace(&mut self.typesetter.scale, 1.0);
        let foot = self.foot.clone();
        for (index, line) in self.typesetter.lines(&foot, FOOT, width - 80.0).into_iter().enumerate() {
            let down = f32::from(u16::try_from(index).unwrap_or(0)) * line.height;
            self.put(Meaning::Foot, Shape::Text { x: SIDE, y: y + down, line });
        }
        for line in self.typesetter.lines(number, FOOT.aligned(Align::Right), 76.0) {
            self.put(Meaning::Foot, Shape::Text { x: SIDE + width - 76.0, y, line });
        }
        self.typesetter.scale = scale;
    }

    /// Closes the last page. How many there are, and the document if one was drawn.
    pub(super) fn finish(mut self) -> (Typesetter, usize, Option<krilla::Document>) {
        if !self.is_at_top() || self.full == 0 {
            self.close();
        }
        let document = match self.output {
            Output::Count => None,
            Output::Draw { mut document, .. } => {
                document.set_tag_tree(self.tags.finish());
                let mut outline = Outline::new();
                for (name, place) in self.outline {
                    outline.push_child(OutlineNode::new(name, place));
                }
                document.set_outline(outline);
                Some(*document)
            }
        };
        (self.typesetter, self.full, document)
    }
}

/// The marked piece of the page that is open. A chart is one piece, a line of text is one.
#[derive(Default)]
struct Piece(Option<Meaning>);

impl Piece {
    fn enter(&mut self, surface: &mut Surface<'_>, tags: &mut Tags, meaning: Meaning) {
        if matches!(meaning, Meaning::Figure(_)) && self.0 == Some(meaning) {
            return;
        }
        self.leave(surface);
        let artifact = |kind| ContentTag::Artifact(Artifact::with_kind(kind));
        let piece = surface.start_tagged(match meaning {
            Meaning::Content(_) => ContentTag::Span(SpanTag::empty()),
            Meaning::Figure(_) => ContentTag::Other,
            Meaning::Ornament => artifact(ArtifactType::Layout),
            Meaning::Foot => artifact(ArtifactType::Footer),
        });
        if let Meaning::Content(parent) | Meaning::Figure(parent) = meaning {
            tags.leaf(parent, piece);
        }
        self.0 = Some(meaning);
    }

    fn leave(&mut self, surface: &mut Surface<'_>) {
        if self.0.take().is_some() {
            surface.end_tagged();
        }
    }
}

fn draw(surface: &mut Surface<'_>, fonts: &mut Fonts, shape: Shape) {
    match shape {
        Shape::Text { x, y, line } => text(surface, fonts, x, y, &line),
        Shape::Stroke { points, width, grey } => stroke(surface, &points, width, grey),
        Shape::Box { x, y, width, height, grey } => fill(surface, grey, |path| {
            if let Some(rect) = Rect::from_xywh(x, y, width, height) {
                path.push_rect(rect);
            }
        }),
        Shape::Dot { x, y, radius } => fill(surface, BLACK, |path| circle(path, x, y, radius)),
    }
}

fn text(surface: &mut Surface<'_>, fonts: &mut Fonts, x: f32, y: f32, line: &Line) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: luma::Color::new(BLACK).into(), ..Fill::default() }));
    for run in &line.runs {
        let Some(font) = fonts.embed(run.face) else { continue };
        let start = Point::from_xy(x + run.x, y + line.baseline);
        surface.draw_glyphs(start, &run.glyphs, font, &line.text, run.size, false);
    }
}

fn stroke(surface: &mut Surface<'_>, points: &[(f32, f32)], width: f32, grey: Grey) {
    let mut path = PathBuilder::new();
    for (index, (x, y)) in points.iter().enumerate() {
        if index == 0 { path.move_to(*x, *y) } else { path.line_to(*x, *y) }
    }
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { paint: luma::Color::new(grey).into(), width, ..Stroke::default() }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn fill(surface: &mut Surface<'_>, grey: Grey, outline: impl FnOnce(&mut PathBuilder)) {
    let mut path = PathBuilder::new();
    outline(&mut path);
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: luma::Color::new(grey).into(), ..Fill::default() }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

/// Four curves make a circle; 0.5523 of the radius is where their handles stand.
fn circle(path: &mut PathBuilder, x: f32, y: f32, radius: f32) {
    let handle = radius * 0.5523;
    path.move_to(x + radius, y);
    path.cubic_to(x + radius, y + handle, x + handle, y + radius, x, y + radius);
    path.cubic_to(x - handle, y + radius, x - radius, y + handle, x - radius, y);
    path.cubic_to(x - radius, y - handle, x - handle, y - radius, x, y - radius);
    path.cubic_to(x + handle, y - radius, x + radius, y - handle, x + radius, y);
    path.close();
}
