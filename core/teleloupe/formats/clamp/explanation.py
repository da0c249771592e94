"""Why a summary differs: the build, and where need be the files, that give exactly its numbers (section 5.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from teleloupe.formats.clamp.anchors import export_order
from teleloupe.formats.clamp.comparison import Difference, compare, matches, matches_numbers
from teleloupe.formats.clamp.dialects import TIMED_DIALECTS
from teleloupe.formats.clamp.figures import BUILDS, EMPTY, Build, Part, joined, numbers
from teleloupe.formats.clamp.summary import LONGEST_DRIFT_MS, SummaryBody, number_of
from teleloupe.model import Document


class Explanation(Struct, frozen=True):
    """What a summary says otherwise than the specification, and what reproduces all four of its numbers.

    `explained_by` names the builds that give them from all files or, if none does, from all but those `left_out`.
    `untimed` names the records (path, index) whose placeholder times stretch the drift, when they do.
    """

    differences: tuple[Difference, ...] = ()
    explained_by: tuple[Build, ...] = ()
    left_out: tuple[str, ...] = ()
    untimed: tuple[tuple[str, int], ...] = ()


def explain(body: SummaryBody, documents: Sequence[Document]) -> Explanation:
    """Explain a summary by documents of the files in its directory, each parsed as a session."""
    differences = compare(body, documents).differences
    builds = tuple(build for build in BUILDS if matches(body, documents, build))
    left_out: tuple[str, ...] = ()
    if not builds and body.dialect == "current":
        builds, left_out = _by_fewer_files(body, documents)
    drift = number_of(body, "drift_index")
    is_stretched = body.dialect in TIMED_DIALECTS and drift is not None and drift > LONGEST_DRIFT_MS
    return Explanation(differences, builds, left_out, _untimed(documents) if is_stretched else ())


def _by_fewer_files(body: SummaryBody, documents: Sequence[Document]) -> tuple[tuple[Build, ...], tuple[str, ...]]:
    """The builds that fit when the newest files, or any one file, are left out; the fewest such files."""
    ordered = sorted(documents, key=export_order)
    for build in BUILDS:
        readable = [document for document in ordered if build != "library" or not document.body.figures.abort_at]
        parts = [document.body.figures.part(build) for document in readable]
        for start, stop, part in _subsets(parts):
            if matches_numbers(body, numbers([part], build)):
                kept = {document.path for document in (*readable[:start], *readable[stop:])}
                return (build,), tuple(document.path for document in ordered if document.path not in kept)
    return (), ()


def _subsets(parts: Sequence[Part]) -> Iterator[tuple[int, int, Part]]:
    """Unions of parts with a slice left out, as its bounds: none, each single one, then ever more of the last."""
    heads, tails = [EMPTY], [EMPTY]
    for part in parts:
        heads.append(joined(heads[-1], part))
    for part in reversed(parts):
        tails.append(joined(part, tails[-1]))
    count = len(parts)
    yield count, count, heads[count]
    for index in range(count - 1, -1, -1):
        yield index, index + 1, joined(heads[index], tails[count - index - 1])
    for index in range(count - 2, 0, -1):
        yield index, count, heads[index]


def _untimed(documents: Sequence[Document]) -> tuple[tuple[str, int], ...]:
    return tuple((document.path, index) for document in documents for index in document.body.figures.untimed)
