"""Recognition: by content first, by name where the content cannot be read."""

from __future__ import annotations

import pytest
from clamp_files import loaded, record, session


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("any.json", session(record()), "session"),
        ("any.json", b'{"records": null}', "session"),
        ("clamp_run_x.json", b"{}", "session"),
        ("clamp_run_x.json", b"[]", "session"),
        ("clamp_run_x.json", b"", "session"),
        ("clamp_run_x.json", b'{"meanStability": 1}', "summary"),
        ("any.json", b'{"meanStability": 1}', "summary"),
        ("any.json", b'{"sample_count": 1}', "summary"),
        ("telemetry_summary.json", b'{"source_directory":"C:\\ci"}', "summary"),
        ("telemetry_summary.json", b"", "summary"),
        ("telemetry_summary.json", b'{"x": 1}', None),
        ("telemetry_summary.json", b"[]", None),
        ("any.json", b'{"image": "i", "digest": "d"}', "snapshot"),
        ("any.json", b'{"image": "i"}', None),
        ("rocm_snapshot.json", b'{"image": "i"}', "snapshot"),
        ("rocm_snapshot.json", b"not json", "snapshot"),
        ("rocm_snapshot.json", b"[]", None),
        ("run.json", b'{"verify_status": "ok"}', None),
        ("any.json", session(record()).replace(b"4.125", b"nan"), "session"),
        ("any.json", b"", None),
    ],
)
def test_a_file_is_what_its_content_says_or_else_its_name(name: str, data: bytes, kind: str | None) -> None:
    document = loaded(data, name)

    assert (document.format, document.kind) == (("clamp", kind) if kind else (None, None))


def test_a_certain_answer_says_what_it_saw() -> None:
    assert loaded(session(record())).why == "root object with records"
