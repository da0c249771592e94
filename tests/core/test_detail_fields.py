"""A record field by field stands as its file has it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from teleloupe import detail, formats
from teleloupe.model import Blob

RECORD = {
    "status": "success", "batch_id": "alfa-1", "units_processed": 1, "schema_version": "1.0", "ritual": "forge",
    "duration_ms": 0,
}  # fmt: skip


def names(record: dict[str, Any]) -> list[str]:
    """The fields of the one record of an export, as they are listed."""
    content = json.dumps([record])
    document = formats.load(Blob("composite_export.json", content.encode(), len(content), 0, ""))
    assert document.kind == "export"
    return [row.name for row in detail.fields(document, 0, content).rows if not row.is_absent]


@pytest.mark.parametrize("order", [list(RECORD), sorted(RECORD), sorted(RECORD, reverse=True)])
def test_fields_stand_in_the_order_of_the_file_whether_the_record_is_clean_or_not(order: list[str]) -> None:
    record = {name: RECORD[name] for name in order}

    assert names(record) == order
    assert names(record | {"extra": 1}) == [*order, "extra"]
    assert names(record | {"duration_ms": "x"}) == order
