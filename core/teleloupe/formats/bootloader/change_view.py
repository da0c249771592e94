"""What changed from one generation to the next, instruction by instruction, beside what the history says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.bootloader.comparison import GenerationDiff, Hunk, described, generation_diff
from teleloupe.formats.bootloader.outline import TABLE
from teleloupe.formats.bootloader.scope import report_in_view, runs_in_view
from teleloupe.formats.bootloader.shapes import Report
from teleloupe.model import Document, Place, Table

Verdict = Literal["explained", "not explained", "not judged"]

CONTEXT = 3  # unchanged instructions shown before and after a change
_VERDICTS: dict[bool | None, Verdict] = {True: "explained", False: "not explained", None: "not judged"}


class Line(Struct, frozen=True):
    """An instruction of either generation; or, first, what the history says."""

    change: Annotated[
        Verdict | Literal["same", "removed", "inserted"],
        Meta(description="what became of the instruction; first, whether the EVOLVE text explains the change"),
    ]
    before: Annotated[int | None, Meta(description="place in the preceding generation's code")]
    after: Annotated[int | None, Meta(description="place in this generation's code")]
    instruction: Annotated[str, Meta(description="name and immediate bytes; first, the EVOLVE text")]
    note: Annotated[str, Meta(description="what is left out, or which byte of the payload differs first")]
    place: Place


def change_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """The change that led to a report, or to the newest one of the newest run below a directory."""
    rows: list[Line] = []
    for run in runs_in_view(document, documents)[-1:]:
        after = report_in_view(document, run)
        if after is None:
            continue
        before = run.before(after)
        if before is None:
            note = "no report of the preceding generation is here"
            rows.append(Line("not judged", None, None, "", note, Place(after.path)))
        else:
            rows += _lines(before, after)
    return table_of("Change", Line, rows)


def _lines(before: Document, after: Document) -> Iterator[Line]:
    found = generation_diff(before.body, after.body)
    place = Place(after.path, after.body.at(TABLE))
    text = found.mutation or "no EVOLVE row"
    yield Line(_VERDICTS[found.is_explained], None, None, text, _note(found, before.body, after.body), place)
    for number, hunk in enumerate(found.hunks):
        yield from _hunk_lines(hunk, place, is_first=number == 0, is_last=number == len(found.hunks) - 1)


def _note(found: GenerationDiff, before: Report, after: Report) -> str:
    if before.kernel is None or after.kernel is None:
        return "a payload is missing"
    if found.first_byte is None:
        return "the payloads are equal"
    repaired = "; a repair replaced the kernel" if found.is_explained is None and after.history is not None else ""
    return f"the payloads differ from byte {found.first_byte}{repaired}"


def _hunk_lines(hunk: Hunk, place: Place, *, is_first: bool, is_last: bool) -> Iterator[Line]:
    """The instructions of a hunk; of an unchanged one only those beside a change."""
    count, is_same = len(hunk.code), hunk.change == "same"
    left_out = range(0 if is_first else CONTEXT, count - (0 if is_last else CONTEXT)) if is_same else range(0)
    for index, instruction in enumerate(hunk.code):
        if index not in left_out:
            before = hunk.before + index if hunk.change != "inserted" else None
            after = hunk.after + index if hunk.change != "removed" else None
            yield Line(hunk.change, before, after, described(instruction), "", place)
        elif index == left_out.start:
            yield Line("same", None, None, "", f"{len(left_out)} unchanged", place)
