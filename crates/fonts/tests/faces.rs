//! The faces are whole, and the table of characters says what is in them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use skrifa::{FontRef, MetadataProvider};
use spasmlog_fonts::{FAMILIES, family_of};
use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

/// Each character that some family has, with the first one that has it.
fn owners() -> BTreeMap<char, usize> {
    let mut owners = BTreeMap::new();
    for (index, family) in FAMILIES.iter().enumerate() {
        let bytes = family.faces[0].inflate().unwrap();
        for (code, _) in FontRef::new(&bytes).unwrap().charmap().mappings() {
            owners.entry(char::from_u32(code).unwrap()).or_insert(index);
        }
    }
    owners
}

#[test]
fn every_face_inflates_to_a_font_with_the_characters_of_its_family() {
    let mut faces = 0;
    for family in FAMILIES {
        let letters: Vec<Vec<u32>> = family
            .faces
            .iter()
            .map(|face| {
                let bytes = face.inflate().unwrap();
                FontRef::new(&bytes).unwrap().charmap().mappings().map(|(code, _)| code).collect()
            })
            .collect();
        assert!(letters[0].len() > 30, "{}", family.name);
        assert!(letters.iter().all(|face| *face == letters[0]), "{}", family.name);
        faces += family.faces.len();
    }
    assert_eq!(faces, 29);
}

#[test]
fn a_character_is_drawn_by_the_first_family_that_has_it() {
    let owners = owners();
    assert!(owners.len() > 50_000);
    for (letter, family) in owners {
        assert_eq!(family_of(letter), family, "U+{:04X}", u32::from(letter));
    }
}

/// `UPDATE_FONTS=1` writes the table anew.
#[test]
fn the_table_of_characters_is_made_from_the_faces() {
    let mut starts: Vec<(char, usize)> = Vec::new();
    for (letter, family) in owners() {
        if starts.last().is_none_or(|(_, last)| *last != family) {
            starts.push((letter, family));
        }
    }
    let mut made = "//! Which family draws which characters. Generated: `UPDATE_FONTS=1 cargo test -p spasmlog-fonts`.\n\n\
        /// From this character to the next entry: the index of the family.\n\
        #[rustfmt::skip]\npub(crate) const STARTS: &[(char, usize)] = &[\n"
        .to_owned();
    for line in starts.chunks(5) {
        let cells: Vec<String> = line
            .iter()
            .map(|(letter, family)| format!("('\\u{{{:X}}}', {family})", u32::from(*letter)))
            .collect();
        writeln!(made, "    {},", cells.join(", ")).unwrap();
    }
    made.push_str("];\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/starts.rs");
    if std::env::var_os("UPDATE_FONTS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), made);
}
