"""Clamp's own looks at sessions, summaries and their directories."""

from __future__ import annotations

from functools import partial

from teleloupe.formats import View
from teleloupe.formats.clamp.anchors_view import alignment_charts, alignment_table, anchors_charts, anchors_table
from teleloupe.formats.clamp.distribution_view import distribution_charts, distribution_table
from teleloupe.formats.clamp.groups_view import groups_charts, groups_table
from teleloupe.formats.clamp.held_view import held_table
from teleloupe.formats.clamp.live_summary import summary_table
from teleloupe.formats.clamp.provenance_view import build_info_table
from teleloupe.model import DIRECTORY

_RECORDS = ("session", DIRECTORY)

VIEWS = (
    View(
        "live-summary",
        "Summary",
        "What the session files give now beside the summary on disk: look for differs, stale, held, corrupt, skipped.",
        ("session", "summary", DIRECTORY),
        summary_table,
    ),
    View(
        "in-flight",
        "In flight",
        "Anchors that an export shows held, followed to the export that shows them released: look for leaked.",
        _RECORDS,
        held_table,
    ),
    View(
        "anchors",
        "Anchors",
        "Every record on one time axis as recorded: look for gaps, long anchors, and threads that wait.",
        _RECORDS,
        anchors_table,
        anchors_charts,
    ),
    View(
        "alignment",
        "Alignment",
        "Files moved to a common start, each with its delta; nothing is written back.",
        (DIRECTORY,),
        alignment_table,
        alignment_charts,
    ),
    View(
        "distributions",
        "Distributions",
        "How long anchors are held and how stable they are: look for a second hump, and for a tail.",
        _RECORDS,
        distribution_table,
        distribution_charts,
    ),
    View(
        "contexts",
        "Contexts",
        "Records by context: look for one that is held long, or scores low.",
        _RECORDS,
        partial(groups_table, "context"),
        partial(groups_charts, "context"),
    ),
    View(
        "threads",
        "Threads",
        "Records by thread: look for one that does all the work, or holds long.",
        _RECORDS,
        partial(groups_table, "thread_id"),
        partial(groups_charts, "thread_id"),
    ),
    View(
        "build-info",
        "Build info",
        "Provenance that a summary recorded against the snapshot near it: look for differs and unknown.",
        ("summary", "snapshot", DIRECTORY),
        build_info_table,
    ),
)
