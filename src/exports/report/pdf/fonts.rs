//! The fonts of a pdf: the faces that its texts need, inflated once each.

use super::text::is_invisible;
use parley::{
    FontContext, FontFamily, FontFamilyName,
    fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, SourceCache},
};
use spasmlog_fonts::{FAMILIES, Face, family_of};
use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// Which face a run of glyphs is drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FaceId(usize);

/// The fonts as the two libraries want them: one shapes, the other embeds.
pub(super) struct Fonts {
    /// For the shaping. It knows the faces below and none of the system.
    pub(super) context: FontContext,
    faces: Vec<Arc<Vec<u8>>>,
    by_blob: HashMap<u64, FaceId>,
    loaded: BTreeSet<usize>,
    embedded: HashMap<FaceId, krilla::text::Font>,
}

impl Fonts {
    /// No face yet.
    pub(super) fn new() -> Self {
        let collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        Self {
            context: FontContext { collection, source_cache: SourceCache::default() },
            faces: Vec::new(),
            by_blob: HashMap::new(),
            loaded: BTreeSet::new(),
            embedded: HashMap::new(),
        }
    }

    /// The families for a text, in the order of [`FAMILIES`], ready to be shaped with. Most texts need the first
    /// one only.
    pub(super) fn families(&mut self, text: &str) -> FontFamily<'static> {
        let mut needed = BTreeSet::from([0]);
        if !text.is_ascii() {
            needed.extend(text.chars().filter(|letter| !is_invisible(*letter)).map(family_of));
        }
        let mut names = Vec::new();
        for (index, family) in FAMILIES.iter().enumerate().filter(|(index, _)| needed.contains(index)) {
            if self.loaded.insert(index) {
                family.faces.iter().for_each(|face| self.load(family.name, face));
            }
            names.push(FontFamilyName::named(family.name));
        }
        FontFamily::List(Cow::Owned(names))
    }

    fn load(&mut self, family: &'static str, face: &Face) {
        let bytes = match face.inflate() {
            Ok(bytes) => Arc::new(bytes),
            Err(cause) => return tracing::error!(%cause, family, "a font of the report is damaged"),
        };
        let blob = Blob::new(Arc::<Vec<u8>>::clone(&bytes));
        self.by_blob.insert(blob.id(), FaceId(self.faces.len()));
        self.faces.push(bytes);
        let named = FontInfoOverride { family_name: Some(family), ..Default::default() };
        self.context.collection.register_fonts(blob, Some(named));
    }

    /// Which face the shaper chose, by the id that it gave to its bytes.
    pub(super) fn face(&self, blob: u64) -> Option<FaceId> {
        self.by_blob.get(&blob).copied()
    }

    /// The face for the pdf.
    pub(super) fn embed(&mut self, id: FaceId) -> Option<krilla::text::Font> {
        if let Some(font) = self.embedded.get(&id) {
            return Some(font.clone());
        }
        let font = krilla::text::Font::new(Arc::clone(self.faces.get(id.0)?).into(), 0)?;
        self.embedded.insert(id, font.clone());
        Some(font)
    }
}
