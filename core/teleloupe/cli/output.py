"""Values to the JSON of the command line: teleloupe.check/1 and teleloupe.document/1, which only gain members."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from teleloupe.model import Document, Issue, Snapshot, Verdict
from teleloupe.safe import safe_json
from teleloupe.streams import write_stdout


def encoded(value: object) -> bytes:
    """A value as indented JSON with a final newline; text that no UTF-8 holds or a terminal would obey is escaped."""
    try:
        return safe_json(msgspec.json.format(msgspec.json.encode(value), indent=2)) + b"\n"
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value), indent=2).encode("ascii") + b"\n"


def print_json(value: object) -> None:
    """Write a value to stdout as indented JSON."""
    write_stdout(encoded(value))


def issue_json(issue: Issue) -> dict[str, Any]:
    """An issue in the answers of `check` and `show`."""
    return {
        "rule": issue.rule.id,
        "code": issue.rule.code,
        "severity": issue.severity,
        "at": issue.at,
        "count": issue.count,
        "message": issue.message,
        "expected": issue.expected,
        "actual": issue.actual,
    }


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A claim and what became of it."""
    return {
        "claimant": verdict.claim.claimant,
        "kind": verdict.claim.kind,
        "expected": verdict.claim.expected,
        "actual": verdict.actual,
        "verdict": verdict.word,
        "proof": verdict.proof,
    }


def document_json(document: Document, issues: Sequence[Issue], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """A document's entry in the answer of `check`."""
    return {
        "path": document.path,
        "format": document.format,
        "kind": document.kind,
        "why": document.why,
        "records": len(document.records),
        "size": document.size,
        "sha256": document.sha256,
        "complete": document.is_complete,
        "issues": [issue_json(issue) for issue in issues],
        "claims": [verdict_json(verdict) for verdict in verdicts],
    }


def check_json(snapshot: Snapshot) -> dict[str, Any]:
    """The answer of `check --output json`."""
    by_subject: dict[str, list[Verdict]] = {}
    for verdict in snapshot.verdicts:
        by_subject.setdefault(verdict.subject, []).append(verdict)
    documents = [
        document_json(document, snapshot.issues_of(path), by_subject.get(path, ()))
        for path, document in snapshot.documents.items()
    ]
    return {
        "schema": "teleloupe.check/1",
        "root": snapshot.root,
        "documents": documents,
        "summary": summary(snapshot),
    }


def summary(snapshot: Snapshot) -> Mapping[str, Any]:
    """How many documents, records, issues by severity, and claims by verdict."""
    counts = {"error": 0, "warning": 0, "info": 0}
    for _, issue in snapshot.issues():
        counts[issue.severity] += issue.count
    claims: dict[str, int] = {}
    for verdict in snapshot.verdicts:
        claims[verdict.word] = claims.get(verdict.word, 0) + 1
    return {
        "documents": len(snapshot.documents),
        "records": sum(len(document.records) for document in snapshot.documents.values()),
        **counts,
        "claims": dict(sorted(claims.items())),
    }


def record_json(record: Any) -> Any:
    """A record as its file has it: a decoded mapping as it is, a Struct by its encoded names."""
    return record if isinstance(record, dict) else msgspec.to_builtins(record)


def shown_json(
    document: Document, rows: Sequence[Any], verdicts: Sequence[Verdict], limit: int | None
) -> dict[str, Any]:
    """The answer of `show --output json`, with these of the document's records."""
    records = rows if limit is None else rows[:limit]
    answer: dict[str, Any] = {
        "schema": "teleloupe.document/1",
        "path": document.path,
        "format": document.format,
        "kind": document.kind,
        "why": document.why,
        "complete": document.is_complete,
        "sha256": document.sha256,
        "header": document.header,
        "columns": [{"name": c.name, "unit": c.unit or None, "type": c.type} for c in document.columns],
        "records": [record_json(record) for record in records],
        "issues": [issue_json(issue) for issue in document.issues],
        "claims": [verdict_json(verdict) for verdict in verdicts],
    }
    if len(records) < len(document.records):
        answer["records_total"] = len(document.records)
    return answer
