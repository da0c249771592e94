"""Every view of every format answers for any document: sample trees, whole and mutated, their files and directories."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe import formats
from teleloupe.formats import View
from teleloupe.model import DIRECTORY, Blob, Document
from teleloupe.safe import cell
from teleloupe.workspace import Workspace

SAMPLES = Path(__file__).parents[2] / "sample_data"
TREES = sorted([*SAMPLES.glob("*/valid"), *SAMPLES.glob("*/invalid/*")])


@cache
def documents_of(tree: Path) -> dict[str, Document]:
    return dict(Workspace(str(tree)).refresh().documents)


def name_of(tree: Path) -> str:
    return tree.relative_to(SAMPLES).as_posix()


def looks(documents: dict[str, Document]) -> Iterator[tuple[View, Document]]:
    """Every view with every document it is for: those of the tree, its root, and a directory that is not there."""
    directories = [Document(path, kind=DIRECTORY) for path in (".", "absent")]
    for form in formats.all_formats():
        for view in form.views:
            for document in [*documents.values(), *directories]:
                if document.kind in view.kinds and document.format in (form.id, None):
                    yield view, document


def look(view: View, document: Document, documents: dict[str, Document]) -> None:
    """Make a table, all of its cells and places, and the charts."""
    table = view.table(document, documents)
    for index, row in enumerate(table.rows):
        assert all(isinstance(cell(column.get(row)), str) for column in table.columns)
        place = table.locate(index)
        assert (
            place.path in documents
            or any(path.startswith(f"{place.path}/") for path in documents)
            or (place.path == ".")
        )
    for chart in view.charts(document, documents):
        assert chart.shape in ("line", "bars", "spans")
        assert all(math.isfinite(x) and math.isfinite(y) for one in chart.series for x, y in one.points)


def test_ids_of_views_are_unique_among_those_of_a_kind() -> None:
    seen = [(kind, view.id) for form in formats.all_formats() for view in form.views for kind in view.kinds]

    directory_views = [view for kind, view in seen if kind == DIRECTORY]
    assert len(directory_views) == len(set(directory_views))


@pytest.mark.parametrize("tree", TREES, ids=name_of)
def test_every_view_answers_for_a_sample_tree(tree: Path) -> None:
    documents = documents_of(tree)

    for view, document in looks(documents):
        look(view, document, documents)


@given(st.data())
def test_every_view_answers_when_a_file_is_mutated(data: st.DataObject) -> None:
    tree = data.draw(st.sampled_from(TREES))
    documents = documents_of(tree)
    files = [path for path in documents if (tree / path).is_file() and (tree / path).stat().st_size < 20_000]
    if not files:
        return
    path = data.draw(st.sampled_from(files))
    content = bytearray((tree / path).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    blob = Blob(path, bytes(content), len(content), 0, "")
    mutated = documents | {path: formats.load(blob, documents[path].format)}

    for view, document in looks(mutated):
        if document.path in (path, "."):
            look(view, document, mutated)
