"""Contract files where they lie: the nearest one of a scenario, found without looking at each (section 4.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from teleloupe.model import Document

Rank = tuple[int, str]  # how deep a file's folder lies, and its path: what decides among files below one folder


class Shelf:
    """The contract files of a snapshot by scenario, kind, and every folder that they lie below."""

    def __init__(self, files: Iterable[Document]) -> None:
        self._best: dict[tuple[str, str | None, str], tuple[Rank, Document]] = {}
        for file in files:
            scenario_id, folder = file.body.get("scenario_id"), file.path.rpartition("/")[0]
            if isinstance(scenario_id, str):
                rank = _depth(folder), file.path
                for above in _upwards(folder):
                    key = scenario_id, file.kind, above
                    if key not in self._best or rank < self._best[key][0]:
                        self._best[key] = rank, file

    def nearest(self, folder: str, kind: str, scenario_id: object) -> Document | None:
        """The file whose folder is the fewest steps up and down away, then the first by path; None without any."""
        found: list[tuple[int, str, Document]] = []
        if isinstance(scenario_id, str):
            depth = _depth(folder)
            for above in _upwards(folder):
                if held := self._best.get((scenario_id, kind, above)):
                    (below, path), file = held
                    found.append((depth + below - 2 * _depth(above), path, file))
        return min(found, key=lambda one: one[:2])[2] if found else None


def _depth(folder: str) -> int:
    return folder.count("/") + 1 if folder else 0


def _upwards(folder: str) -> Iterator[str]:
    """A folder and those above it, to the root, which is ""."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""
