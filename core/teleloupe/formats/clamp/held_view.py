"""Anchors in flight, followed across the exports of a directory: released later, still held, or leaked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.clamp.overview import HeldAnchor, held_anchors
from teleloupe.formats.clamp.relations import followed
from teleloupe.formats.clamp.scope import folders_of
from teleloupe.formats.clamp.shapes import Body
from teleloupe.model import DIRECTORY, Document, Place, Table

State = Literal["released", "held", "leaked"]


class Anchor(Struct, frozen=True):
    """An anchor that at least one export shows in flight."""

    state: Annotated[
        State,
        Meta(description="released: a later export shows it; held: in the newest export; leaked: no later export does"),
    ]
    context: Annotated[str, Meta(description="what the anchor is held for")]
    thread: Annotated[str, Meta(description="the acquiring thread")]
    seed: Annotated[int | None, Meta(description="the anchor's seed")]
    acquired_at: Annotated[str, Meta(description="acquisition, UTC, as printed")]
    exports: Annotated[int, Meta(description="exports that show it in flight")]
    held_in: Annotated[str, Meta(description="the last export that shows it in flight")]
    released_in: Annotated[str, Meta(description="the export that shows it released")]
    held_for: Annotated[float | None, Meta(description="time held, once it is released", extra={"unit": "ms"})]
    place: Place


def held_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """The in-flight anchors of a file, or of all session directories at or below a directory."""
    only = None if document.kind == DIRECTORY else document.path
    rows: list[Anchor] = []
    for folder, files in folders_of(document, documents).items():
        sessions = [file for file in files if isinstance(file.body, Body)]
        rows += _anchors(held_anchors(sessions, followed(folder, files)), only)
    return table_of("In flight", Anchor, rows)


def _anchors(found: Sequence[HeldAnchor], only: str | None) -> list[Anchor]:
    """One row an anchor, in the order in which the exports show them first; `only` those that a file shows."""
    records: dict[tuple[object, ...], list[HeldAnchor]] = {}
    for one in found:
        records.setdefault((one.seed, one.context, one.thread, one.acquired_at), []).append(one)
    return [_anchor(seen, only) for seen in records.values() if only is None or any(one.path == only for one in seen)]


def _anchor(seen: Sequence[HeldAnchor], only: str | None) -> Anchor:
    last = seen[-1]
    at = next((one for one in seen if one.path == only), last)
    release = last.release
    return Anchor(
        "released" if release else "held" if last.is_newest else "leaked",
        last.context,
        last.thread,
        last.seed,
        last.acquired_at,
        len(seen),
        last.path,
        release.path if release else "",
        release.duration_ms if release else None,
        Place(at.path, f"/records/{at.index}"),
    )
