//! The fonts of the report: 29 faces of 28 families, compressed, with the table that says which family draws a
//! character. `README.md` names their makers, versions and licences.

mod starts;

use flate2::read::GzDecoder;
use std::io::{self, Read};

/// A family of faces that share a name.
#[derive(Debug)]
pub struct Family {
    /// The name to ask for it by. Not the name inside the files.
    pub name: &'static str,
    /// Its faces: the regular one first.
    pub faces: &'static [Face],
}

/// One font file.
#[derive(Debug)]
pub struct Face {
    packed: &'static [u8],
}

impl Face {
    /// The TrueType file, some 20 KB to 4 MB. Takes about 5 ms for each MB.
    ///
    /// # Errors
    /// When the compressed bytes are damaged, which they are not: a test inflates every face.
    pub fn inflate(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        GzDecoder::new(self.packed).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

macro_rules! families {
    ($($name:literal: $($file:literal)+;)+) => {
        &[$(Family {
            name: $name,
            faces: &[$(Face { packed: include_bytes!(concat!("../faces/", $file, ".ttf.gz")) },)+],
        },)+]
    };
}

/// Every family. The first one that has a character draws it: emoji come before symbols.
pub const FAMILIES: &[Family] = families! {
    "Latin": "NotoSans-Regular" "NotoSans-Bold";
    "Hebrew": "NotoSansHebrew-Regular";
    "Arabic": "NotoSansArabic-Regular";
    "Han and kana": "DroidSansFallbackFull";
    "Hangul": "NanumGothic-Regular";
    "Emoji": "NotoEmoji-Regular";
    "Devanagari": "NotoSansDevanagari-Regular";
    "Bengali": "NotoSansBengali-Regular";
    "Gurmukhi": "NotoSansGurmukhi-Regular";
    "Gujarati": "NotoSansGujarati-Regular";
    "Oriya": "NotoSansOriya-Regular";
    "Tamil": "NotoSansTamil-Regular";
    "Telugu": "NotoSansTelugu-Regular";
    "Kannada": "NotoSansKannada-Regular";
    "Malayalam": "NotoSansMalayalam-Regular";
    "Sinhala": "NotoSansSinhala-Regular";
    "Thai": "NotoSansThai-Regular";
    "Lao": "NotoSansLao-Regular";
    "Khmer": "NotoSansKhmer-Regular";
    "Myanmar": "NotoSansMyanmar-Regular";
    "Georgian": "NotoSansGeorgian-Regular";
    "Armenian": "NotoSansArmenian-Regular";
    "Ethiopic": "NotoSansEthiopic-Regular";
    "Thaana": "NotoSansThaana-Regular";
    "NKo": "NotoSansNKo-Regular";
    "Canadian": "NotoSansCanadianAboriginal-Regular";
    "Symbols": "NotoSansSymbols-Regular";
    "Symbols 2": "NotoSansSymbols2-Regular";
};

/// The index in [`FAMILIES`] of the first family that has a character, without inflating any. For a character that
/// no family has, the answer is any index.
pub fn family_of(letter: char) -> usize {
    let after = starts::STARTS.partition_point(|(start, _)| *start <= letter);
    after.checked_sub(1).and_then(|last| starts::STARTS.get(last)).map_or(0, |(_, family)| *family)
}
