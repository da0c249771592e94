"""Reports of one directory, one run (Bootloader specification, sections 1 and 7)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from teleloupe.formats.bootloader import rules
from teleloupe.formats.bootloader.lineage import evolve_row, explains, is_judged
from teleloupe.formats.bootloader.names import is_run_name, kernel_name, number_of
from teleloupe.formats.bootloader.outline import KERNEL
from teleloupe.formats.bootloader.payload import file_text
from teleloupe.formats.bootloader.shapes import UNSET_RANGE, HistoryRow, Kernel, Report, size_range
from teleloupe.formats.bootloader.values import milliseconds, moment
from teleloupe.model import Document, Issue

MAX_MISSING_NAMED = 20
TOLERANCE_MS = 50  # by which a duration may differ from the times of the history
TOLERANCE = 0.05  # or by this share of it
DAY_MS = 24 * 3600 * 1000

Key = TypeVar("Key", int, str)
Steps = dict[tuple[int, int], tuple[Document, Document, tuple[Issue, ...]]]

_steps: Steps = {}  # what is known of the pairs of documents judged last, which are kept alive so that ids stay theirs


def relate(documents: Mapping[str, Document]) -> Mapping[str, Iterable[Issue]]:
    """The issues of every run, on its directory or on the file they blame. Unchanged pairs are not judged again."""
    global _steps  # noqa: PLW0603 - a memo: it changes nothing but the time taken
    judged: Steps = {}
    found: dict[str, list[Issue]] = {}
    for folder, members in runs_of(documents).items():
        for path, issue in _run_issues(folder, members, documents, judged):
            found.setdefault(path, []).append(issue)
    _steps = judged
    return found


def runs_of(documents: Mapping[str, Document]) -> dict[str, list[Document]]:
    """The reports of each directory that is a run; exports made at the press of a button belong to none."""
    found: dict[str, list[Document]] = {}
    for path, document in documents.items():
        if isinstance(document.body, Report) and is_run_name(document.name):
            found.setdefault(path.rpartition("/")[0] or ".", []).append(document)
    return found


def used_documents(members: Sequence[Document]) -> dict[int, Document]:
    """The document that counts for each generation, by generation: of several files the one written last."""
    return dict(sorted(_newest((number_of(document.name), document) for document in members).items()))


def _newest(members: Iterable[tuple[Key | None, Document]]) -> dict[Key, Document]:
    """The document written last of each key, the first of several written at once."""
    newest: dict[Key, Document] = {}
    for key, document in members:
        if key is not None and (key not in newest or document.mtime_ns > newest[key].mtime_ns):
            newest[key] = document
    return newest


def seconds_evidence(report: Report) -> bool:
    """Whether the history shows that the duration, labelled ms, counts seconds.

    It is then the time between the last verified boots of the two preceding generations.
    """
    generation, duration = report.values.get("generation"), report.values.get("duration")
    if generation is None or not duration or report.history is None:
        return False
    boots: dict[int, HistoryRow] = {}
    for row in reversed(report.history.rows):
        if row.generation < generation - 2:
            break
        if row.action == "EXECUTE" and row.ok:
            boots.setdefault(row.generation, row)
    later, earlier = boots.get(generation - 1), boots.get(generation - 2)
    if later is None or earlier is None:
        return False
    try:
        between = (milliseconds(later.time) - milliseconds(earlier.time)) % DAY_MS
    except ValueError:
        return False
    return bool(abs(duration * 1000 - between) <= max(TOLERANCE_MS, TOLERANCE * between))


def _run_issues(
    folder: str, members: Sequence[Document], documents: Mapping[str, Document], judged: Steps
) -> Iterator[tuple[str, Issue]]:
    used = used_documents(members)
    for path, issue in _names(folder, members, used):
        yield path, issue
    for issue in _gaps(list(used)):
        yield folder, issue
    forms = {document.body.form for document in members if document.body.form}
    if "json" in forms and len(forms) > 1:
        yield folder, rules.MIXED_FORMS.issue("", "text and JSON")
    for number, document in used.items():
        yield from _kernel_file(folder, number, document, documents)
    ordered = list(used.items())
    for (_, before), (_, after) in pairwise(ordered):
        for issue in _step_issues(before, after, judged):
            yield folder, issue
    if any(seconds_evidence(document.body) for document in used.values()):
        message = "Gen Duration is labelled ms and counts seconds, as the times of the history show"
        yield folder, rules.DURATION_UNIT.issue("", message)


def _names(folder: str, members: Sequence[Document], used: Mapping[int, Document]) -> Iterator[tuple[str, Issue]]:
    """Names without a number, and files that stand for one generation: in both forms, or under two names."""
    newest = _newest((_plain_name(document), document) for document in members)
    for document in members:
        number = number_of(document.name)
        if number is None:
            message = f"the name of {document.name} does not say its generation"
            yield folder, rules.NAME_WITHOUT_NUMBER.issue(document.name, message)
            continue
        same, other = newest[_plain_name(document)], used[number]
        if same is not document:
            yield document.path, rules.PLAIN_AND_GZ.issue("", f"{same.name} is newer and is used")
        elif other is not document:
            message = f"{document.name} and {other.name} are both of generation {number}"
            yield folder, rules.TWICE.issue(f"generation {number}", message)


def _plain_name(document: Document) -> str:
    """A report's name without the ending of the compressed form."""
    return document.name.removesuffix(".gz")


