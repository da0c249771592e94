"""What a file is taken for: content first, name second (section 1)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from foundry_files import load, mint, ritual


@pytest.mark.parametrize(
    ("root", "kind"),
    [
        ([{"schema_version": "1.0", "batch_id": "a"}], "export"),
        ([{"operation_id": "a", "event_metadata": {}}], "wide"),
        ([{"operation": "forge_mint_alfa", "units": 1, "timestamp": ""}], "clerk"),
        ({"a": {"rituals": {}, "mint_runs": 1}}, "rollup"),
        ({"a": {}, "b": {"mint_runs": 1}}, "mint-rollup"),
        ({"build_id": "a"}, "build-info"),
        ({"artifacts": [], "rollback_plan": ""}, "build-info"),
        ({"artifacts": {}, "retention_days": 3}, "build-info"),
        ({"schema": "build-info@1.0"}, "build-info"),
        ({"manifest_version": "1.0"}, "manifest"),
        ({"files": [], "checksums": {}}, "manifest"),
        ({"$schema": "", "build_id": "a"}, "schema"),
        ([{"operation": "forge_mint_alfa"}], None),
        ({"artifacts": []}, None),
        ({"telemetry/a.json": 1760000000.5}, None),
        ([], None),
        ({}, None),
    ],
)
def test_content_tells_the_kind_under_any_name(root: Any, kind: str | None) -> None:
    assert load(json.dumps(root).encode(), "any.json").kind == kind


@pytest.mark.parametrize(("line", "kind"), [(mint(), "mint-feed"), (ritual(), "ritual-feed"), ({"ritual": "x"}, None)])
def test_a_line_tells_the_kind_of_a_feed(line: Any, kind: str | None) -> None:
    assert load(json.dumps(line).encode(), "any.jsonl").kind == kind


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("old.composite_export.bak", b"[ ]\n", "export"),
        ("quilt_rollup.json", b"{}", "mint-rollup"),
        ("order028_composite_rollup.json", b"{}", "rollup"),
        ("build_info_b1.json", b"{}", "build-info"),
        ("export_manifest.json", b"{}", "manifest"),
        ("empty_ritual.jsonl", b"", "ritual-feed"),
        ("quilt_rollup.json", b'{"a": {"rituals": {}}}', "rollup"),
    ],
)
def test_a_name_tells_the_kind_where_content_does_not(name: str, content: bytes, kind: str) -> None:
    assert load(content, name).kind == kind
