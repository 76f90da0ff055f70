//! The plan of the house, kept: who may import whom, and what must not be named where.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The floors, from the ground up. A module imports from its own floor and from those below it.
const FLOORS: &[&[&str]] = &[
    &["domain", "fair"],
    &["rules", "db"],
    &["http"],
    &["auth"],
    &["journal"],
    &["account", "guide", "sync"],
    &["exports", "oauth"],
    &["shares", "service"],
    &["admin", "demo"],
    &["api"],
    &["config"],
    &["server"],
];

/// Imports that the floors alone would allow.
const FORBIDDEN: &[(&str, &[&str])] = &[("rules", &["db"]), ("db", &["rules"]), ("http", &["rules"])];

fn sources() -> Vec<(PathBuf, String)> {
    let found = rust_files("src");
    assert!(found.len() > 40, "the sources were not found");
    found
}

/// The files of Rust below a folder of this project, with their texts.
fn rust_files(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    found
}

/// The top-level module that a file belongs to.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a file without its comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The top-level modules that a file names as `crate::…`, also inside the braces of `use crate::{…}`.
fn imports(code: &str) -> BTreeSet<String> {
    code.split("crate::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => members(group),
            None => vec![word(rest)],
        })
        .collect()
}

/// The first word of each member of a braced group, whose opening brace is already taken off.
fn members(group: &str) -> Vec<String> {
    let mut depth = 1;
    let end = group.find(|letter| {
        depth += match letter {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        depth == 0
    });
    let mut depth = 0;
    group[..end.unwrap()]
        .split(|letter| {
            depth += match letter {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            letter == ',' && depth == 0
        })
        .map(|member| word(member.trim()))
        .collect()
}

fn word(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

#[test]
fn the_reader_of_imports_sees_into_groups() {
    let code = "use crate::{a::{B, c::D}, e, f::G};\nuse crate::h::I;";
    assert_eq!(imports(code), ["a", "e", "f", "h"].map(str::to_owned).into());
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

#[test]
fn no_module_imports_from_a_floor_above_it() {
    for (path, text) in sources() {
        let module = module(&path);
        let Some(own) = floor(&module) else {
            assert!(
                ["lib", "main", "cli"].contains(&module.as_str()),
                "{module} has no floor: say where it belongs"
            );
            continue;
        };
        for import in imports(&code(&text)) {
            if let Some(other) = floor(&import) {
                assert!(other <= own, "{} imports {import}, which is above it", path.display());
            }
            let forbidden = FORBIDDEN.iter().find(|(from, _)| *from == module).map_or(&[][..], |(_, to)| *to);
            assert!(!forbidden.contains(&import.as_str()), "{} must not import {import}", path.display());
        }
    }
}

#[test]
fn the_words_and_the_rules_are_pure() {
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
        "::unwrap)",
        ".expect(",
        "::expect(",
        "panic!",
        "unreachable!",
    ];
    let (words, rules) = (rust_files("src/domain"), rust_files("crates/rules/src"));
    assert!(!words.is_empty() && rules.len() > 30, "the sources were not found");
    for (path, text) in words.into_iter().chain(rules) {
        let code = code(&text);
        let code = code.split("#[cfg(test)]").next().unwrap();
        for word in IMPURE {
            assert!(!code.contains(word), "{} names {word}", path.display());
        }
    }
}

#[test]
fn no_backend_is_named_outside_db() {
    const NAMES: &[&str] = &[
        "SqliteConnection",
        "PgConnection",
        "diesel::pg",
        "diesel::sqlite",
        "Db::Sqlite",
        "Db::Postgres",
        "PRAGMA",
    ];
    for (path, text) in sources() {
        if module(&path) == "db" {
            continue;
        }
        for name in NAMES {
            assert!(!code(&text).contains(name), "{} names {name}", path.display());
        }
    }
}

#[test]
fn every_file_says_what_it_is_and_fits_in_the_head() {
    for (path, text) in sources() {
        assert!(text.starts_with("//!"), "{} does not say what it is", path.display());
        let code = text.split("#[cfg(test)]").next().unwrap();
        let lines = code.lines().count();
        assert!(lines <= 450, "{} has {lines} lines: does it want to be a folder?", path.display());
    }
}

#[test]
fn the_account_of_a_caller_has_one_source() {
    for (path, text) in sources() {
        let module = module(&path);
        let claims = code(&text).contains("claims.account");
        // Where a token is given back, its own claims say which session ends.
        let is_revocation = path.ends_with("oauth/revoke.rs");
        assert!(!claims || module == "auth" || is_revocation, "{} reads a token by itself", path.display());
    }
}

/// The source of the tests that `module` names: a file of the black box, a test binary, or a module.
fn tests_of(module: &str) -> Option<String> {
    let path = module.trim_end_matches("::tests").replace("::", "/");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = [format!("{path}.rs"), format!("{path}/mod.rs")];
    ["tests/api", "tests", "src"]
        .iter()
        .flat_map(|folder| files.iter().map(move |file| root.join(folder).join(file)))
        .find_map(|file| fs::read_to_string(file).ok())
}

#[test]
fn every_test_that_the_pages_about_security_name_is_there() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let page = ["security.md", "asvs.md"].map(|page| fs::read_to_string(docs.join(page)).unwrap()).concat();
    let named: Vec<(&str, &str)> =
        page.split('`').skip(1).step_by(2).filter_map(|code| code.rsplit_once("::")).collect();
    assert!(named.len() > 40);
    for (module, test) in named {
        let source = tests_of(module).unwrap_or_else(|| panic!("there is no {module}"));
        let begin = format!("fn {}", test.trim_end_matches('*'));
        assert!(source.contains("#[test]") && source.contains(&begin), "there is no {module}::{test}");
        let is_whole = test.ends_with('*') || source.contains(&format!("{begin}("));
        assert!(is_whole, "{module}::{test} is not its whole name");
    }
}

#[test]
fn the_counts_of_the_table_of_asvs_are_right() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/asvs.md");
    let page = fs::read_to_string(page).unwrap();
    let rows: Vec<Vec<&str>> = page.lines().map(|line| line.split('|').map(str::trim).collect()).collect();
    let said = |state: &str| {
        let row = rows.iter().find(|row| row.len() == 5 && row[1] == state).expect("a count");
        row[3].parse::<usize>().unwrap()
    };
    let count = |state: &str| rows.iter().filter(|row| row.len() == 6 && row[3] == state).count();

    for state in ["met", "n/a", "open"] {
        assert_eq!(said(state), count(state), "{state}");
    }
    let all: usize = ["met", "n/a", "open"].map(count).iter().sum();
    // Of levels 1 and 2, version 5.0.0 has 253 requirements.
    assert_eq!((all, said("")), (253, 253));
}