def _gaps(numbers: Sequence[int]) -> Iterator[Issue]:
    """Generations missing between the first and the last, as one issue with their count."""
    gaps = [(a + 1, b - 1) for a, b in pairwise(numbers) if b - a > 1]
    if gaps:
        named = ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in gaps[:MAX_MISSING_NAMED])
        more = f" and {len(gaps) - MAX_MISSING_NAMED} more gaps" if len(gaps) > MAX_MISSING_NAMED else ""
        missing = sum(b - a + 1 for a, b in gaps)
        yield rules.GAP.issue(f"generation {gaps[0][0]}", f"missing: {named}{more}", count=missing)


def _kernel_file(
    folder: str, number: int, document: Document, documents: Mapping[str, Document]
) -> Iterator[tuple[str, Issue]]:
    """The kernel file beside a report: another payload, or a sign that three lines are not all of the report."""
    name = kernel_name(number)
    sibling = documents.get(name if folder == "." else f"{folder}/{name}")
    if sibling is None or not sibling.size:
        return
    report: Report = document.body
    if report.form == "text-basic":
        yield document.path, rules.INCOMPLETE.issue("line 3", f"{name} shows that more than level basic is written")
    elif report.kernel is not None and not is_file_of(sibling, report.kernel):
        message = f"{name} holds another payload"
        expected = hashlib.sha256(file_text(report.kernel).encode()).hexdigest()
        issue = rules.SIDECAR_MISMATCH.issue(report.at(KERNEL), message, expected=expected, actual=sibling.sha256)
        yield document.path, issue


def is_file_of(sibling: Document, kernel: Kernel) -> bool:
    """Whether a file's bytes are a kernel in base64, with or without a final line end."""
    text = file_text(kernel)
    if abs(sibling.size - len(text)) > len("\r\n"):
        return False
    return any(hashlib.sha256((text + end).encode()).hexdigest() == sibling.sha256 for end in ("", "\n", "\r\n"))


def _step_issues(before: Document, after: Document, judged: Steps) -> tuple[Issue, ...]:
    key = id(before), id(after)
    known = _steps.get(key) or judged.get(key)
    if known is None:
        known = before, after, tuple(step_issues(before.body, after.body))
    judged[key] = known
    return known[2]


def step_issues(before: Report, after: Report) -> Iterator[Issue]:
    """What is wrong between the report of a generation and that of the preceding one there is."""
    at = f"generation {after.number}"
    old, new = before.values, after.values
    for name in ("attempted", "applied"):
        if name in old and name in new and new[name] < old[name]:
            yield rules.COUNTERS_FALL.issue(at, f"{name} falls from {old[name]} to {new[name]}")
    written = moment(old.get("generated", "")), moment(new.get("generated", ""))
    if written[0] and written[1] and written[1] < written[0]:
        yield rules.WRITTEN_EARLIER.issue(at, f"written {new['generated']}, the preceding one {old['generated']}")
    yield from _range_issues(before, after, at)
    if before.number is None or after.number != before.number + 1:
        return
    if before.history is not None and after.history is not None and not _is_prefix(before, after):
        yield rules.HISTORY_NOT_PREFIX.issue(at, "the history does not begin with the preceding report's")
    if is_judged(before, after):
        row = evolve_row(after)
        details = row.details if row else None
        if not explains(details, before.instructions, after.instructions):
            said = f"{details!r} does not explain" if details else "no EVOLVE row explains"
            yield rules.LINEAGE.issue(at, f"{said[:200]} how the kernel changed")


def _range_issues(before: Report, after: Report, at: str) -> Iterator[Issue]:
    old, new = size_range(before), size_range(after)
    if old is None or new is None or old == UNSET_RANGE:
        return
    if new[0] > old[0] or new[1] < old[1]:
        yield rules.RANGE_SHRINKS.issue(at, f"from {old[0]}/{old[1]} to {new[0]}/{new[1]}")


def _is_prefix(before: Report, after: Report) -> bool:
    if before.history is None or after.history is None:
        return True
    rows = before.history.rows
    return len(rows) <= len(after.history.rows) and all(map(_is_same, rows, after.history.rows))


def _is_same(one: HistoryRow, other: HistoryRow) -> bool:
    return one is other or one == other
