"""The formats: which exist, which one a file is in, and a file's bytes to its document."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from msgspec import Struct, structs

from teleloupe.model import Blob, Column, Detection, Document, Issue, Rule, Verdict, sorted_issues
from teleloupe.sketch import Sketch

NAMES = ("toyfoundry", "weftend", "svr", "clamp", "bootloader")
CORE_SOURCE = "docs/rules.md"

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


def unrelated(_documents: Mapping[str, Document]) -> Mapping[str, Iterable[Issue]]:
    """For formats without rules across files."""
    return {}


class Format(Struct, frozen=True):
    """A producer's format: a value with functions in it.

    detect    from a file's outline to its kind and the reason, or None when the file is not of this format
    parse     total: any bytes of that kind give a document, with the issues of reading
    validate  the further issues of one document
    relate    the issues found across documents, by the path they blame; given all documents of the snapshot
    stream    for large files: ever fuller documents, the last one equal to what `parse` gives; None when `parse` is
              always quick enough
    extend    for files that only grow: the document of the whole file from the document so far and a blob whose data
              starts at `document.consumed`; None when it has to be parsed anew
    blame     the issues of resolved claims, by the path they blame; given the verdicts of claims that documents of this
              format make
    regenerate  what the producer's own rules make of the sources of an artefact here: a label and the bytes, each
    key       what identifies a record of a kind among its like, for matching two documents; None when it has nothing
    """

    id: str
    title: str
    source: str
    kinds: tuple[Kind, ...]
    rules: tuple[Rule, ...]
    detect: Callable[[Sketch], Detection | None]
    parse: Callable[[Blob, Detection], Document]
    validate: Callable[[Document], Iterable[Issue]]
    relate: Relate = unrelated
    stream: Callable[[Blob, Detection], Iterator[Document]] | None = None
    extend: Callable[[Document, Blob], Document | None] | None = None
    blame: Callable[[Sequence[Verdict]], Iterable[tuple[str, Issue]]] | None = None
    regenerate: Callable[[str, Mapping[str, Document]], Iterable[tuple[str, bytes]]] | None = None
    key: Key | None = None
    tells_damage: bool = False  # whether its own rules tell of damaged or oversized gzip content


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format, in the order in which they are asked."""
    return tuple(import_module(f"teleloupe.formats.{name}").FORMAT for name in NAMES)


def named(name: str) -> Format | None:
    """The format of an id."""
    return next((form for form in all_formats() if form.id == name), None)


def detect(blob: Blob, only: str | None = None) -> tuple[Format, Detection] | None:
    """The format and kind of a file, a certain answer before one that only its name suggests."""
    sketch = Sketch(blob)
    likely = None
    for form in all_formats():
        if only not in (None, form.id):
            continue
        found = form.detect(sketch)
        if found and found.is_certain:
            return form, found
        if found and likely is None:
            likely = form, found
    if likely is None and only is not None and (form_asked := named(only)):
        return form_asked, Detection("", "as asked", is_certain=False)
    return likely


def load(blob: Blob, only: str | None = None) -> Document:
    """A file's document with the issues of reading and of its own rules; an unknown file has neither format nor issues.

    `only` names the format to read it as, whatever it looks like.
    """
    found = detect(blob, only)
    if found is None:
        issues = (NOT_WHOLE.issue("", blob.fault),) if blob.fault else ()
        return Document(blob.path, size=blob.size, mtime_ns=blob.mtime_ns, sha256=blob.sha256, issues=issues)
    form, detection = found
    try:
        return judged(form, blob, form.parse(blob, detection))
    except Exception as fault:  # noqa: BLE001 - a bug in one format must not take the others down
        return _crashed(form, blob, detection, fault)


def judged(form: Format, blob: Blob, document: Document) -> Document:
    """The document with the issues of its format's own rules added."""
    issues = [*document.issues, *form.validate(document)]
    if blob.fault and not form.tells_damage:
        issues.append(NOT_WHOLE.issue("", blob.fault))
    return structs.replace(document, issues=sorted_issues(issues)) if issues else document


def document_of(blob: Blob, form: str, detection: Detection, **fields: Any) -> Document:
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


def _crashed(form: Format, blob: Blob, detection: Detection, fault: Exception) -> Document:
    place = traceback.extract_tb(fault.__traceback__)[-1]
    where = f"{type(fault).__name__} in {place.name}, line {place.lineno}"
    issue = CRASHED.issue("", "this file could not be judged; please report it", actual=where)
    return document_of(blob, form.id, detection, issues=(issue,))
