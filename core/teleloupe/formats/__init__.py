"""The formats: which exist, which one a file is in, and a file's bytes to its document."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import Any

from msgspec import Struct, structs

from teleloupe.formats import gathering
from teleloupe.model import (
    DIRECTORY,
    Blob,
    Chart,
    Claim,
    Column,
    Detection,
    Document,
    Issue,
    Rule,
    Table,
    Verdict,
    sorted_issues,
)
from teleloupe.sketch import Sketch

NAMES = ("toyfoundry", "weftend", "svr", "clamp", "bootloader")
CORE_SOURCE = "docs/rules.md"
CRASH_FRAMES = 6  # of a traceback, innermost first, that an issue tells

UNREADABLE = Rule("core/unreadable", "core.unreadable", "error", "the file or directory cannot be read", CORE_SOURCE)
CRASHED = Rule("core/crashed", "core.crashed", "error", "Teleloupe failed on this file; a bug of ours", CORE_SOURCE)
NOT_WHOLE = Rule("core/not-whole", "core.not-whole", "warning", "only a part of the file was looked at", CORE_SOURCE)
RULES = (UNREADABLE, CRASHED, NOT_WHOLE)

Relate = Callable[[Mapping[str, Document]], Mapping[str, Iterable[Issue]]]
Key = Callable[[Any, str], Hashable]


class Kind(Struct, frozen=True):
    """A kind of artefact: its name in the command line's words, a title, and what its header fields mean."""

    name: str
    title: str
    fields: tuple[Column, ...] = ()


