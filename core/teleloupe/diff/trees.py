"""Two directories: which files came, went, changed or moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from teleloupe.model import DIRECTORY, Document


class FileChange(Struct, frozen=True):
    """A file that differs, by its path before and after (None where it is not)."""

    kind: Literal["added", "removed", "changed", "moved"]
    before: str | None
    after: str | None


def compare_trees(before: Mapping[str, Document], after: Mapping[str, Document]) -> list[FileChange]:
    """The files that differ, by path; a file whose bytes left one path and came to another has moved."""
    old = {path: d.sha256 for path, d in before.items() if d.kind != DIRECTORY}
    new = {path: d.sha256 for path, d in after.items() if d.kind != DIRECTORY}
    found = [FileChange("changed", path, path) for path, sha256 in old.items() if new.get(path, sha256) != sha256]
    arrived: dict[str, list[str]] = {}
    for path in sorted(new.keys() - old.keys(), reverse=True):
        arrived.setdefault(new[path], []).append(path)
    for path in sorted(old.keys() - new.keys()):
        same = arrived.get(old[path]) if old[path] else None
        found.append(FileChange("moved", path, same.pop()) if same else FileChange("removed", path, None))
    found += [FileChange("added", None, path) for paths in arrived.values() for path in paths]
    return sorted(found, key=lambda change: (change.after or change.before or "", change.kind))
