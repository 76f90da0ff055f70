//! The fonts that the report carries, in the order in which they are asked for a character.

use parley::{
    FontContext, FontFamily, FontFamilyName,
    fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, SourceCache},
};
use std::{borrow::Cow, collections::HashMap, sync::Arc};

/// A family and the file of its face.
struct Face {
    family: &'static str,
    bytes: &'static [u8],
}

macro_rules! faces {
    ($($family:literal $file:literal,)+) => {
        &[$(Face { family: $family, bytes: include_bytes!(concat!("../fonts/", $file, ".ttf")) },)+]
    };
}

/// Every face. The first that has a character draws it, so that the emoji come before the symbols.
const FACES: &[Face] = faces! {
    "Latin" "NotoSans-Regular",
    "Latin" "NotoSans-Bold",
    "Hebrew" "NotoSansHebrew-Regular",
    "Arabic" "NotoSansArabic-Regular",
    "Han and kana" "DroidSansFallbackFull",
    "Hangul" "NanumGothic-Regular",
    "Emoji" "NotoEmoji-Regular",
    "Devanagari" "NotoSansDevanagari-Regular",
    "Bengali" "NotoSansBengali-Regular",
    "Gurmukhi" "NotoSansGurmukhi-Regular",
    "Gujarati" "NotoSansGujarati-Regular",
    "Oriya" "NotoSansOriya-Regular",
    "Tamil" "NotoSansTamil-Regular",
    "Telugu" "NotoSansTelugu-Regular",
    "Kannada" "NotoSansKannada-Regular",
    "Malayalam" "NotoSansMalayalam-Regular",
    "Sinhala" "NotoSansSinhala-Regular",
    "Thai" "NotoSansThai-Regular",
    "Lao" "NotoSansLao-Regular",
    "Khmer" "NotoSansKhmer-Regular",
    "Myanmar" "NotoSansMyanmar-Regular",
    "Georgian" "NotoSansGeorgian-Regular",
    "Armenian" "NotoSansArmenian-Regular",
    "Ethiopic" "NotoSansEthiopic-Regular",
    "Thaana" "NotoSansThaana-Regular",
    "NKo" "NotoSansNKo-Regular",
    "Canadian" "NotoSansCanadianAboriginal-Regular",
    "Symbols" "NotoSansSymbols-Regular",
    "Symbols 2" "NotoSansSymbols2-Regular",
};

/// Which of [`FACES`] a run of glyphs is drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FaceId(usize);

/// The fonts as the two libraries want them: one shapes, the other embeds.
pub(super) struct Fonts {
    /// For the shaping. It knows the faces above and nothing of the system.
    pub(super) context: FontContext,
    faces: HashMap<u64, FaceId>,
    embedded: HashMap<FaceId, krilla::text::Font>,
}

impl Fonts {
    /// Registers every face.
    pub(super) fn new() -> Self {
        let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        let mut faces = HashMap::new();
        for (index, face) in FACES.iter().enumerate() {
            let blob = Blob::new(Arc::new(face.bytes));
            faces.insert(blob.id(), FaceId(index));
            let named = FontInfoOverride { family_name: Some(face.family), ..Default::default() };
            collection.register_fonts(blob, Some(named));
        }
        let context = FontContext { collection, source_cache: SourceCache::default() };
        Self { context, faces, embedded: HashMap::new() }
    }

    /// The families for a text, in the order of [`FACES`]. Most texts need the first one only, and are spared
    /// the search.
    pub(super) fn families(text: &str) -> FontFamily<'static> {
        if text.is_ascii() {
            return FontFamily::named("Latin");
        }
        let mut names: Vec<_> = FACES.iter().map(|face| FontFamilyName::named(face.family)).collect();
        names.dedup();
        FontFamily::List(Cow::Owned(names))
    }

    /// Which face the shaper chose, by the id that it gave to its bytes.
    pub(super) fn face(&self, blob: u64) -> Option<FaceId> {
        self.faces.get(&blob).copied()
    }

    /// The face for the pdf.
    pub(super) fn embed(&mut self, id: FaceId) -> Option<krilla::text::Font> {
        if let Some(font) = self.embedded.get(&id) {
            return Some(font.clone());
        }
        let font = krilla::text::Font::new(FACES.get(id.0)?.bytes.into(), 0)?;
        self.embedded.insert(id, font.clone());
        Some(font)
    }
}
