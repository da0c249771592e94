"""The nouns: values that every layer speaks of. None of them changes once it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

CellType = Literal["integer", "number", "string", "boolean", "json"]
ClaimKind = Literal["sidecar", "embedded", "content-id", "twin", "size", "kernel-file"]

DIRECTORY = "directory"  # the kind of a document that stands for a directory

# The beginnings of `Blob.fault` that formats tell apart: the rest of a gzip stream is missing, or is held back.
GZIP_CUT = "gzip data is cut short"
GZIP_TOO_LARGE = "expands to more than"


class UsageError(Exception):
    """What the user asked for cannot be done; `hint` says what would work. Ends a command with status 2."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Rule(Struct, frozen=True, gc=False):
    """Something that is checked: its id `format/slug`, its code in the specification, why, and where that says so."""

    id: str
    code: str
    severity: Severity
    summary: str
    source: str

    def issue(
        self,
        at: str,
        message: str,
        *,
        expected: str | None = None,
        actual: str | None = None,
        severity: Severity | None = None,
        count: int = 1,
    ) -> Issue:
        """An instance of this rule being broken; `severity` only where the specification lets the place decide it."""
        return Issue(self, at, message, expected, actual, severity or self.severity, count)


class Issue(Struct, frozen=True, gc=False):
    """One fault of a document.

    `at` is a JSON Pointer inside JSON (`""`: the whole file), `line N` in text (a pointer may follow), or a label
    where the specification says so. `count` is how often the same fault occurs, `at` being the first place.
    """

    rule: Rule
    at: str
    message: str
    expected: str | None
    actual: str | None
    severity: Severity
    count: int = 1

    @property
    def code(self) -> str:
        """The code in the format's specification."""
        return self.rule.code


class Column(Struct, frozen=True, gc=False):
    """One property of a record: how to get it, its unit ("" for none), its meaning, its type."""

    name: str
    get: Callable[[Any], Any]
    unit: str = ""
    doc: str = ""
    type: CellType = "string"

    @property
    def is_numeric(self) -> bool:
        """Whether cells are aligned to the right and compared as numbers."""
        return self.type in ("integer", "number")


class Claim(Struct, frozen=True, gc=False):
    """A statement that an artefact has a certain digest (or other measure).

    `subject` is the artefact's path as the claimant wrote it, `at` the place of the statement inside the claimant,
    `expected` the stated value (digests in lower-case hex). `actual` is set only where the claim is about the
    claimant's own content and its format has already measured it. A claim that states nothing usable has `expected`
    "" and `fault` set: the verdict's word for it; `note` says why in words.
    """

    claimant: str
    kind: ClaimKind
    subject: str
    expected: str
    at: str = ""
    algorithm: str = "sha256"
    actual: str | None = None
    fault: Literal["", "unreadable-claim", "ambiguous-claim"] = ""
    note: str = ""


class Proof(Struct, frozen=True, gc=False):
    """What reproduces a claimed digest: transforms applied in order to the bytes of a source."""

    form: tuple[str, ...] = ()
    source: str = "file"  # file, git, twin, regenerated, memory
    path: str | None = None
    blob: str | None = None
    commit: str | None = None
    when: str | None = None


class Verdict(Struct, frozen=True, gc=False):
    """A claim, resolved: the path it turned out to speak of, what was found, the word for it, and the proof."""

    claim: Claim
    subject: str
    actual: str | None
    word: str
    proof: Proof | None = None
    message: str = ""
    tried: tuple[tuple[str, bool], ...] = ()


class Blob(Struct, frozen=True, gc=False):
    """A file's bytes as they were read once.

    `data` is the content without gzip packing, a byte order mark still in place; `size`, `mtime_ns` and `sha256` are
    those of the stored bytes. `fault` says in words why `data` is not all of the content ("" when it is).
    """

    path: str
    data: bytes
    size: int
    mtime_ns: int
    sha256: str
    packing: Literal["", "gzip"] = ""
    fault: str = ""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


class Detection(Struct, frozen=True, gc=False):
    """What a file was taken for and why; `is_certain` is false when only its name says so."""

    kind: str
    why: str
    is_certain: bool = True


