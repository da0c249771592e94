"""Every verdict's word beside artefacts of all five formats, each with a near miss that nothing explains."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from signed_files import crlf, git, sha256

from teleloupe import formats
from teleloupe.disk import read
from teleloupe.workspace import Workspace

SAMPLES = Path(__file__).parents[3] / "sample_data"
EXPORTS = ".toyfoundry/telemetry/quilt/exports"
RUN = "bin/seq/20260301_060000"
GROWTH = b"one line more\n"


def report_json(report: Path) -> bytes:
    """The JSON form of a bootloader report, as its producer writes it."""
    form = formats.named("bootloader")
    document = formats.load(read(str(report), report.name))
    assert form is not None
    assert form.products is not None
    return next(one.data for one in form.products(document, {}) if one.path.endswith(".json"))


def artefact(name: str, folder: Path) -> Path:
    """A JSON artefact of a format, alone in a directory."""
    sources = {
        "toyfoundry": f"{EXPORTS}/composite_export.json",
        "weftend": "parts/chunk.json",
        "svr": "sessions/2026-04-18/anon-p014.json",
        "clamp": "build/telemetry/clamp_run_20251020T091500Z.json",
        "bootloader": f"{RUN}/gen_3.txt",
    }
    source = SAMPLES / name / "valid" / sources[name]
    folder.mkdir(parents=True)
    place = folder / source.with_suffix(".json").name
    data = report_json(source) if name == "bootloader" else source.read_bytes()
    place.write_bytes((data if b"\n" in data[:-1] else data.replace(b",", b",\n", 1)).rstrip() + b"\n")
    return place


def verdicts(root: Path) -> dict[str, str]:
    """The word of each sidecar's verdict, by the sidecar's path."""
    found = Workspace(str(root)).refresh().verdicts
    return {one.claim.claimant: one.word for one in found if one.claim.kind == "sidecar"}


def compact(data: bytes) -> bytes:
    return json.dumps(json.loads(data), sort_keys=True, separators=(",", ":")).encode()


SIGNED: dict[str, Callable[[bytes], bytes]] = {
    "ok": bytes,
    "line-endings": crlf,
    "final-newline": lambda data: data[:-1] if data.endswith(b"\n") else data + b"\n",
    "bom": lambda data: b"\xef\xbb\xbf" + data,
    "encoding": lambda data: b"\xff\xfe" + crlf(data).decode().encode("utf-16-le"),
    "canonical-form": compact,
    "truncated": lambda data: data.removesuffix(GROWTH),
    "elsewhere": lambda _: b"another file",
    "twin": lambda _: b"a,b\r\n1,2\r\n",
}
every_format = pytest.mark.parametrize("name", formats.NAMES)


@pytest.mark.parametrize("word", SIGNED)
@every_format
def test_what_the_bytes_show_is_told_and_a_near_miss_is_not(tmp_path: Path, name: str, word: str) -> None:
    for folder in ("real", "near"):
        place = artefact(name, tmp_path / folder)
        stored = place.read_bytes() + (GROWTH if word == "truncated" else b"")
        place.write_bytes(stored)
        signed = SIGNED[word](stored)
        signed = signed if folder == "real" else signed[:-1] + bytes([signed[-1] ^ 1])
        place.with_name(f"{place.name}.sha256").write_text(sha256(signed))
        (place.parent / "other").write_bytes(b"another file")
        place.with_suffix(".csv").write_bytes(b"a,b\r\n1,2\r\n")

    sidecar = f"{place.name}.sha256"
    assert verdicts(tmp_path) == {f"near/{sidecar}": "mismatch", f"real/{sidecar}": word}


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("unreadable-claim", "no digest in here\n"),
        ("ambiguous-claim", f"{'a' * 64}  one.json\n{'b' * 64}  two.json\n"),
        ("mismatch", f"{'a' * 64}  one.json\n"),
    ],
)
@every_format
def test_a_sidecar_that_states_nothing_usable_is_told_apart(tmp_path: Path, name: str, word: str, written: str) -> None:
    place = artefact(name, tmp_path / "here")
    (place.parent / f"{place.name}.sha256").write_text(
        written.replace("one.json", place.name) if word == "mismatch" else written
    )

    assert verdicts(tmp_path)[f"here/{place.name}.sha256"] == word


@every_format
def test_a_sidecar_outlives_its_artefact(tmp_path: Path, name: str) -> None:
    place = artefact(name, tmp_path / "here")
    sidecar = place.with_name(f"{place.name}.sha256")
    sidecar.write_text(sha256(place.read_bytes()))
    place.unlink()

    assert verdicts(tmp_path) == {f"here/{sidecar.name}": "missing-artefact"}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@every_format
def test_an_older_version_is_found_in_git_and_a_near_one_is_not(tmp_path: Path, name: str) -> None:
    place = artefact(name, tmp_path / "here")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "first")):
        git(tmp_path, *words)
    old = place.read_bytes()
    place.write_bytes(b"[" + old + b"]")
    sidecar = place.with_name(f"{place.name}.sha256")

    sidecar.write_text(sha256(crlf(old)))
    assert verdicts(tmp_path) == {f"here/{sidecar.name}": "older-version"}

    sidecar.write_text(sha256(crlf(old)[:-1] + b"!"))
    assert verdicts(tmp_path) == {f"here/{sidecar.name}": "mismatch"}


# an artefact of a producer's tree, and how somebody edited it after it was signed
REMADE = {
    "toyfoundry": (f"{EXPORTS}/composite_export.json", b"success", b"failure"),
    "weftend": ("parts/chunk.json", b'"coverage":0.7', b'"coverage":0.6'),
    "svr": ("sessions/2026-04-18/anon-p014.csv", b",25", b",24"),
    "clamp": ("build/telemetry_summary.json", b'"session_count":', b'"session_count":1'),
    "bootloader": (f"{RUN}/gen_3.json", b'"kernelSizeMax": 74', b'"kernelSizeMax": 75'),
}


@every_format
def test_what_the_producer_would_write_is_told_and_a_near_miss_is_not(tmp_path: Path, name: str) -> None:
    shutil.copytree(SAMPLES / name / "valid", tmp_path / "tree")
    path, before, after = REMADE[name]
    place = tmp_path / "tree" / path
    if name == "bootloader":
        place.write_bytes(report_json(place.with_suffix(".txt")))
    signed = place.read_bytes()
    assert before in signed
    place.write_bytes(signed.replace(before, after, 1))
    sidecar = place.with_name(f"{place.name}.sha256")

    sidecar.write_text(sha256(signed))
    assert verdicts(tmp_path)[f"tree/{path}.sha256"] == "regenerated"

    sidecar.write_text(sha256(signed[:-1] + b"!"))
    assert verdicts(tmp_path)[f"tree/{path}.sha256"] == "mismatch"
