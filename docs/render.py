"""Render docs/rules.md, docs/formats.md and docs/keys.md from the code; `--check` tells whether they are in step."""

from __future__ import annotations

import sys
from pathlib import Path

from teleloupe import export
from teleloupe.cli.about import kinds_table, rules_table
from teleloupe.formats import RULES, all_formats
from teleloupe.model import Table
from teleloupe_tui import keys

HERE = Path(__file__).parent
NOTE = "<!-- Rendered by docs/render.py from the code; `make docs` renders it anew. -->\n"


def rules_page() -> str:
    """Every rule, by format."""
    groups = [*((form.title, form.rules) for form in all_formats()), ("Reading", RULES)]
    sections = [f"\n## {title}\n\n{_table(rules_table(list(rules)))}" for title, rules in groups]
    return "".join([f"# Rules\n\n{NOTE}\n`teleloupe rules ID` prints one of these.\n", *sections])


def formats_page() -> str:
    """Every kind of artefact, by format."""
    return f"# Formats\n\n{NOTE}\n{_table(kinds_table())}"


PAGES = {"rules.md": rules_page, "formats.md": formats_page, "keys.md": keys.markdown}


def main() -> int:
    """Write the pages, or compare them; the exit status tells whether anything was out of step."""
    is_check = "--check" in sys.argv[1:]
    stale = []
    for name, page in PAGES.items():
        path, text = HERE / name, page()
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if not is_check:
                path.write_text(text, "utf-8")
    if stale and is_check:
        print(f"out of step: {', '.join(stale)}; run `make docs`")
    return int(bool(stale) and is_check)


def _table(table: Table) -> str:
    return export.encode(table, "markdown").decode()


if __name__ == "__main__":
    sys.exit(main())
