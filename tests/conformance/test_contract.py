"""The JSON answers keep the command line's contract, field by field, over every corpus."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from functools import cache
from typing import Any

import pytest
from corpora import CORPUS, answer, files_below, needs_corpora

from teleloupe import formats
from teleloupe.cli.output import issue_json
from teleloupe.formats import Kind
from teleloupe.provenance.causes import WORDS

pytestmark = needs_corpora

Object = dict[str, Any]
SEVERITIES = ["error", "warning", "info"]
CLAIM_KINDS = {"sidecar", "embedded", "content-id", "twin", "size", "kernel-file"}
DOCUMENT_KEYS = ["path", "format", "kind", "why", "records", "size", "sha256", "complete", "issues", "claims"]
ISSUE_KEYS = ["rule", "code", "severity", "at", "count", "message", "expected", "actual"]
CLAIM_KEYS = ["claimant", "kind", "expected", "actual", "verdict", "proof"]
PROOF_KEYS = {"form", "source", "path", "blob", "commit", "when"}
SHOWN_KEYS = [
    "schema", "path", "format", "kind", "why", "complete", "sha256", "header", "columns", "records", "issues", "claims",
]  # fmt: skip


@cache
def checked(form: str) -> Object:
    """The answer of `check` on a corpus."""
    found: Object = json.loads(answer("check", CORPUS / form, "--output", "json", "--fail-on", "never"))
    return found


def kinds_of(form: str) -> set[str]:
    """The kinds that a format knows."""
    known: tuple[Kind, ...] = next(one.kinds for one in formats.all_formats() if one.id == form)
    return {kind.name for kind in known}


@pytest.mark.parametrize("form", formats.NAMES)
def test_every_file_is_listed_once_in_order_with_its_digest(form: str) -> None:
    documents = checked(form)["documents"]
    files = {path.relative_to(CORPUS / form).as_posix(): path for path in files_below(CORPUS / form)}

    listed = [entry["path"] for entry in documents]
    assert listed == sorted(listed)
    assert {entry["path"] for entry in documents if entry["kind"] != "directory"} == files.keys()
    for entry in documents:
        assert list(entry) == DOCUMENT_KEYS
        if entry["path"] in files:
            content = files[entry["path"]].read_bytes()
            assert (entry["size"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("form", formats.NAMES)
def test_no_file_is_taken_for_another_producer_s_and_what_is_adjacent_is_unknown(form: str) -> None:
    for entry in checked(form)["documents"]:
        assert (entry["path"], entry["format"]) in [(entry["path"], form), (entry["path"], None)]
        if entry["format"] is None:
            assert (entry["path"], entry["kind"], entry["issues"]) == (entry["path"], None, [])
        else:
            assert entry["kind"] in kinds_of(form) | {"directory"}
            assert entry["why"]
        if entry["path"].startswith("adjacent/"):
            assert entry["format"] is None


@pytest.mark.parametrize("form", formats.NAMES)
def test_issues_are_sorted_and_name_rules_that_exist(form: str) -> None:
    rules = {rule.id: rule for one in formats.all_formats() for rule in one.rules}

    for entry in checked(form)["documents"]:
        order = [(SEVERITIES.index(issue["severity"]), issue["at"], issue["rule"]) for issue in entry["issues"]]
        assert order == sorted(order)
        for issue in entry["issues"]:
            assert list(issue) == ISSUE_KEYS == list(issue_json(next(iter(rules.values())).issue("", "")))
            assert issue["code"] == rules[issue["rule"]].code
            assert issue["message"]
            assert issue["count"] >= 1


@pytest.mark.parametrize("form", formats.NAMES)
def test_claims_have_the_contract_s_words_and_sit_on_a_listed_document(form: str) -> None:
    digests = {entry["path"]: entry["sha256"] for entry in checked(form)["documents"]}

    for entry in checked(form)["documents"]:
        for claim in entry["claims"]:
            assert list(claim) == CLAIM_KEYS
            assert (claim["kind"] in CLAIM_KINDS, claim["verdict"] in WORDS) == (True, True)
            assert claim["claimant"] in digests
            assert claim["proof"] is None or set(claim["proof"]) <= PROOF_KEYS
            if claim["kind"] == "sidecar" and claim["verdict"] == "ok":
                assert claim["expected"] == claim["actual"] == digests[entry["path"]]
            if claim["verdict"] == "missing-artefact":
                assert (claim["claimant"], claim["actual"]) == (entry["path"], None)


@pytest.mark.parametrize("form", formats.NAMES)
def test_the_summary_adds_up(form: str) -> None:
    documents, summary = checked(form)["documents"], checked(form)["summary"]
    found = Counter[str]()
    for entry in documents:
        for issue in entry["issues"]:
            found[issue["severity"]] += issue["count"]

    claims = Counter(claim["verdict"] for entry in documents for claim in entry["claims"])
    assert list(summary) == ["documents", "records", *SEVERITIES, "claims"]
    assert summary["documents"] == len(documents)
    assert summary["records"] == sum(entry["records"] for entry in documents)
    assert {severity: summary[severity] for severity in SEVERITIES} == {name: found[name] for name in SEVERITIES}
    assert summary["claims"] == dict(sorted(claims.items()))


@pytest.mark.parametrize("form", formats.NAMES)
def test_the_surroundings_change_nothing(form: str) -> None:
    words = ("check", CORPUS / form, "--output", "json", "--fail-on", "never")
    abroad = {"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "COLUMNS": "20", "PYTHONUTF8": "0"}
    home = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "NO_COLOR": "1"}

    assert answer(*words, cwd=CORPUS, environment=abroad) == answer(*words, environment=home)


@pytest.mark.parametrize("form", formats.NAMES)
def test_one_file_is_shown_as_it_is_checked(form: str) -> None:
    seen = set[str]()
    for entry in checked(form)["documents"]:
        if entry["kind"] in seen | {"directory"}:
            continue
        seen.add(entry["kind"])
        shown = json.loads(answer("show", CORPUS / form / entry["path"], "--output", "json"))
        assert list(shown) == SHOWN_KEYS
        same = ("format", "kind", "complete", "sha256")
        assert [shown[name] for name in same] == [entry[name] for name in same]
        assert len(shown["records"]) == entry["records"]
        assert all(list(column) == ["name", "unit", "type"] for column in shown["columns"])
        assert {column["type"] for column in shown["columns"]} <= {"integer", "number", "string", "boolean", "json"}
