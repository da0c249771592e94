"""The shipped samples are the test list: valid trees are clean, an invalid tree breaks the rules it is named after."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from teleloupe import disk, formats
from teleloupe.model import Blob, Detection, Document
from teleloupe.workspace import Workspace

SAMPLES = Path(__file__).parents[2] / "sample_data"
VALID = sorted(path for path in SAMPLES.glob("*/valid") if path.is_dir())
INVALID = sorted(path for path in SAMPLES.glob("*/invalid/*") if path.is_dir())
FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file() and path.stat().st_size < 20_000)


def name_of(path: Path) -> str:
    return path.relative_to(SAMPLES).as_posix()


def test_every_format_has_samples() -> None:
    assert [path.parent.name for path in VALID] == sorted(formats.NAMES)
    assert {path.parent.parent.name for path in INVALID} == set(formats.NAMES)


@pytest.mark.parametrize("tree", VALID, ids=name_of)
def test_a_valid_tree_has_no_error_and_no_warning(tree: Path) -> None:
    snapshot = Workspace(str(tree)).refresh()

    found = [(path, issue.rule.id, issue.at) for path, issue in snapshot.issues() if issue.severity != "info"]
    assert found == []
    assert any(document.format == tree.parent.name for document in snapshot.documents.values())


@pytest.mark.parametrize("tree", INVALID, ids=name_of)
def test_an_invalid_tree_breaks_the_rules_in_its_name_and_no_other(tree: Path) -> None:
    expected = {f"{tree.parent.parent.name}/{slug}" for slug in tree.name.split("+")}

    snapshot = Workspace(str(tree)).refresh()

    found = {issue.rule.id for _, issue in snapshot.issues()}
    serious = {issue.rule.id for _, issue in snapshot.issues() if issue.severity != "info"}
    assert expected <= found
    assert serious <= expected


def _told(document: Document) -> str:
    """What a document says, in words, since NaN is not even itself."""
    left_out = ("body", "columns", "record_at")
    fields = {name: value for name, value in structs.asdict(document).items() if name not in left_out}
    return repr(fields | {"records": list(document.records)})


@pytest.mark.parametrize("order", range(3))
def test_files_that_are_loaded_together_are_what_each_is_alone(order: int) -> None:
    paths = random.Random(order).sample(FILES, len(FILES))
    blobs = [disk.read(str(path), name_of(path)) for path in paths]

    together = formats.loaded_together(blobs)

    assert [_told(one.document) for one in together] == [_told(formats.load(blob)) for blob in blobs]


def test_a_bug_that_one_file_meets_is_told_of_that_file_alone() -> None:
    def parse(blob: Blob, detection: Detection) -> Document:
        raise ZeroDivisionError

    clamp = formats.named("clamp")
    assert clamp
    forms = [structs.replace(form, parse=parse) if form is clamp else form for form in formats.all_formats()]
    paths = [path for path in FILES if path.is_relative_to(SAMPLES / "svr") or path.is_relative_to(SAMPLES / "clamp")]
    blobs = [disk.read(str(path), name_of(path)) for path in paths]

    together = formats.loaded_together(blobs, forms=forms)

    crashed = [one.document for one in together if formats.CRASHED in [issue.rule for issue in one.document.issues]]
    assert {document.format for document in crashed} == {"clamp"}
    assert len(crashed) == sum(formats.load(blob).format == "clamp" for blob in blobs)


@given(st.data())
def test_any_mutation_of_a_sample_gives_a_document(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(FILES))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        cut = data.draw(st.integers(0, 8))
        content[at : at + cut] = data.draw(st.binary(max_size=8))

    document = formats.load(Blob(path.name, bytes(content), len(content), 0, ""))

    assert formats.CRASHED not in {issue.rule for issue in document.issues}


@given(st.binary(max_size=300), st.sampled_from([None, *formats.NAMES]))
def test_any_bytes_give_a_document_in_any_format(content: bytes, form: str | None) -> None:
    document = formats.load(Blob("x.json", content, len(content), 0, ""), form)

    assert formats.CRASHED not in {issue.rule for issue in document.issues}
