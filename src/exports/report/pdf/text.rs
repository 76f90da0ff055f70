//! Text into lines of glyphs: line breaks, right to left, the choice of fonts.

use super::fonts::{FaceId, Fonts};
use krilla::text::{GlyphId, KrillaGlyph};
use parley::{
    Alignment, FontWeight, Layout, LayoutContext, LineHeight, OverflowWrap, StyleProperty,
    layout::{AlignmentOptions, Cluster},
};
use std::{ops::Range, rc::Rc};

/// How a text looks. Sizes are in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) is_bold: bool,
    pub(super) align: Align,
}

/// Where a line stands between its margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// Where its own language begins: right for Hebrew.
    Start,
    /// In the middle.
    Centre,
    /// At the right margin: numbers in a table.
    Right,
}

impl Style {
    /// Regular text of a size.
    pub(super) const fn regular(size: f32) -> Self {
        Self { size, is_bold: false, align: Align::Start }
    }

    /// Bold text of a size.
    pub(super) const fn bold(size: f32) -> Self {
        Self { size, is_bold: true, align: Align::Start }
    }

    /// The same, standing elsewhere.
    pub(super) const fn aligned(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// From one line to the next, in points.
    pub(super) fn line_height(self) -> f32 {
        self.size * 1.36
    }
}

/// One line, ready to be drawn.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// The paragraph that the ranges of the glyphs point into.
    pub(super) text: Rc<str>,
    /// From the top of the line to the feet of its letters, in points.
    pub(super) baseline: f32,
    /// The height, in points.
    pub(super) height: f32,
    /// Glyphs of one font each, from left to right.
    pub(super) runs: Vec<Run>,
}

/// Glyphs of one font.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) face: FaceId,
    pub(super) size: f32,
    /// From the left of the line, in points.
    pub(super) x: f32,
    pub(super) glyphs: Vec<KrillaGlyph>,
    /// The width of the run, in points.
    pub(super) width: f32,
}

/// Breaks texts into lines.
pub(super) struct Typesetter {
    pub(super) fonts: Fonts,
    layouts: LayoutContext<()>,
    /// Looked for when the first character is met that no font has.
    placeholder: Option<Option<Placeholder>>,
    /// Whether a character was met that no font has.
    pub(super) has_missing: bool,
    /// What every size is multiplied with.
    pub(super) scale: f32,
}

/// The glyph that stands for a character that no font has.
#[derive(Clone, Copy)]
struct Placeholder {
    face: FaceId,
    glyph: GlyphId,
    /// Its width, as a multiple of its size.
    width: f32,
}

/// What stands for a character that no font has.
const PLACEHOLDER: &str = "□";

impl Typesetter {
    pub(super) fn new() -> Self {
        Self {
            fonts: Fonts::new(),
            layouts: LayoutContext::new(),
            placeholder: None,
            has_missing: false,
            scale: 1.0,
        }
    }

    fn placeholder(&mut self) -> Option<Placeholder> {
        if let Some(placeholder) = self.placeholder {
            return placeholder;
        }
        self.placeholder = Some(None);
        let boxes = self.lines(PLACEHOLDER, Style::regular(10.0), 100.0);
        let run = boxes.first().and_then(|line| line.runs.first());
        let placeholder = run.and_then(|run| {
            let glyph = run.glyphs.first()?.glyph_id;
            Some(Placeholder { face: run.face, glyph, width: run.width / run.size })
        });
        self.placeholder = Some(placeholder);
        placeholder
    }

    /// The lines of a text that is as wide as `width` points at most. A paragraph has its own direction.
    pub(super) fn lines(&mut self, text: &str, style: Style, width: f32) -> Vec<Line> {
        let style = Style { size: style.size * self.scale, ..style };
        text.split('\n').flat_map(|paragraph| self.paragraph(paragraph, style, width)).collect()
    }

