"""What a reader wants to be told of, from snapshot to snapshot."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec import structs

from teleloupe.columns import column
from teleloupe.conditions import Lookout, condition
from teleloupe.model import Claim, Document, Issue, Progress, Rule, Snapshot, UsageError, Verdict

ODD = Rule("tiny/odd", "T1", "error", "odd", "tests")
MILD = Rule("tiny/mild", "T2", "warning", "mild", "tests")
COLUMNS = (column("n", "a number", type="integer"),)


def feed(path: str, *numbers: int, issues: Sequence[Issue] = ()) -> Document:
    records = [{"n": number} for number in numbers]
    return Document(
        path, "tiny", "feed", sha256=f"{path}{numbers}", records=records, columns=COLUMNS, issues=tuple(issues)
    )


def snapshot(*documents: Document, word: str = "") -> Snapshot:
    verdicts = (Verdict(Claim("a.sha256", "sidecar", "a", "0"), "a", "1", word),) if word else ()
    return Snapshot("root", 1, {one.path: one for one in documents}, verdicts=verdicts)


def told(text: str, *snapshots: Snapshot, path: str | None = None) -> list[tuple[str, str]]:
    """What came true over some snapshots, a second between two."""
    lookout = Lookout(condition(text), path=path)
    found = [met for second, one in enumerate(snapshots) for met in lookout.look(one, float(second))]
    return [(met.path, met.words) for met in found]


def test_what_is_there_at_the_start_is_not_told() -> None:
    assert told("file", snapshot(feed("a", 1))) == []
    assert told("error", snapshot(feed("a", 1, issues=[ODD.issue("", "odd")]))) == []


def test_a_new_file_is_told_when_it_is_there_and_not_while_it_arrives() -> None:
    bare = Document("b")

    assert told(
        "file", snapshot(), snapshot(bare), snapshot(bare, feed("a", 1)), snapshot(feed("b", 1), feed("a", 1))
    ) == [
        ("a", "a new file"),
        ("b", "a new file"),
    ]


def test_a_new_error_is_told_once_and_a_warning_only_when_asked_for() -> None:
    old = feed("a", 1, issues=[MILD.issue("/0", "mild")])
    new = feed("a", 1, 2, issues=[MILD.issue("/0", "mild"), MILD.issue("/1", "mild"), ODD.issue("/1", "odd")])

    assert told("error", snapshot(old), snapshot(new), snapshot(new)) == [("a", "error T1: odd")]
    assert told("warning", snapshot(old), snapshot(new)) == [("a", "error T1 and 1 more: odd")]


def test_issues_across_files_count_as_well() -> None:
    one = feed("a", 1)
    blamed = structs.replace(snapshot(one), related={"a": (ODD.issue("", "odd"),)})

    assert told("error", snapshot(one), blamed) == [("a", "error T1: odd")]


def test_a_sum_that_fails_for_a_second_is_told_and_one_that_is_signed_at_once_is_not() -> None:
    held, failing = snapshot(word="ok"), snapshot(word="mismatch")

    assert told("sum", held, failing, failing) == [("a", "its checksum holds no more: mismatch")]
    assert told("sum", held, failing, held, held) == []
    assert told("sum", failing, failing, failing) == []


def test_new_and_changed_records_that_fit_a_filter_are_told() -> None:
    before, after = snapshot(feed("a", 1, 9), feed("b", 9)), snapshot(feed("a", 7, 9, 8), feed("b", 9), feed("c", 5, 6))

    assert told("n>6", before, after) == [("a", "record 1 and 1 more: n>6")]
    assert told("n=5", before, after) == [("c", "record 1: n=5")]
    assert told("n=5", before, after, path="a") == []
    assert told("other=5", before, after) == []


def test_a_scan_that_goes_on_is_passed_over() -> None:
    part = structs.replace(snapshot(feed("a", 1)), progress=Progress(1, 2))

    assert told("file", part, snapshot(feed("a", 1), feed("b", 1))) == []


def test_a_condition_says_what_it_looks_for_and_a_wrong_one_is_refused() -> None:
    assert condition(" file ").words == "a new file"
    assert condition("n>1", COLUMNS).words == "records that fit n>1"
    with pytest.raises(UsageError):
        condition("  ")
    with pytest.raises(UsageError):
        condition("m>1", COLUMNS)
