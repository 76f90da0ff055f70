#!/usr/bin/env python3
"""Writes the texts that are no Markdown files as Markdown, so that the linter reads them: texts.py FOLDER"""

import json
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
target = pathlib.Path(sys.argv[1])


def document():
    """Every summary and description of the document, under the place where it stands."""
    texts = []

    def walk(value, place):
        if isinstance(value, dict):
            for name, inner in value.items():
                if name in ("summary", "description") and isinstance(inner, str):
                    texts.append(f"### `{place}`\n\n{inner}\n")
                elif name not in ("example", "examples", "default", "enum"):
                    walk(inner, f"{place}/{name}")
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                walk(inner, f"{place}/{number}")

    walk(json.loads((root / "openapi" / "v1.json").read_text()), "")
    return "\n".join(texts)


def messages(file):
    """The messages of a Fluent file, with a word in place of each placeable."""
    texts = []
    for line in file.read_text().splitlines():
        if match := re.match(r"^([a-z][\w-]*) = (.+)$", line):
            texts.append(f"### `{match[1]}`\n\n{re.sub(r'{[^}]*}', 'this', match[2])}\n")
    return "\n".join(texts)


(target / "openapi.md").write_text(document())
for file in (root / "crates" / "rules" / "src" / "words").glob("en*.ftl"):
    (target / f"{file.stem}.md").write_text(messages(file))
