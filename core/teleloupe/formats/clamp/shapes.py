"""The shapes of a clean session file, and what a Clamp document keeps beside its records."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from teleloupe.formats.clamp.figures import Figures

CONTRACT_FIELDS = ("context", "seed", "thread_id", "acquired_at", "released_at", "duration_ms", "stability_score")
TAG_FIELDS = ("backend", "deviceName", "device_name")
TOP_FIELDS = ("stability_score", *TAG_FIELDS)  # beside records
MAX_SEED = 2**64 - 1

Context = Annotated[str, Meta(description="what the anchor was held for, as the caller named it")]
Seed = Annotated[int, Meta(description="1 .. 2^64-1; 0 marks a failed acquisition")]
Thread = Annotated[str, Meta(description="the acquiring thread, as its platform prints it")]
Acquired = Annotated[str, Meta(description="acquisition, UTC, truncated to seconds")]
Released = Annotated[str | None, Meta(description="release, UTC; null while the anchor is held")]
Duration = Annotated[float, Meta(description="time held; 0 while in flight", extra={"unit": "ms"})]
Score = Annotated[float, Meta(description="0..1; 0 while in flight, 1 for a clean cycle")]
Mean = Annotated[float, Meta(description="mean of the records' scores, in-flight ones as 0")]
Backend = Annotated[str, Meta(description="deprecated: the back end at export")]
Device = Annotated[str, Meta(description="deprecated: the device at export")]
Mirror = Annotated[str, Meta(description="a copy of deviceName that the contract does not have")]


class PlainRecord(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One anchor's life as the contract has it and the v0.4 writer emits it (section 2)."""

    context: Context
    seed: Seed
    thread_id: Thread
    acquired_at: Acquired
    released_at: Released
    duration_ms: Duration
    stability_score: Score


class TaggedRecord(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """The same from the current writer, in its order, with tags the contract calls deprecated or does not have."""

    context: Context
    seed: Seed
    backend: Backend
    deviceName: Device  # noqa: N815 - the file's name
    device_name: Mirror
    thread_id: Thread
    acquired_at: Acquired
    released_at: Released
    duration_ms: Duration
    stability_score: Score


CleanRecord = PlainRecord | TaggedRecord


class PlainSession(Struct, frozen=True, forbid_unknown_fields=True):
    """A session file's top level from the v0.4 writer."""

    records: list[PlainRecord]
    stability_score: Mean


class TaggedSession(Struct, frozen=True, forbid_unknown_fields=True):
    """A session file's top level from the current writer."""

    records: list[TaggedRecord]
    stability_score: Mean
    backend: Backend
    deviceName: Device  # noqa: N815 - the file's name
    device_name: Mirror


class Body(Struct, frozen=True, eq=False, gc=False):
    """What a session document keeps: its part in the readings of its directory, and how far it can be judged."""

    figures: Figures
    is_judged: bool = True
    has_records: bool = True
