"""What `check` found, in the forms that people and CI systems read."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

from teleloupe import __version__, tables
from teleloupe.cli.color import painted
from teleloupe.cli.output import check_json, encoded, issue_json, summary
from teleloupe.cli.roots import placed
from teleloupe.export import encode
from teleloupe.model import SEVERITIES, Issue, Snapshot
from teleloupe.safe import compact, safe, safe_json

Report = Callable[[Snapshot], bytes]

_SARIF_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_GITHUB_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def text(snapshot: Snapshot, *, is_colored: bool = False) -> bytes:
    """A line an issue, files in order, and a line of totals; every sum that fails is an issue too."""
    lines = [_line(path, issue, is_colored=is_colored) for path, issue in snapshot.issues()]
    return "".join(f"{line}\n" for line in [*lines, totals(snapshot)]).encode()


def totals(snapshot: Snapshot) -> str:
    """How many files, records, issues and claims, in a line."""
    counts = summary(snapshot)
    claims = ", ".join(f"{count} {word}" for word, count in counts["claims"].items())
    found = ", ".join(_counted(counts[severity], severity) for severity in SEVERITIES)
    return f"{_counted(counts['documents'], 'file')}, {_counted(counts['records'], 'record')}: {found}" + (
        f"; sums: {claims}" if claims else ""
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def as_json(snapshot: Snapshot) -> bytes:
    """Schema teleloupe.check/1."""
    return encoded(check_json(snapshot))


def jsonl(snapshot: Snapshot) -> bytes:
    """One document a line, as in the JSON answer."""
    return b"".join(safe_json(compact(entry).encode()) + b"\n" for entry in check_json(snapshot)["documents"])


def markdown(snapshot: Snapshot) -> bytes:
    """A summary for a pull request: totals, causes, issues."""
    parts = [f"# Telemetry check\n\n{totals(snapshot)}\n".encode()]
    if any(True for _ in snapshot.issues()):
        parts += [b"\n## Causes\n\n", encode(tables.causes(snapshot), "markdown")]
        parts += [b"\n## Issues\n\n", encode(tables.issues(snapshot), "markdown")]
    return b"".join(parts)


def github(snapshot: Snapshot) -> bytes:
    """Workflow commands that annotate the files of a pull request, whose paths are those from the current directory."""
    return "".join(f"{line}\n" for line in _annotations(snapshot)).encode()


def sarif(snapshot: Snapshot) -> bytes:
    """SARIF 2.1.0; places are URIs from the current directory, which in a pipeline is that of the repository."""
    rules = {issue.rule.id: issue.rule for _, issue in snapshot.issues()}
    driver = {
        "name": "teleloupe",
        "version": __version__,
        "rules": [
            {
                "id": rule.id,
                "name": rule.code,
                "shortDescription": {"text": rule.summary},
                "defaultConfiguration": {"level": _SARIF_LEVELS[rule.severity]},
            }
            for _, rule in sorted(rules.items())
        ],
    }
    results = [_sarif_result(placed(snapshot, path), issue) for path, issue in snapshot.issues()]
    return encoded(
        {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
    )


def junit(snapshot: Snapshot) -> bytes:
    """JUnit XML: a test case a file, failed by its errors; warnings and infos are its output."""
    cases, failed = [], 0
    for path in snapshot.documents:
        found = snapshot.issues_of(path)
        errors = [issue for issue in found if issue.severity == "error"]
        failed += bool(errors)
        cases.append(_junit_case(path, errors, [issue for issue in found if issue.severity != "error"]))
    head = f'<testsuite name="teleloupe" tests="{len(cases)}" failures="{failed}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>", ""]).encode(
        "utf-8", "replace"
    )


REPORTS: dict[str, Report] = {
    "text": text,
    "json": as_json,
    "jsonl": jsonl,
    "sarif": sarif,
    "junit": junit,
    "github": github,
    "markdown": markdown,
}


def _line(path: str, issue: Issue, *, is_colored: bool = False) -> str:
    """A place, what is wrong, and the two values where the rule names them."""
    values = [
        f"{name} {safe(value)}" for name, value in (("expected", issue.expected), ("found", issue.actual)) if value
    ]
    more = f" (and {issue.count - 1} more)" if issue.count > 1 else ""
    at = f" {safe(issue.at)}" if issue.at else ""
    told = f"; {', '.join(values)}" if values else ""
    severity = painted(issue.severity, issue.severity) if is_colored else issue.severity
    return f"{safe(path)}{at}: {severity} {issue.code}: {safe(issue.message)}{told}{more}"


def _line_number(issue: Issue) -> int | None:
    match = re.match(r"line (\d+)", issue.at)
    return int(match[1]) if match else None


def _annotations(snapshot: Snapshot) -> Iterator[str]:
    for path, issue in snapshot.issues():
        line = _line_number(issue)
        place = (
            f"file={_property(placed(snapshot, path))}"
            + (f",line={line}" if line else "")
            + f",title={_property(issue.code)}"
        )
        message = f"{issue.at}: {issue.message}" if issue.at and not line else issue.message
        yield f"::{_GITHUB_LEVELS[issue.severity]} {place}::{_message(safe(message))}"


def _message(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _message(safe(value)).replace(":", "%3A").replace(",", "%2C")


def _sarif_result(path: str, issue: Issue) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(path)}}
    if line := _line_number(issue):
        place["region"] = {"startLine": line}
    location: dict[str, Any] = {"physicalLocation": place}
    if issue.at:
        location["logicalLocations"] = [{"fullyQualifiedName": issue.at}]
    return {
        "ruleId": issue.rule.id,
        "level": _SARIF_LEVELS[issue.severity],
        "message": {"text": issue.message},
        "locations": [location],
        "properties": issue_json(issue),
    }


def _uri(path: str) -> str:
    """A path as a URI reference (RFC 3986), byte for byte."""
    from urllib.parse import quote

    return ("file://" if os.path.isabs(path) else "") + quote(os.fsencode(path))


def _junit_case(path: str, errors: list[Issue], others: list[Issue]) -> str:
    lines = [f"  <testcase name={_quoted(path)}>"]
    if errors:
        lines.append(f"    <failure message={_quoted(errors[0].message)}>{_told(path, errors)}</failure>")
    if others:
        lines.append(f"    <system-out>{_told(path, others)}</system-out>")
    return "\n".join([*lines, "  </testcase>"])


def _quoted(value: str) -> str:
    return f'"{_escaped(safe(value))}"'


def _told(path: str, issues: list[Issue]) -> str:
    return _escaped("\n".join(_line(path, issue) for issue in issues))


def _escaped(text: str) -> str:
    import html

    return html.escape(text)