def no_charts(_document: Document, _documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """For views that are a table and nothing else."""
    return ()


class View(Struct, frozen=True):
    """A format's own look at documents of some kinds (directories included): a table, and charts above it.

    Both are made of the document and of all documents of the snapshot, and are pure. `doc` says what is seen.
    """

    id: str
    title: str
    doc: str
    kinds: tuple[str, ...]
    table: Callable[[Document, Mapping[str, Document]], Table]
    charts: Callable[[Document, Mapping[str, Document]], tuple[Chart, ...]] = no_charts


ALL_RECORDS = View(
    "all-records",
    "All records",
    "the records of all files here, one below the other; filter them as one, look for what stands out among files",
    (DIRECTORY,),
    gathering.table,
)


class Product(Struct, frozen=True):
    """A file that the producer's rules make: its path relative to the root, and its bytes."""

    path: str
    data: bytes


def unrelated(_documents: Mapping[str, Document]) -> Mapping[str, Iterable[Issue]]:
    """For formats without rules across files."""
    return {}


def alone(_path: str) -> int:
    """For formats whose artefacts lie in the directory of what they are made of."""
    return 0


class Format(Struct, frozen=True):
    """A producer's format: a value with functions in it.

    detect    from a file's outline to its kind and the reason, or None when the file is not of this format
    parse     total: any bytes of that kind give a document, with the issues of reading
    validate  the further issues of one document
    adopt     documents in place of those that only their neighbours tell to be of the format, by path; given all
    relate    the issues found across documents, by the path they blame; given all documents of the snapshot
    stream    for large files: ever fuller documents, the last one equal to what `parse` gives; None when `parse` is
              always quick enough
    extend    for files that only grow: what `parse` would give of the whole file, from what `parse` or `extend` gave
              before and a blob whose data starts at `document.consumed`; None when it has to be parsed anew
    blame     the issues of resolved claims, by the path they blame; given the verdicts of claims that documents of this
              format make
    twins     the claims that documents of the format make of each other by being there, already measured
    regenerate  what the producer's own rules make of the sources of an artefact here: a label and the bytes, each
    views     the format's own looks at a document
    products  the files that the producer would make beside a document, and their bytes, from the documents here
    annotate  how the fields of one record came about: a note by field's name, for those of which something is known;
              given a document, the number of the record from 0, and the documents here
    reach     how many directories above its own, given its absolute path, the relatives of an artefact may lie
    replaced  what it says of a file when one document takes the place of another while it is watched
    key       what identifies a record of a kind among its like, for matching two documents; None when it has nothing
    absences  ids of the rules of `relate` about what is not beside a document, which one looked at alone does not tell
    """

    id: str
    title: str
    source: str
    kinds: tuple[Kind, ...]
    rules: tuple[Rule, ...]
    detect: Callable[[Sketch], Detection | None]
    parse: Callable[[Blob, Detection], Document]
    validate: Callable[[Document], Iterable[Issue]]
    adopt: Callable[[Mapping[str, Document]], Mapping[str, Document]] | None = None
    relate: Relate = unrelated
    stream: Callable[[Blob, Detection], Iterator[Document]] | None = None
    extend: Callable[[Document, Blob], Document | None] | None = None
    blame: Callable[[Sequence[Verdict]], Iterable[tuple[str, Issue]]] | None = None
    twins: Callable[[Mapping[str, Document]], Iterable[Claim]] | None = None
    regenerate: Callable[[str, Mapping[str, Document]], Iterable[tuple[str, bytes]]] | None = None
    views: tuple[View, ...] = ()
    products: Callable[[Document, Mapping[str, Document]], Iterable[Product]] | None = None
    annotate: Callable[[Document, int, Mapping[str, Document]], Mapping[str, str]] | None = None
    reach: Callable[[str], int] = alone
    replaced: Callable[[Document, Document], Iterable[Issue]] | None = None
    key: Key | None = None
    absences: frozenset[str] = frozenset()
    tells_damage: bool = False  # whether its own rules tell of damaged or oversized gzip content


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format, in the order in which they are asked."""
    return tuple(import_module(f"teleloupe.formats.{name}").FORMAT for name in NAMES)


def named(name: str) -> Format | None:
    """The format of an id."""
    return next((form for form in all_formats() if form.id == name), None)


def views_of(document: Document) -> list[View]:
    """The views that make sense for a document; for a directory, those of every format, and all its records."""
    found = [
        view
        for form in all_formats()
        if document.format in (form.id, None)
        for view in form.views
        if document.kind in view.kinds
    ]
    return [*found, ALL_RECORDS] if document.kind == DIRECTORY else found


def detect(
    blob: Blob, only: str | None = None, forms: Sequence[Format] | None = None
) -> tuple[Format, Detection] | None:
    """The format and kind of a file, a certain answer before one that only its name suggests.

    `only` names the format to read it as, whatever it looks like; `forms` are those that are asked, all by default.
    """
    sketch = Sketch(blob)
    likely = None
    asked = all_formats() if forms is None else forms
    if only is not None:
        asked = [form for form in asked if form.id == only]
    for form in asked:
        found = form.detect(sketch)
        if found and found.is_certain:
            return form, found
        if found and likely is None:
            likely = form, found
    if likely is None and only is not None and asked:
        return asked[0], Detection("", "as asked", is_certain=False)
    return likely


def load(blob: Blob, only: str | None = None) -> Document:
    """A file's document with the issues of reading and of its own rules; an unknown file has neither format nor issues.

    `only` names the format to read it as, whatever it looks like.
    """
    return loaded(blob, only).document


class Loaded(Struct, frozen=True, gc=False):
    """A judged document, what its format's `parse` gave before it was judged, and that format (None: unknown)."""

    document: Document
    parsed: Document
    form: Format | None = None


class _Begun(Struct):
    """A file on its way from bytes to what is `loaded`; a step that failed has made that already."""

    blob: Blob
    form: Format | None = None
    detection: Detection = Detection("", "")
    parsed: Document | None = None
    loaded: Loaded | None = None


def loaded(blob: Blob, only: str | None = None, forms: Sequence[Format] | None = None) -> Loaded:
    """A file's document, with what it takes to extend it."""
    return loaded_together([blob], only, forms)[0]


def loaded_together(
    blobs: Sequence[Blob],
    only: str | None = None,
    forms: Sequence[Format] | None = None,
    give_way: Callable[[], None] = lambda: None,
) -> list[Loaded]:
    """What `loaded` gives for each of several files; step by step and like with like, which a processor does faster.

    `give_way` is called between any two pieces of work, and may take a little while.
    """
    begun: list[_Begun] = []
    for blob in blobs:
        give_way()
        begun.append(_begun(blob, only, forms))
    alike = sorted(begun, key=attrgetter("detection.kind"))
    for step in (_parse, _judge):
        for one in alike:
            give_way()
            step(one)
    return [one.loaded or _unknown(one.blob) for one in begun]


def loading(blob: Blob, only: str | None = None, forms: Sequence[Format] | None = None) -> Iterator[Loaded]:
    """Ever fuller documents of a large file, not judged yet but the last one, which is what `loaded` gives."""
    form, detection, parsed = None, Detection("", ""), None
    try:
        found = detect(blob, only, forms)
        if found is None or found[0].stream is None:
            yield loaded(blob, only, forms)
            return
        form, detection = found
        for parsed in found[0].stream(blob, detection):
            yield Loaded(parsed, parsed, form)
        yield _judged(form, blob, parsed or form.parse(blob, detection))
    except Exception as fault:  # noqa: BLE001 - as above
        yield _crashed(form, blob, detection, fault)


def extended(before: Loaded, blob: Blob) -> Loaded | None:
    """The document of a file that grew, from a blob of its bytes from `before.parsed.consumed` on; None: parse anew."""
    form = before.form
    if form is None or form.extend is None:
        return None
    try:
        parsed = form.extend(before.parsed, blob)
        return _judged(form, blob, parsed) if parsed else None
    except Exception as fault:  # noqa: BLE001 - as above
        return _crashed(form, blob, Detection(before.parsed.kind or "", before.parsed.why), fault)


def notes(document: Document, index: int, documents: Mapping[str, Document]) -> Mapping[str, str]:
    """How the fields of a record came about, by name, as far as its format can tell; nothing for most."""
    form = named(document.format or "")
    if form is None or form.annotate is None:
        return {}
    return form.annotate(document, index, documents)


def related(form: Format, documents: Mapping[str, Document]) -> Mapping[str, tuple[Issue, ...]]:
    """The issues that a format finds across documents, by the path they blame."""
    try:
        return {path: listed for path, issues in form.relate(documents).items() if (listed := tuple(issues))}
    except Exception as fault:  # noqa: BLE001 - as above
        return {".": (_crash(fault, f"the rules of {form.title} across files failed; please report it"),)}


def judged_alone(document: Document) -> Document:
    """The document of a file whose neighbours were not looked at, with what its format's relations say of it alone."""
    form = named(document.format or "")
    if form is None:
        return document
    found = related(form, {document.path: document}).get(document.path, ())
    own = [issue for issue in found if issue.rule.id not in form.absences]
    return structs.replace(document, issues=sorted_issues([*document.issues, *own])) if own else document


def succeeded(before: Document, after: Document) -> tuple[Issue, ...]:
    """What the format says of one document of a file taking the place of another."""
    form = named(after.format or "")
    return tuple(form.replaced(before, after)) if form and form.replaced else ()


def judged(form: Format, blob: Blob, document: Document) -> Document:
    """The document with the issues of its format's own rules added."""
    issues = [*document.issues, *form.validate(document)]
    if blob.fault and not form.tells_damage:
        issues.append(NOT_WHOLE.issue("", blob.fault))
    return structs.replace(document, issues=sorted_issues(issues)) if issues else document


def document_of(blob: Blob, form: str | None, detection: Detection, **fields: Any) -> Document:
    """A document with what the blob and the detection already say of it."""
    return Document(
        blob.path,
        format=form,
        kind=fields.pop("kind", detection.kind) or None,
        why=detection.why,
        size=blob.size,
        mtime_ns=blob.mtime_ns,
        sha256=blob.sha256,
        **fields,
    )


def _begun(blob: Blob, only: str | None, forms: Sequence[Format] | None) -> _Begun:
    try:
        found = detect(blob, only, forms)
    except Exception as fault:  # noqa: BLE001 - a bug in one format must not take the others down
        return _Begun(blob, loaded=_crashed(None, blob, Detection("", ""), fault))
    return _Begun(blob, *found) if found else _Begun(blob)


def _parse(begun: _Begun) -> None:
    if begun.form is not None:
        try:
            begun.parsed = begun.form.parse(begun.blob, begun.detection)
        except Exception as fault:  # noqa: BLE001 - as above
            begun.loaded = _crashed(begun.form, begun.blob, begun.detection, fault)


def _judge(begun: _Begun) -> None:
    if begun.form is not None and begun.parsed is not None:
        try:
            begun.loaded = _judged(begun.form, begun.blob, begun.parsed)
        except Exception as fault:  # noqa: BLE001 - as above
            begun.loaded = _crashed(begun.form, begun.blob, begun.detection, fault)


def _judged(form: Format, blob: Blob, parsed: Document) -> Loaded:
    return Loaded(judged(form, blob, parsed), parsed, form)


def _unknown(blob: Blob) -> Loaded:
    issues = (NOT_WHOLE.issue("", blob.fault),) if blob.fault else ()
    document = Document(blob.path, size=blob.size, mtime_ns=blob.mtime_ns, sha256=blob.sha256, issues=issues)
    return Loaded(document, document)


def _crashed(form: Format | None, blob: Blob, detection: Detection, fault: Exception) -> Loaded:
    issue = _crash(fault, "this file could not be judged; please report it")
    document = document_of(blob, form.id if form else None, detection, issues=(issue,))
    return Loaded(document, document)


def _crash(fault: Exception, message: str) -> Issue:
    frames = traceback.extract_tb(fault.__traceback__)[-CRASH_FRAMES:]
    places = " < ".join(f"{frame.name} ({_module(frame.filename)}:{frame.lineno})" for frame in reversed(frames))
    return CRASHED.issue("", message, actual=f"{type(fault).__name__} in {places}")


def _module(file: str) -> str:
    """A source file by the last parts of its path, which say what a reader of a report needs."""
    return "/".join(file.split("/")[-3:])
