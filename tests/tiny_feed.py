"""A format as small as one can be, for tests of what carries formats: one JSON object a line in `*.feed`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import structs

from teleloupe.formats import Format, Kind, document_of
from teleloupe.model import Blob, Detection, Document, Issue, Rule
from teleloupe.sketch import Sketch

BAD_LINE = Rule("tiny/bad-line", "tiny.bad-line", "error", "a line is no JSON object", "tests")
CUT = Rule("tiny/cut", "tiny.cut", "error", "the last line is cut short", "tests")
NEGATIVE = Rule("tiny/negative", "tiny.negative", "warning", "a number is negative", "tests")
DOUBLE = Rule("tiny/double", "tiny.double", "warning", "two feeds hold as many records", "tests")


def detect(sketch: Sketch) -> Detection | None:
    return Detection("feed", "its name") if sketch.name.endswith(".feed") and sketch.blob.data else None


def parse(blob: Blob, detection: Detection) -> Document:
    return _grown(document_of(blob, "tiny", detection), blob)


def extend(before: Document, blob: Blob) -> Document:
    kept = tuple(issue for issue in before.issues if issue.rule is not CUT)
    return _grown(structs.replace(before, issues=kept, is_complete=True), blob)


def stream(blob: Blob, detection: Detection) -> Iterator[Document]:
    lines = blob.data.splitlines(keepends=True)
    for end in range(50_000, len(lines), 100_000):
        data = b"".join(lines[:end])
        yield structs.replace(parse(structs.replace(blob, data=data), detection), is_complete=False)
    yield parse(blob, detection)


def validate(document: Document) -> Iterable[Issue]:
    for index, record in enumerate(document.records):
        if record.get("n", 0) < 0:
            yield NEGATIVE.issue(document.record_at(index), "negative")


def relate(documents: Mapping[str, Document]) -> Mapping[str, Iterable[Issue]]:
    """Feeds of equal length blame their directory."""
    lengths: dict[int, str] = {}
    found: dict[str, list[Issue]] = {}
    for path, document in documents.items():
        if document.format == "tiny" and len(document.records) > 1:
            first = lengths.setdefault(len(document.records), path)
            if first != path:
                found.setdefault(path.rpartition("/")[0] or ".", []).append(DOUBLE.issue("", f"{first} and {path}"))
    return found


def _grown(before: Document, blob: Blob) -> Document:
    records, issues = list(before.records), list(before.issues)
    whole, _, rest = blob.data.rpartition(b"\n")
    for line in (*whole.split(b"\n"), rest):
        if not line:
            continue
        try:
            records.append(msgspec.json.decode(line, type=dict))
        except msgspec.MsgspecError:
            rule = CUT if line is rest else BAD_LINE
            issues.append(rule.issue(f"line {len(records) + 1}", "no object"))
    consumed = before.consumed + (len(whole) + 1 if whole else 0)
    is_complete = not any(issue.rule is CUT for issue in issues)
    final = [] if not rest or not is_complete else records[-1:]
    return structs.replace(
        before,
        size=blob.size,
        mtime_ns=blob.mtime_ns,
        sha256=blob.sha256,
        records=tuple(records),
        issues=tuple(issues),
        is_complete=is_complete,
        consumed=consumed if not final else blob.size,
    )


FEED = Format(
    id="tiny",
    title="Tiny",
    source="tests",
    kinds=(Kind("feed", "Feed"),),
    rules=(BAD_LINE, CUT, NEGATIVE, DOUBLE),
    detect=detect,
    parse=parse,
    validate=validate,
    relate=relate,
    stream=stream,
    extend=extend,
)
