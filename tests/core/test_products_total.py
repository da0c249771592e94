"""Whatever lies beside a document, the files that its producer would make can be made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe import formats
from teleloupe.model import Blob, Document
from teleloupe.workspace import Workspace

SAMPLES = Path(__file__).parents[2] / "sample_data"
TREES = sorted([*SAMPLES.glob("*/valid"), *SAMPLES.glob("*/invalid/*")])
ALIENS = sorted(path for path in SAMPLES.glob("*/valid/**/*") if path.is_file() and path.stat().st_size < 20_000)


@cache
def documents_of(tree: Path) -> dict[str, Document]:
    return dict(Workspace(str(tree)).refresh().documents)


def make_all(documents: Mapping[str, Document]) -> None:
    """Everything that every format makes of and beside every document."""
    for form in formats.all_formats():
        for document in documents.values():
            made = list(form.products(document, documents)) if form.products else []
            assert all(isinstance(product.data, bytes) for product in made)
            for _, content in form.regenerate(document.path, documents) if form.regenerate else ():
                assert isinstance(content, bytes)


def alien(path: str, content: bytes) -> Document:
    return formats.load(Blob(path, content, len(content), 0, ""))


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.relative_to(SAMPLES).as_posix())
def test_products_are_made_of_a_sample_tree(tree: Path) -> None:
    make_all(documents_of(tree))


def test_a_sidecar_that_turns_out_to_be_another_format_s_file_is_made_anew() -> None:
    documents = documents_of(SAMPLES / "toyfoundry" / "valid")
    report = next(path for path in ALIENS if path.name.startswith("gen_") and path.suffix == ".txt").read_bytes()
    sidecars = {path: alien(path, report) for path in documents if path.endswith(".sha256")}

    assert {document.format for document in sidecars.values()} == {"bootloader"}
    make_all(documents | sidecars)


@given(st.data())
def test_products_are_made_when_a_file_holds_what_another_format_s_should(data: st.DataObject) -> None:
    documents = documents_of(data.draw(st.sampled_from(TREES)))
    if not documents:
        return
    path = data.draw(st.sampled_from(sorted(documents)))

    make_all(documents | {path: alien(path, data.draw(st.sampled_from(ALIENS)).read_bytes())})
