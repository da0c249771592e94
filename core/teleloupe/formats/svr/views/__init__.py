"""SVR's own looks at sessions and folders of them (section 16), and the files made of them (section 10)."""

from __future__ import annotations

from teleloupe.formats import View
from teleloupe.formats.svr.detection import EVENTS, SESSION_KINDS
from teleloupe.formats.svr.views import course, gaps, score, sessions, timeline
from teleloupe.formats.svr.views.products import products as products
from teleloupe.formats.svr.views.products import regenerate as regenerate
from teleloupe.model import DIRECTORY

_ALL = (*SESSION_KINDS, EVENTS)

VIEWS = (
    View(
        "score-audit",
        "Score audit",
        "every way to the total with the events behind it; look for a number that differs from the claimed one",
        _ALL,
        score.audit_table,
        score.audit_charts,
    ),
    View(
        "evidence",
        "Evidence",
        "every objective and critical error, as reported and as the events show it; look for what differs",
        _ALL,
        score.evidence_table,
    ),
    View(
        "timeline",
        "Timeline",
        "every event in time with its worth beside the logged points; look for points that differ",
        _ALL,
        timeline.events_table,
        timeline.charts,
    ),
    View(
        "phases",
        "Phases",
        "phases against their timeboxes and the windows of the objectives; look for what is overlong or not met",
        _ALL,
        timeline.phases_table,
        timeline.charts,
    ),
    View(
        "re-audit",
        "Audit and re-audit",
        "every objective before and after; look for what regressed or rests on attestation only",
        _ALL,
        course.changes_table,
    ),
    View(
        "missing",
        "Is anything missing",
        "numbering gaps, citations of absent events, left-out failures, blocks and rows, a question a row",
        _ALL,
        gaps.missing_table,
    ),
    View(
        "lineage",
        "Lineage",
        "phases, drills and re-audit in order, and other files of the session; look for steps that are skipped",
        _ALL,
        course.steps_table,
    ),
    View(
        "privacy",
        "Privacy",
        "whether the file may leave the building and what to remove before",
        _ALL,
        gaps.privacy_table,
    ),
    View(
        "sessions",
        "Sessions",
        "one row a session, claimed beside recomputed; look for those that differ or must not leave",
        (DIRECTORY,),
        sessions.table,
    ),
)
