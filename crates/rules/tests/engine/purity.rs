//! The crate is pure: what it must not name, it does not name.

use std::{fs, path::Path};

fn walk(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn nothing_here_knows_a_clock_a_file_a_database_or_how_to_panic() {
    const IMPURE: &[&str] = &[
        "actix",
        "diesel",
        "tokio",
        "std::env",
        "std::fs",
        "std::net",
        "std::io",
        "std::thread",
        "std::time",
        "::now()",
        "println!",
        ".unwrap()",
        ".expect(",
        "panic!",
        "unreachable!",
    ];
    let mut sources = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    assert!(sources.len() > 30, "the sources were not found");
    for (path, text) in sources {
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let code = code.join("\n");
        let code = code.split("#[cfg(test)]").next().unwrap();
        for word in IMPURE {
            assert!(!code.contains(word), "{path} names {word}");
        }
    }
}
