"""SVR training sessions: events, score, report, their CSV views and the contract that judges them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from teleloupe.columns import column
from teleloupe.formats import Format, Kind
from teleloupe.formats.svr.detection import detect
from teleloupe.formats.svr.judging import validate
from teleloupe.formats.svr.lines import extend
from teleloupe.formats.svr.reading import parse
from teleloupe.formats.svr.relations import adopt, relate
from teleloupe.formats.svr.rules import RULES
from teleloupe.formats.svr.views import VIEWS, products, regenerate

_IDS = (
    column("session_id", "identifier of the session, sess-YYYYMMDD-NNN"),
    column("participant_id", "pseudonym of the person trained, anon-..."),
    column("scenario_id", "the scenario that was run"),
)
_RESULT = (
    column("score_total", "the score, 0 to 100", unit="points", type="number"),
    column("status", "what the score means: pass, conditional_pass or fail"),
    column("why", "the reasons, one text each", type="json"),
)
_SESSION = (
    *_IDS,
    column("exported_at", "when the file was written, ISO 8601 in UTC; no evidence"),
    column("score", "the score as the producer states it", type="json"),
    column("report", "the report as the producer states it", type="json"),
)
_REPORT = (
    *_IDS,
    *_RESULT,
    column("objective_breakdown", "every objective with its weight, result and evidence", type="json"),
    column("critical_errors", "every penalised error with the event that is to blame", type="json"),
    column("recommended_microdrills", "the drills that the policy assigns", type="json"),
    column("re_audit_delta", "what the re-audit changed", type="json"),
)
_CONTRACT = (column("scenario_id", "the scenario it is about"), column("version", "version of the contract"))

KINDS = (
    Kind("session", "session", _SESSION),
    Kind("golden-run", "golden run", _SESSION),
    Kind("events", "events"),
    Kind("timeline-csv", "timeline CSV"),
    Kind("full-csv", "full CSV"),
    Kind("summary-csv", "summary CSV"),
    Kind("report", "report", _REPORT),
    Kind(
        "rubric",
        "rubric",
        (
            *_CONTRACT,
            column("max_score", "the highest total", unit="points", type="number"),
            column("pass_threshold", "from here on a total is a pass", unit="points", type="number"),
            column(
                "conditional_pass_threshold", "from here on a total is a conditional pass", unit="points", type="number"
            ),
        ),
    ),
    Kind(
        "scenario",
        "scenario",
        (*_CONTRACT, column("duration_minutes", "how long a session is planned to last", unit="min", type="number")),
    ),
    Kind("microdrills", "micro-drills", _CONTRACT),
    Kind("content-manifest", "content manifest"),
    Kind("locale", "locale"),
    Kind("schema", "JSON schema"),
    Kind("expected-score", "expected score", _RESULT),
)


def record_key(record: Any, _kind: str) -> Hashable:
    """What identifies an event among the others: its event_id, also in the full CSV."""
    event_id = record.get("event_id") if isinstance(record, dict) else None
    return event_id if isinstance(event_id, str) and event_id else None


FORMAT = Format(
    id="svr",
    title="SVR",
    source="SVR specification",
    kinds=KINDS,
    rules=RULES,
    detect=detect,
    parse=parse,
    validate=validate,
    adopt=adopt,
    relate=relate,
    extend=extend,
    views=VIEWS,
    products=products,
    regenerate=regenerate,
    key=record_key,
    absences=frozenset({"svr/csv-pair-missing", "svr/golden-not-checkable", "svr/score-not-recomputable"}),
)
