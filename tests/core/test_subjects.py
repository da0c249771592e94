"""Which file a path written elsewhere speaks of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.subjects import Place, find

ROOT = "/home/someone/repository/.toyfoundry/telemetry/quilt"
KNOWN = frozenset(
    {"exports/a.json", "exports/canary/a.json", "exports/samples/s.json", "top.json", "exports/odd\\name"}
)


@pytest.mark.parametrize(
    ("written", "writer", "path"),
    [
        ("a.json", "exports/build_info.json", "exports/a.json"),
        ("./a.json", "exports/build_info.json", "exports/a.json"),
        ("exports/a.json", "exports/canary/build_info.json", "exports/a.json"),
        (".toyfoundry/telemetry/quilt/exports/a.json", "exports/build_info.json", "exports/a.json"),
        (".toyfoundry\\telemetry\\quilt\\exports\\a.json", "exports/build_info.json", "exports/a.json"),
        ("../exports/a.json", "exports/build_info.json", "exports/a.json"),
        ("/home/someone/repository/.toyfoundry/telemetry/quilt/top.json", "exports/build_info.json", "top.json"),
        ("C:\\Users\\A\\quilt\\exports\\samples\\s.json", "exports/b.json", "exports/samples/s.json"),
        ("/elsewhere/exports/samples/s.json", "exports/b.json", "exports/samples/s.json"),
        ("odd\\name", "exports/b.json", "exports/odd\\name"),
        ("gone/a.json", "exports/b.json", "exports/a.json"),
    ],
)
def test_a_path_leads_to_its_file(written: str, writer: str, path: str) -> None:
    assert find(written, writer, KNOWN, ROOT) == Place(path)


@pytest.mark.parametrize(
    ("written", "writer"),
    [
        ("a.json", "build_info.json"),  # a bare name is looked for beside its writer alone
        ("top.json", "exports/build_info.json"),
        ("gone.json", "exports/build_info.json"),
        ("", "exports/build_info.json"),
        (".", "exports/build_info.json"),
        ("a/" * 100 + "a.json", "build_info.json"),
    ],
)
def test_what_is_not_there_is_not_found(written: str, writer: str) -> None:
    assert find(written, writer, KNOWN, ROOT) == Place(None)


def test_a_list_names_its_files_exactly() -> None:
    assert find("gone/a.json", "exports/SHA256SUMS", KNOWN, ROOT, beside=False) == Place(None)


@pytest.mark.parametrize(
    "written", ["../../../../../../etc/passwd", "/etc/passwd", "C:\\Windows\\win.ini", "../../a.json"]
)
def test_a_path_out_of_the_root_is_refused(written: str) -> None:
    place = find(written, "exports/SHA256SUMS", KNOWN, ROOT, beside=False)

    assert place == Place(None, "leads out of the watched directory; not read")


@given(st.text(alphabet="./\\a:C", max_size=30), st.sampled_from(["x", "exports/x", "exports/canary/x"]))
def test_any_path_leads_to_a_known_file_or_nowhere(written: str, writer: str) -> None:
    place = find(written, writer, KNOWN, ROOT)

    assert place.path is None or place.path in KNOWN
