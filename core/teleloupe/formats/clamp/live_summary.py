"""A session directory's summary as its files give it now, beside the summary on disk and what explains the two."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats import Product
from teleloupe.formats.clamp.build_info import recorded_by
from teleloupe.formats.clamp.comparison import shown
from teleloupe.formats.clamp.dialects import DRIFT_MEANING
from teleloupe.formats.clamp.directory import session_folders
from teleloupe.formats.clamp.explanation import Explanation, explain
from teleloupe.formats.clamp.export import summary_text
from teleloupe.formats.clamp.figures import Numbers, numbers
from teleloupe.formats.clamp.overview import Overview, overview
from teleloupe.formats.clamp.relations import followed, newer_files, sessions_of, snapshot_beside
from teleloupe.formats.clamp.scope import folders_of, is_below
from teleloupe.formats.clamp.summary import SummaryBody, number_of
from teleloupe.model import DIRECTORY, Document, Place, Table

SUMMARY_NAME = "telemetry_summary.json"
NAMED_FILES = 5  # that a note lists; the count tells of the others


class Measure(Struct, frozen=True):
    """One number of a session directory, now and in a summary."""

    measure: Annotated[str, Meta(description="what is counted or computed; the first four are a summary's own")]
    files: Annotated[float | None, Meta(description="what the session files give now, by the specification")]
    summary: Annotated[float | None, Meta(description="what the summary on disk says")]
    unit: Annotated[str, Meta(description="unit of both numbers")]
    state: Annotated[str, Meta(description="same, differs, stale ... ; live only: no summary has this number")]
    note: Annotated[str, Meta(description="what explains it")]
    directory: Annotated[str, Meta(description="the session directory")]
    place: Place


class Sessions(Struct, frozen=True, eq=False):
    """A session directory ("" is the root) with one of the summaries that speak of it; either may not be there."""

    folder: str | None
    files: tuple[Document, ...] = ()
    summary: Document | None = None

    @property
    def directory(self) -> str:
        """The directory's path as a document has it; empty when it is not there."""
        return "" if self.folder is None else self.folder or "."


_CONTRACT = (
    ("session_count", "records", "records, in spite of the name"),
    ("mean_stability", "", "in-flight records count as 0"),
    ("stability_variance", "", "of the sample"),
    ("drift_index", "ms", DRIFT_MEANING["current"]),
)
_explained: dict[str, tuple[Document, tuple[Document, ...], Explanation]] = {}
_MOST_EXPLAINED = 256


def summary_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """The live summaries of the session directories that a document is about."""
    rows = [row for one in sessions_of_view(document, documents) for row in _measures(one)]
    return table_of("Summary", Measure, rows)


def summary_products(document: Document, documents: Mapping[str, Document]) -> Iterator[Product]:
    """The specification's telemetry_summary.json of each session directory.

    Its source directory is the one that the summary on disk names. Without one it is relative to the root, for
    documents do not know where the root lies.
    """
    for folder, one in {one.folder: one for one in reversed(sessions_of_view(document, documents))}.items():
        if folder is None:
            continue
        home = folder.rpartition("/")[0]
        beside = one.summary.path if one.summary else f"{home}/{SUMMARY_NAME}" if home else SUMMARY_NAME
        source = one.summary.body.values.get("source_directory") if one.summary else None
        snapshot = snapshot_beside(beside.rpartition("/")[0], documents)
        build_info = recorded_by("specification", snapshot.body.text, snapshot.body.root) if snapshot else None
        place = source if isinstance(source, str) else folder or "."
        yield Product(beside, summary_text(place, _numbers(one.files), "specification", build_info))


def sessions_of_view(document: Document, documents: Mapping[str, Document]) -> list[Sessions]:
    """The session directories that a document is about, once for each summary that speaks of them.

    Of a directory also the summaries below it that speak of none that is here.
    """
    folders = folders_of(document, documents)
    if isinstance(document.body, SummaryBody):
        folder, files = next(iter(folders.items()), (None, ()))
        return [Sessions(folder, files, document)]
    summaries = _summaries(documents)
    found = [
        Sessions(folder, files, summary)
        for folder, files in folders.items()
        for summary in summaries.get(folder, (None,))
    ]
    is_all = document.kind == DIRECTORY
    return found + [Sessions(None, (), one) for one in summaries.get(None, ()) if is_all and is_below(one, document)]


def explained(one: Sessions) -> Explanation:
    """Why a summary differs from its files; the same answer until one of them changes."""
    if one.summary is None or one.folder is None:
        return Explanation()
    known = _explained.get(one.summary.path)
    if known and known[0] is one.summary and known[1] == one.files:
        return known[2]
    if len(_explained) >= _MOST_EXPLAINED:
        _explained.clear()
    found = explain(one.summary.body, one.files)
    _explained[one.summary.path] = one.summary, one.files, found
    return found


