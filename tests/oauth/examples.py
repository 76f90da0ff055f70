"""Writes the examples of docs/apps.md into files: `examples.py DOCUMENT FOLDER`."""

import re
import sys
from pathlib import Path

text = Path(sys.argv[1]).read_text()
found = re.findall(r"<!-- run: (\S+) -->\n```\w+\n(.*?)```", text, re.DOTALL)
assert len(found) == 3, [name for name, _ in found]
for name, code in found:
    (Path(sys.argv[2]) / name).write_text(code)
