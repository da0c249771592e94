"""The shapes of a clean session file, and what a Clamp document keeps beside its records."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from teleloupe.formats.clamp.figures import Figures

CONTRACT_FIELDS = ("context", "seed", "thread_id", "acquired_at", "released_at", "duration_ms", "stability_score")
TAG_FIELDS = ("backend", "deviceName", "device_name")
MAX_SEED = 2**64 - 1

Tag = str | UnsetType


class Record(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One anchor's life (section 2, field table), in the order in which the exporter writes its fields."""

    context: Annotated[str, Meta(description="what the anchor was held for, as the caller named it")]
    seed: Annotated[int, Meta(description="1 .. 2^64-1; 0 marks a failed acquisition")]
    thread_id: Annotated[str, Meta(description="the acquiring thread, as its platform prints it")]
    acquired_at: Annotated[str, Meta(description="acquisition, UTC, truncated to seconds")]
    released_at: Annotated[str | None, Meta(description="release, UTC; null while the anchor is held")]
    duration_ms: Annotated[float, Meta(description="time held; 0 while in flight", extra={"unit": "ms"})]
    stability_score: Annotated[float, Meta(description="0..1; 0 while in flight, 1 for a clean cycle")]
    backend: Annotated[Tag, Meta(description="deprecated: the back end at export")] = UNSET
    deviceName: Annotated[Tag, Meta(description="deprecated: the device at export")] = UNSET  # noqa: N815 - the file's name
    device_name: Annotated[Tag, Meta(description="a copy of deviceName that the contract does not have")] = UNSET


class Session(Struct, frozen=True, forbid_unknown_fields=True):
    """A session file's top level."""

    records: list[Record]
    stability_score: Annotated[float, Meta(description="mean of the records' scores, in-flight ones as 0")]
    backend: Annotated[Tag, Meta(description="deprecated: the back end at export")] = UNSET
    deviceName: Annotated[Tag, Meta(description="deprecated: the device at export")] = UNSET  # noqa: N815 - the file's name
    device_name: Annotated[Tag, Meta(description="a copy of deviceName that the contract does not have")] = UNSET


class Body(Struct, frozen=True, eq=False):
    """What a session document keeps: its part in the readings of its directory, and how far it can be judged."""

    figures: Figures
    is_judged: bool = True
    has_records: bool = True