def _summaries(documents: Mapping[str, Document]) -> dict[str | None, list[Document]]:
    """The summaries that speak of each session directory; under None those whose directory is not here."""
    folders = session_folders(documents)
    found: dict[str | None, list[Document]] = {}
    for document in documents.values():
        if isinstance(document.body, SummaryBody):
            place = sessions_of(document, folders)
            found.setdefault(place[0] if place else None, []).append(document)
    return found


def _measures(one: Sessions) -> Iterator[Measure]:
    if one.folder is None:
        yield from _contract_measures(one, None)
        return
    found = overview(one.files, followed(one.folder, one.files))
    yield from _contract_measures(one, found.numbers)
    if one.summary is not None:
        yield from _verdicts(one, one.summary)
    yield from _live_measures(one, found)


def _contract_measures(one: Sessions, found: Numbers | None) -> Iterator[Measure]:
    """The four numbers that summaries have."""
    body: SummaryBody | None = one.summary.body if one.summary else None
    given = (found.count, found.mean, found.variance, found.drift_ms) if found else (None,) * len(_CONTRACT)
    for (group, unit, note), value in zip(_CONTRACT, given, strict=True):
        said = number_of(body, group) if body else None
        yield Measure(
            group,
            _rounded(value),
            _rounded(said),
            unit,
            _state(one, group, said),
            DRIFT_MEANING[body.dialect] if body and group == "drift_index" else note,
            one.directory,
            Place(one.summary.path, body.places.get(group, "")) if one.summary and body else Place(one.directory),
        )


def _state(one: Sessions, group: str, said: float | None) -> str:
    if one.summary is None:
        return "no summary"
    if said is None or one.folder is None:
        return "not said" if said is None else "no sessions"
    return "differs" if any(each.group == group for each in explained(one).differences) else "same"


def _verdicts(one: Sessions, summary: Document) -> Iterator[Measure]:
    """Whether the summary can be what its files give: what explains it, and whether files are newer."""
    found = explained(one)
    if found.differences:
        state = "explained" if found.explained_by else "unexplained"
        yield _live(one, "explanation", None, "", state, _reason(found), Place(summary.path))
    newer = newer_files(summary, one.files)
    note = f"newer than the summary: {_names(newer)}" if newer else "no session file is newer than the summary"
    state = "stale" if newer else "fresh"
    yield _live(one, "newer_files", len(newer), "files", state, note, Place(newer[0].path if newer else summary.path))


def _reason(found: Explanation) -> str:
    """An explanation in a sentence."""
    if not found.explained_by:
        text = "no build of the producer gives these numbers from these files"
    else:
        text = f"what the {' or '.join(found.explained_by)} build gives"
        if found.left_out:
            text += f" without {', '.join(found.left_out[:NAMED_FILES])}{_more(found.left_out)}"
    if found.untimed:
        path, index = found.untimed[0]
        text += f"; record {index} of {path} has no usable time and was given a placeholder"
    return text


def _live_measures(one: Sessions, found: Overview) -> Iterator[Measure]:
    """What a reader should know about the numbers, which no summary tells."""
    copies, skipped = found.numbers.count - found.unique_count, found.skipped
    mean = None if found.released_mean is None else _rounded(found.released_mean)
    yield _live(one, "released_mean", mean, "", "live only", f"over {found.released_count} released records alone")
    note = f"{copies} records are copies in cumulative exports"
    yield _live(one, "unique_count", found.unique_count, "records", "repeated" if copies else "live only", note)
    note = "in flight, and released in no later export: counted as 0 in the mean"
    yield _live(one, "held", found.held, "records", "held" if found.held else "none", note)
    note = "scores outside 0..1: telemetry corruption"
    yield _live(one, "corrupt", found.out_of_range, "records", "corrupt" if found.out_of_range else "none", note)
    note = ", ".join(skipped[:NAMED_FILES]) + _more(skipped) if skipped else "every file can be read"
    place = Place(skipped[0]) if skipped else None
    yield _live(one, "skipped", len(skipped), "files", "skipped" if skipped else "none", note, place)
    yield _live(one, "files", found.files, "files", "live only", "that the aggregator opens")


def _live(
    one: Sessions, measure: str, value: float | None, unit: str, state: str, note: str, place: Place | None = None
) -> Measure:
    return Measure(measure, value, None, unit, state, note, one.directory, place or Place(one.directory))


def _names(documents: Sequence[Document]) -> str:
    return ", ".join(document.name for document in documents[:NAMED_FILES]) + _more(documents)


def _more(listed: Sequence[object]) -> str:
    return f" and {len(listed) - NAMED_FILES} more" if len(listed) > NAMED_FILES else ""


def _rounded(value: float | None) -> float | None:
    """A number with the six decimals of a summary; None when no double holds it."""
    if value is None or isinstance(value, int):
        return value
    return float(shown("", value)) if math.isfinite(value) else None


def _numbers(files: Sequence[Document]) -> Numbers:
    return numbers([file.body.figures.specification for file in files], "specification")
