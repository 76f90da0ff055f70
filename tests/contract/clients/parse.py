"""Parses every file of the generated Swift and Dart clients: their compilers are in no registry that is used
here, so that this is the syntax alone."""

import sys
from pathlib import Path

import tree_sitter_dart
import tree_sitter_swift
from tree_sitter import Language, Parser

for folder, suffix, grammar in zip(sys.argv[1:], (".swift", ".dart"), (tree_sitter_swift, tree_sitter_dart)):
    parser = Parser(Language(grammar.language()))
    # What is made from the document; the rest is the generator's own, and newer than the grammar of Swift.
    made = {"APIs", "Models", "api", "model"}
    files = [file for file in sorted(Path(folder).rglob(f"*{suffix}")) if made & set(file.parts)]
    broken = [str(file) for file in files if parser.parse(file.read_bytes()).root_node.has_error]
    print(f"{suffix}: {len(files)} files, {len(broken)} cannot be parsed")
    if broken or len(files) < 50:
        print(*broken[:10], sep="\n")
        sys.exit(1)
