"""What a session comes to: recomputed blocks, a bundle from bare events, a summary row (sections 7.9, 10.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from teleloupe.formats.svr import vocabulary as words
from teleloupe.formats.svr.amounts import plain
from teleloupe.formats.svr.composing import block, report_block, score_block, tallies
from teleloupe.formats.svr.contract import Contract
from teleloupe.formats.svr.csvtext import cell, csv_bytes
from teleloupe.formats.svr.instants import seconds_text
from teleloupe.formats.svr.judging import recomputed
from teleloupe.formats.svr.session import Session, bundle_session
from teleloupe.model import Issue


def evidence(session: Session, contract: Contract) -> dict[str, Any]:
    """What the events give: `available` (in full), digest, score and report (None without a rubric), all tallies."""
    found = recomputed(session, contract)
    return {
        "available": found is not None and found.rubric.is_supported,
        "sha256": session.digest,
        "score": score_block(found) if found else None,
        "report": report_block(found, session.bundle) if found else None,
        "tallies": tallies(session.bundle, session.elements if session.has_events else None, found, contract),
    }


def built(session: Session, contract: Contract) -> Mapping[str, Any]:
    """The bundle with score and report from the evidence where it has none of its own; what is there stays."""
    given = evidence(session, contract)
    made = {name: given[name] for name in ("score", "report") if name not in session.bundle and given[name] is not None}
    return {**session.bundle, **made}


def as_bundle(session: Session, scenario_id: str, exported_at: str = "") -> Session:
    """Bare events as a session of a scenario: ids as the first event has them, the rest of the bundle still missing.

    The export time is an input; without one the bundle has none, so that equal events give equal bytes.
    """
    bundle: dict[str, Any] = {
        "session_id": _first_text(session.elements, "session_id"),
        "participant_id": _first_text(session.elements, "participant_id"),
        "scenario_id": scenario_id,
        **({"exported_at": exported_at} if exported_at else {}),
        "events": list(session.elements),
    }
    return bundle_session(bundle)


def summary_row(session: Session, contract: Contract, issues: Iterable[Issue]) -> tuple[str, ...]:
    """The cells of a session in the summary profile; `issues` are those of its own file."""
    found = recomputed(session, contract)
    is_whole = found is not None and found.rubric.is_supported
    timed = [(instant, index) for index, instant in enumerate(session.instants) if instant is not None]
    first, last = (min(timed), max(timed)) if timed else (None, None)
    score = block(session.bundle, "score")
    severities = [(issue.severity, issue.count) for issue in issues]
    failed = [e for e in session.elements if isinstance(e, dict) and e.get("outcome") in ("fail", "partial")]
    values = (
        *(session.bundle.get(field) for field in ("session_id", "participant_id", "scenario_id")),
        len(session.elements),
        first and session.elements[first[1]]["timestamp"],
        last and session.elements[last[1]]["timestamp"],
        first and last and seconds_text(last[0] - first[0]),
        score.get("score_total"),
        score.get("status"),
        plain(found.total) if found and is_whole else None,
        found.status if found and is_whole else None,
        plain(found.audit) if found else None,
        plain(found.re_audit_delta) if found and found.has_re_audit else None,
        len(found.penalties) if found else None,
        len(failed),
        *(sum(count for found_as, count in severities if found_as == word) for word in ("error", "warning", "info")),
    )
    return tuple(map(cell, values))


def summary_csv(rows: Iterable[tuple[str, Sequence[str]]]) -> bytes:
    """The summary of many sessions, given file name and cells of each: by session id, then by file name."""
    ordered = sorted(rows, key=lambda row: (row[1][0], row[0]))
    return csv_bytes(words.SUMMARY_COLUMNS, (cells for _, cells in ordered))


def claimed(session: Session) -> dict[str, Any]:
    """The score and report blocks as the file has them, None where it has none."""
    return {name: session.bundle.get(name) for name in ("score", "report")}


def _first_text(elements: Sequence[Any], field: str) -> str:
    texts = (element.get(field) for element in elements if isinstance(element, dict))
    return next((text for text in texts if isinstance(text, str) and text), "")
