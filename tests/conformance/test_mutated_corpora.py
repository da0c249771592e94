"""No mutation of any corpus file makes a format fail: detection, reading, rules, relations, views, products."""

from __future__ import annotations

import gzip
import hashlib
import math
import os
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from corpora import CORPUS, SHARED, files_below, needs_corpora

from teleloupe import formats, packing
from teleloupe.formats import Format
from teleloupe.model import DIRECTORY, Blob, Document
from teleloupe.safe import cell

pytestmark = needs_corpora

ROUNDS = int(os.environ.get("TELELOUPE_EXAMPLES", "60")) * 2  # of each format
LARGEST = 20_000
MOST_ROWS = 100
TOKENS = (
    b"{}", b"[]", b"null", b"NaN", b"1e999", b"-0", b"18446744073709551616", b'""', b'"\\ud800"', b"true", b"\xff",
    b"-1", b"\xef\xbb\xbf", b"\n", b"\r\n", b"0.1", b",", b":", b'"a"', b"\x00", b"9" * 400, b"9" * 5000,
    b'{"a":1,"a":2}', b'"2025-13-45T99:99:99Z"', b'"0001-01-01T00:00:00Z"', b'"9999-12-31T23:59:59.999999Z"', b"-1e308",
    b"1e308", b"1e-99999999999999999999", b"0e99999999999999999999",
    b"[[[[[]]]]]",
)  # fmt: skip
VALUE = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|\{\}|\[\]')


@cache
def folders(form: str) -> tuple[tuple[Path, ...], ...]:
    """The small files of a producer's corpus and vectors, by the folder they share."""
    found = defaultdict[Path, list[Path]](list)
    for path in [*files_below(CORPUS / form), *files_below(SHARED / "vectors" / form)]:
        if path.stat().st_size < LARGEST:
            found[path.parent].append(path)
    return tuple(tuple(paths) for paths in found.values())


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content with some values replaced or moved, some bytes lost, or its end cut off."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        values = list(VALUE.finditer(bytes(found)))
        at, way = chance.randint(0, len(found)), chance.random()
        if values and way < 0.55:
            old, new = chance.choice(values), chance.choice(values)
            found[old.start() : old.end()] = chance.choice((*TOKENS, bytes(found[new.start() : new.end()])))
        elif way < 0.7:
            found[at : at + chance.randint(0, 20)] = chance.choice(TOKENS)
        elif way < 0.8:
            del found[at:]
        elif way < 0.9:
            other = chance.randint(0, len(found))
            found[at:at] = found[other : other + chance.randint(0, 200)]
        else:
            del found[at : at + chance.randint(1, 100)]
    return bytes(found)


def blob_of(path: Path, chance: random.Random | None = None) -> Blob:
    """A file of the corpora, with a chance most often mutated; what is packed is mutated inside."""
    stored = path.read_bytes()
    is_packed = packing.is_gzip(stored)
    content, fault = packing.expand(stored) if is_packed else (stored, "")
    if chance and chance.random() < 0.75:
        content = mutated(content, chance)
        stored = gzip.compress(content) if is_packed else content
    digest = hashlib.sha256(stored).hexdigest()
    return Blob(path.name, content, len(stored), 1, digest, "gzip" if is_packed else "", fault)


def document_of(blob: Blob, chance: random.Random) -> Document:
    """The document of a blob, its cells and places asked for, and the same if it comes as a stream."""
    only = chance.choice([None] * 5 + list(formats.NAMES))
    document = formats.load(blob, only)
    assert formats.CRASHED not in {issue.rule for issue in document.issues}
    *_, streamed = formats.loading(blob, only)
    assert streamed.document.issues == document.issues
    form = formats.named(document.format or "")
    for index, record in enumerate(document.records[:MOST_ROWS]):
        assert all(isinstance(cell(column.get(record)), str) for column in document.columns)
        assert isinstance(document.record_at(index), str)
        assert form is None or form.key is None or hash(form.key(record, document.kind or "")) is not None
    return document


def relate(form: Format, documents: Mapping[str, Document]) -> Iterator[Document]:
    """Everything a format says across documents; the directories it blames."""
    for path, issues in form.relate(documents).items():
        assert tuple(issues) is not None
        if path not in documents:
            yield Document(path, format=form.id, kind=DIRECTORY)
    assert form.twins is None or list(form.twins(documents)) is not None


def look(form: Format, document: Document, documents: Mapping[str, Document]) -> None:
    """Everything a format shows or makes of a document."""
    for product in form.products(document, documents) if form.products else ():
        assert isinstance(product.data, bytes)
    for _, content in form.regenerate(document.path, documents) if form.regenerate else ():
        assert isinstance(content, bytes)
    for view in form.views:
        if document.kind not in view.kinds or document.format not in (form.id, None):
            continue
        table = view.table(document, documents)
        for index, row in enumerate(table.rows[:MOST_ROWS]):
            assert all(isinstance(cell(column.get(row)), str) for column in table.columns)
            assert table.locate(index).path is not None
        points = [p for chart in view.charts(document, documents) for one in chart.series for p in one.points]
        assert all(math.isfinite(x) and math.isfinite(y) for x, y in points)


def play(form: str, seed: int) -> None:
    """Some files that lie in one folder, mutated, judged together and looked at."""
    chance = random.Random(seed)
    paths = chance.choice(folders(form))
    chosen = chance.sample(paths, min(len(paths), chance.randint(1, 5)))
    documents = {path.name: document_of(blob_of(path, chance), chance) for path in chosen}
    for one in formats.all_formats():
        directories = [Document(".", kind=DIRECTORY), *relate(one, documents)]
        for document in [*documents.values(), *directories]:
            look(one, document, documents)


@pytest.mark.parametrize("form", formats.NAMES)
def test_no_mutation_makes_a_format_fail(form: str) -> None:
    for seed in range(ROUNDS):
        try:
            play(form, seed)
        except Exception as fault:
            fault.add_note(f"play({form!r}, {seed})")
            raise


@pytest.mark.fuzz
@pytest.mark.parametrize("form", formats.NAMES)
def test_no_mutation_of_very_many_makes_a_format_fail(form: str) -> None:
    start = random.SystemRandom().randrange(1 << 32)
    for seed in range(start, start + ROUNDS * 2):
        try:
            play(form, seed)
        except Exception as fault:
            fault.add_note(f"play({form!r}, {seed})")
            raise


@pytest.mark.parametrize("form", formats.NAMES)
def test_a_file_can_end_anywhere(form: str) -> None:
    """One file of each kind, cut at every byte of its beginning and end and at many between."""
    seen = set[str | None]()
    for path in (path for paths in folders(form) for path in paths):
        blob = blob_of(path)
        kind = formats.load(blob).kind
        if kind in seen or len(blob.data) > 8_000:
            continue
        seen.add(kind)
        step = max(1, len(blob.data) // 300)
        for end in {*range(0, len(blob.data), step), *range(min(60, len(blob.data)))}:
            cut = Blob(path.name, blob.data[:end], end, 1, "")
            document = formats.judged_alone(formats.load(cut, form))
            assert formats.CRASHED not in {issue.rule for issue in document.issues}
    assert seen
