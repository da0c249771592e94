"""Bootloader telemetry."""

from __future__ import annotations

from teleloupe.formats import Format

FORMAT = Format(
    id="bootloader",
    title="Bootloader",
    source="formats/bootloader.md",
    kinds=(),
    rules=(),
    detect=lambda _sketch: None,
    parse=lambda _blob, _detection: None,  # type: ignore[arg-type,return-value]
    validate=lambda _document: (),
)
