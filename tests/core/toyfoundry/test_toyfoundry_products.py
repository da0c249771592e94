"""The files that the loom would make: which, with which bytes, and when none."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import pytest
from foundry_files import EVENTS, EXPORT, MINTS, TABLE, home, lines, mint, pretty, record, tree
from hypothesis import given
from hypothesis import strategies as st

from teleloupe import formats
from teleloupe.formats.toyfoundry import FORMAT
from teleloupe.formats.toyfoundry.products import KINDS
from teleloupe.model import Blob, Document
from teleloupe.workspace import Workspace

SAMPLES = Path(__file__).parents[3] / "sample_data" / "toyfoundry"
TREES = sorted([SAMPLES / "valid", *SAMPLES.glob("invalid/*")])
ROOT_EXPORT = f"t/quilt/exports/{EXPORT}"


@cache
def sample(folder: Path) -> dict[str, Document]:
    return dict(Workspace(str(folder)).refresh().documents)


def made(documents: dict[str, Document], path: str) -> dict[str, bytes]:
    assert FORMAT.products is not None
    return {product.path: product.data for product in FORMAT.products(documents[path], documents)}


def upper(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest().upper()


@pytest.mark.parametrize("folder", ["", "/canary_dusk", "/canary_noon"])
def test_the_products_of_a_directory_in_step_are_the_files_that_are_there(folder: str) -> None:
    documents = sample(SAMPLES / "valid")
    path = f".toyfoundry/telemetry/quilt/exports{folder}/{EXPORT}"

    found = made(documents, path)

    assert len(found) == (6 if folder else 8)
    assert found == {name: (SAMPLES / "valid" / name).read_bytes() for name in found}


def test_every_document_of_a_chain_gives_the_same_files() -> None:
    documents = sample(SAMPLES / "valid")
    quilt = ".toyfoundry/telemetry/quilt"
    names = ["exports/build_info.json", "exports/export_manifest.json", f"exports/{TABLE}", "quilt_rollup.json"]

    expected = made(documents, f"{quilt}/exports/{EXPORT}")

    assert [made(documents, f"{quilt}/{name}") for name in names] == [expected] * len(names)


def test_a_grown_feed_renews_everything_after_it() -> None:
    mints = [*MINTS, mint("d")]

    found = made(tree(home(mints, EVENTS, MINTS)), ROOT_EXPORT)

    expected = home(mints, EVENTS)
    assert {path: found[path] for path in expected if path in found} == {
        path: content for path, content in expected.items() if "forge" not in path
    }
    assert found[f"{ROOT_EXPORT}.sha256"].decode().split()[-1] == upper(found[ROOT_EXPORT])


def test_line_ends_and_the_style_of_a_sidecar_stay() -> None:
    files = {path: content.replace(b"\n", b"\r\n") for path, content in home(MINTS, []).items()}
    sidecar = f"{'0' * 64} *{EXPORT}\n".encode()
    documents = tree(files | {f"{ROOT_EXPORT}.sha256": sidecar})

    found = made(documents, ROOT_EXPORT)

    assert found[ROOT_EXPORT] == files[ROOT_EXPORT]
    assert found["t/quilt/quilt_rollup_all.json"] == files["t/quilt/quilt_rollup_all.json"]
    assert found[f"{ROOT_EXPORT}.sha256"] == f"{upper(found[ROOT_EXPORT]).lower()} *{EXPORT}\n".encode()


def test_metadata_is_brought_up_to_date_but_keeps_its_time() -> None:
    manifest = {"manifest_version": "1.0", "artifacts": [{"filename": EXPORT, "sha256": "0" * 64}], "batch_count": 9}
    info = {"build_id": "b", "timestamp": "2025-11-24T08:00:00Z", "counts": {"records": 9}}
    documents = tree(
        {EXPORT: pretty([record()]), "export_manifest.json": pretty(manifest), "build_info.json": pretty(info)}
    )

    found = made(documents, "build_info.json")

    assert json.loads(found["build_info.json"]) == info | {"counts": {"records": 1}}
    assert json.loads(found["export_manifest.json"]) == manifest | {
        "artifacts": [{"filename": EXPORT, "sha256": upper(pretty([record()]))}],
        "batch_count": 1,
    }


def test_an_export_alone_is_put_in_order() -> None:
    one, other = record(batch_id="a"), record(batch_id="b")

    found = made(tree({EXPORT: pretty([other, one])}), EXPORT)

    assert found[EXPORT] == pretty([one, other])
    assert found[TABLE].decode().splitlines()[1:] == ["1.0,a,forge,1,success,0", "1.0,b,forge,1,success,0"]


@pytest.mark.parametrize(
    "files",
    [
        {EXPORT: pretty([record()]), "build_info.json": b'{"build_id": '},
        {EXPORT: pretty([{"batch_id": "a", "schema_version": "1.0"}])},
        {EXPORT: pretty([record()])[:-40]},
    ],
)
def test_nothing_is_made_where_the_loom_would_refuse(files: dict[str, bytes]) -> None:
    assert made(tree(files), EXPORT) == {}


def test_a_rollup_without_export_gives_one() -> None:
    files = home(MINTS, EVENTS)
    content = files.pop(ROOT_EXPORT)

    assert made(tree(files), "t/quilt/quilt_rollup_all.json")[ROOT_EXPORT] == content


def test_a_canary_is_made_of_the_feed_that_bears_its_name() -> None:
    path = f"q/canary_x/{EXPORT}"
    expected = home(MINTS[:2], [])[ROOT_EXPORT]
    documents = tree({path: pretty([record()]), "tmp/canary_x_mint.jsonl": lines(*MINTS[:2])})

    assert made(documents, path)[path] == expected


@given(st.data())
def test_any_document_has_products_or_none(data: st.DataObject) -> None:
    folder = data.draw(st.sampled_from(TREES))
    documents = sample(folder)
    paths = [path for path, document in documents.items() if document.size < 20_000]
    path = data.draw(st.sampled_from(paths))
    content = bytearray((folder / path).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    blob = Blob(path, bytes(content), len(content), 0, "")
    mutated = documents | {path: formats.load(blob, documents[path].format)}

    for document in mutated.values():
        if document.kind in KINDS:
            assert FORMAT.products is not None
            assert all(isinstance(product.data, bytes) for product in FORMAT.products(document, mutated))
            assert isinstance(formats.notes(document, 0, mutated), dict)