    fn paragraph(&mut self, text: &str, style: Style, width: f32) -> Vec<Line> {
        if text.is_empty() {
            let height = style.line_height();
            return vec![Line { text: "".into(), baseline: height, height, runs: Vec::new() }];
        }
        let families = self.fonts.families(text);
        let mut builder = self.layouts.ranged_builder(&mut self.fonts.context, text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(families));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(style.line_height())));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        if style.is_bold {
            builder.push_default(StyleProperty::FontWeight(FontWeight::BOLD));
        }
        let mut layout: Layout<()> = builder.build(text);
        layout.break_all_lines(Some(width));
        let alignment = match style.align {
            Align::Start => Alignment::Start,
            Align::Centre => Alignment::Center,
            Align::Right => Alignment::Right,
        };
        layout.align(alignment, AlignmentOptions::default());
        let text: Rc<str> = text.into();
        layout.lines().map(|line| self.line(&line, &text, style)).collect()
    }

    fn line(&mut self, line: &parley::Line<'_, ()>, text: &Rc<str>, style: Style) -> Line {
        let metrics = line.metrics();
        let mut x = metrics.offset;
        let mut runs = Vec::new();
        for run in line.runs() {
            let Some(face) = self.fonts.face(run.font().data.id()) else { continue };
            let mut pen = Pen { face, size: run.font_size(), runs: &mut runs, x };
            for cluster in run.visual_clusters() {
                self.cluster(&cluster, text, &mut pen);
            }
            x = pen.x;
        }
        runs.retain(|run| !run.glyphs.is_empty());
        Line {
            text: Rc::clone(text),
            baseline: metrics.baseline - metrics.block_min_coord,
            height: style.line_height(),
            runs,
        }
    }

    fn cluster(&mut self, cluster: &Cluster<'_, ()>, text: &str, pen: &mut Pen<'_>) {
        let range = cluster.text_range();
        if cluster.is_ligature_continuation() {
            return pen.widen(&range);
        }
        let letters = text.get(range.clone()).unwrap_or_default();
        let is_missing = cluster.glyphs().any(|glyph| glyph.id == 0);
        if is_missing && letters.chars().all(is_invisible) {
            return;
        }
        let placeholder = if is_missing { self.placeholder() } else { None };
        match placeholder {
            Some(placeholder) => {
                self.has_missing = true;
                let advance = cluster.advance();
                // As wide as the shaper left room for: a wider one would swallow the space behind it.
                let size = if advance > 0.0 { pen.size.min(advance / placeholder.width) } else { pen.size };
                let drawn = KrillaGlyph::new(placeholder.glyph, advance / size, 0.0, 0.0, 0.0, range, None);
                pen.draw((placeholder.face, size), drawn, advance);
            }
            None => {
                for glyph in cluster.glyphs() {
                    let size = pen.size;
                    let drawn = KrillaGlyph::new(
                        GlyphId::new(glyph.id),
                        glyph.advance / size,
                        glyph.x / size,
                        glyph.y / size,
                        0.0,
                        range.clone(),
                        None,
                    );
                    pen.draw((pen.face, size), drawn, glyph.advance);
                }
            }
        }
    }
}

/// Collects glyphs into runs from left to right.
struct Pen<'a> {
    face: FaceId,
    size: f32,
    runs: &'a mut Vec<Run>,
    x: f32,
}

impl Pen<'_> {
    fn draw(&mut self, (face, size): (FaceId, f32), glyph: KrillaGlyph, advance: f32) {
        let is_new = self.runs.last().is_none_or(|run| run.face != face || run.size != size);
        if is_new {
            self.runs.push(Run { face, size, x: self.x, glyphs: Vec::new(), width: 0.0 });
        }
        if let Some(run) = self.runs.last_mut() {
            run.glyphs.push(glyph);
            run.width += advance;
        }
        self.x += advance;
    }

    /// The last glyph is a ligature that stands for these letters, too.
    fn widen(&mut self, range: &Range<usize>) {
        if let Some(glyph) = self.runs.last_mut().and_then(|run| run.glyphs.last_mut()) {
            glyph.text_range.start = glyph.text_range.start.min(range.start);
            glyph.text_range.end = glyph.text_range.end.max(range.end);
        }
    }
}

/// Whether a character has no form of its own: joiners, variation selectors, marks of direction, tags.
pub(super) fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\t' | '\r' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}