class Document(Struct, frozen=True, eq=False, gc=False):
    """A file as its format understands it. The same object until the file's bytes change.

    `header` holds the document's own top-level fields, in the order and under the names its specification uses;
    `records` are Structs where the file is clean and decoded mappings where it is not; `body` is what else the format
    keeps for its own later use. `consumed` counts the bytes of `data` whose records are final, for files that grow.
    """

    path: str
    format: str | None = None
    kind: str | None = None
    why: str = ""
    size: int = 0
    mtime_ns: int = 0
    sha256: str = ""
    is_complete: bool = True
    header: Mapping[str, Any] = {}
    records: Sequence[Any] = ()
    columns: tuple[Column, ...] = ()
    issues: tuple[Issue, ...] = ()
    claims: tuple[Claim, ...] = ()
    record_at: Callable[[int], str] = "/{}".format
    body: Any = None
    consumed: int = 0

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


class Progress(Struct, frozen=True):
    """How far a scan has come: files and bytes read of those found; `path` is the file being read ("" between two)."""

    files: int
    files_found: int
    bytes: int = 0
    bytes_found: int = 0
    path: str = ""


class Watching(Struct, frozen=True):
    """How changes are noticed: not at all, by the kernel's events, or by looking again and again; and why so."""

    mode: Literal["off", "native", "polling"] = "off"
    why: str = ""


class Snapshot(Struct, frozen=True, eq=False):
    """Everything known about the watched directories at one moment.

    `documents` is sorted by path; `related` holds the issues found across files, by the path they blame; `arriving`
    names files whose writer does not seem done: their document is the last good one, or a bare one without format and
    issues. `progress` is set while a scan is under way, when `related` and `verdicts` still are those of the last whole
    snapshot. `fault` says why the root itself cannot be listed ("" when it can).
    """

    root: str
    generation: int = 0
    documents: Mapping[str, Document] = {}
    related: Mapping[str, tuple[Issue, ...]] = {}
    verdicts: tuple[Verdict, ...] = ()
    arriving: frozenset[str] = frozenset()
    progress: Progress | None = None
    watching: Watching = Watching()
    fault: str = ""

    def issues_of(self, path: str) -> tuple[Issue, ...]:
        """All issues of one document, its own and those found across files, worst first, then by place and rule."""
        document = self.documents.get(path)
        own = document.issues if document else ()
        return sorted_issues((*own, *self.related.get(path, ())))

    def issues(self) -> Iterator[tuple[str, Issue]]:
        """Every issue with the path it sits on, by path."""
        for path in self.documents:
            for issue in self.issues_of(path):
                yield path, issue


class SortKey(Struct, frozen=True):
    """Order by a column; `-name` when descending."""

    column: str
    is_descending: bool = False


class Query(Struct, frozen=True):
    """What the reader asked of a table: which rows (the filter language), in which order, which columns (all: ())."""

    filter: str = ""
    sort: tuple[SortKey, ...] = ()
    columns: tuple[str, ...] = ()


class Place(Struct, frozen=True):
    """Where a row comes from: a document and the place inside it."""

    path: str
    at: str = ""


class Table(Struct, frozen=True, eq=False):
    """Rows under columns. Cells are taken from rows when they are painted: `column.get(rows[index])`.

    `locate` tells where a row comes from; `total` counts the rows before filtering; `is_records` says that rows are a
    document's own records, which JSON exports keep whole.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Any]
    locate: Callable[[int], Place]
    total: int = 0
    is_records: bool = False


class Series(Struct, frozen=True):
    """One line, row of bars or row of spans of a chart: its label and points (x, y), or (start, end) for spans."""

    label: str
    points: tuple[tuple[float, float], ...]


class Chart(Struct, frozen=True):
    """Figures to be drawn: `x` and `y` say what the axes show, with the unit."""

    title: str
    shape: Literal["line", "bars", "spans"]
    x: str
    y: str
    series: tuple[Series, ...]


def at_least(word: str) -> tuple[Severity, ...]:
    """The severities that are as grave as the named one; none for a word that names none, such as `never`."""
    return next((SEVERITIES[:end] for end, severity in enumerate(SEVERITIES, 1) if severity == word), ())


def sorted_issues(issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """Worst first, then by place and rule."""
    return tuple(sorted(issues, key=_rank)) if len(issues) > 1 else tuple(issues)


def _rank(issue: Issue) -> tuple[int, str, str]:
    return SEVERITIES.index(issue.severity), issue.at, issue.rule.id
