"""The records of Toyfoundry telemetry, one strict Struct a kind (specification, section 2)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from teleloupe.columns import column, columns_of

RITUALS = ("forge", "parade", "promote", "purge")
STATUSES = ("failure", "partial", "success")
DURATION_LIMIT_MS = 300_000
FIELDS = ("schema_version", "batch_id", "ritual", "units_processed", "status", "duration_ms")  # the contract's order

Ritual = Literal["forge", "parade", "promote", "purge"]
Status = Literal["failure", "partial", "success"]


class Record(Struct, frozen=True, gc=False, order=True, forbid_unknown_fields=True):
    """An export record, version 1.0. Declared in the order that the loom sorts by, so that `<` is one C comparison."""

    batch_id: Annotated[str, Meta(min_length=1, description="the operation; the record's identifier")]
    ritual: Annotated[Ritual, Meta(description="what was done, after normalisation")]
    status: Annotated[Status, Meta(description="how it ended, after normalisation")]
    units_processed: Annotated[int, Meta(gt=0, description="how many units; 1 where nothing was measured")]
    duration_ms: Annotated[
        int, Meta(ge=0, le=300_000, description="how long; 0 where nothing was measured", extra={"unit": "ms"})
    ]
    schema_version: Annotated[Literal["1.0"], Meta(description="version of the export contract")]


class Mint(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A line of the mint feed with all that its writer gives."""

    timestamp: Annotated[str, Meta(description="when the mint ran")]
    alfa_id: Annotated[str, Meta(min_length=1, description="what was minted: alfa-<unix seconds>-<seed in hex>")]
    name: Annotated[str, Meta(description="free text")]
    dry_run: Annotated[bool, Meta(description="whether nothing was written")]
    output_path: Annotated[str | None, Meta(description="the manifest of the mint, with backslashes")]
    seed: Annotated[int, Meta(description="0 to 2^31-1")]
    recipe_name: Annotated[str | None, Meta(description="the recipe, if one was named")]
    status: Annotated[str, Meta(description="minted, or draft for a dry run")]


class RitualEvent(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the ritual feed with all that its writer gives."""

    timestamp: Annotated[str, Meta(description="when the ritual was done")]
    ritual: Annotated[str, Meta(min_length=1, description="drill, parade, purge or promote")]
    status: Annotated[str, Meta(description="completed or dry_run")]
    metadata: Annotated[dict[str, Any], Meta(description="batch id, metrics, dry_run and a remark")]


class Entry(Struct, frozen=True):
    """An entry of a rollup: the id it stands under and what stands there."""

    operation_id: str
    value: Any


class Artefact(Struct, frozen=True):
    """A file that a build info or manifest lists: its name there, and the entry."""

    name: str
    sha256: str | None
    entry: Any


_BY_NAME = {found.name: found for found in columns_of(Record)}
RECORD_COLUMNS = tuple(_BY_NAME[name] for name in FIELDS)
MINT_COLUMNS = columns_of(Mint)
RITUAL_COLUMNS = columns_of(RitualEvent)
ARTEFACT_COLUMNS = (column("name", "the file that is listed"), column("sha256", "its digest, as stated"))
CLERK_COLUMNS = (
    column("operation", "forge_mint_alfa or forge_drill_alfa"),
    column("status", "how it ended"),
    column("units", "how many units", type="integer"),
    column("duration_ms", "how long", unit="ms", type="integer"),
    column("timestamp", "when, with seven digits of a second"),
    column("batch", "the canary batch"),
)
WIDE_COLUMNS = (
    column("operation_id", "the operation"),
    column("last_updated", "the latest time of anything in the operation"),
    column("mint_name", "name of the mint"),
    column("mint_first_seen", "first mint"),
    column("mint_last_seen", "last mint"),
    column("mint_latest_status", "status of the last mint line"),
    column("mint_dry_runs", "mints that were dry runs", type="integer"),
    column("mint_runs", "mints that were none", type="integer"),
    column("ritual", "raw ritual name; blank without events"),
    column("ritual_total", "events of that ritual", type="integer"),
    column("ritual_completed", "those completed", type="integer"),
    column("ritual_dry_runs", "those that were dry runs", type="integer"),
    column("event_index", "number of the event in its ritual, from 0", type="integer"),
    column("event_timestamp", "when"),
    column("event_status", "status as the feed had it"),
    column("event_dry_run", "whether it was a dry run", type="boolean"),
    column("event_metadata", "the event's metadata", type="json"),
)
BUILD_INFO_FIELDS = (
    column("alfas_minted", "the alfas of the batch", type="json"),
    column("artifacts", "the files that were built, with their digests", type="json"),
    column("batch_config", "with what the batch was minted", type="json"),
    column("batch_contents", "the batches in the export", type="json"),
    column("batch_count", "how many batches are in the export", type="integer"),
    column("batch_name", "the canary"),
    column("build_id", "the build"),
    column("build_timestamp", "when it was built"),
    column("canary_batches", "the batches in the export", type="json"),
    column("counts", "records and units in the export", type="json"),
    column("governance", "who approved it", type="json"),
    column("issuer", "who built it"),
    column("order_id", "the order it was built for"),
    column("recipe", "how the exports were made"),
    column("retention_days", "how long it is kept", unit="d", type="integer"),
    column("rollback_plan", "what to do when it fails"),
    column("sizes_bytes", "size of each file where it was built", unit="B", type="json"),
    column("source", "what the build is of"),
    column("telemetry_summary", "how many lines the feeds had", type="json"),
    column("timestamp", "when it was built"),
)
MANIFEST_FIELDS = (
    column("artifacts", "the files of the export, with their digests", type="json"),
    column("batch_summary", "the batch that was exported", type="json"),
    column("checksums", "digest of each file", type="json"),
    column("consumer_notes", "a remark to who reads it"),
    column("counts", "records and batches in the export", type="json"),
    column("files", "the files of the export", type="json"),
    column("generated_at", "when it was written"),
    column("manifest_locations", "where copies are kept", type="json"),
    column("manifest_version", "version of the manifest's shape"),
    column("order_id", "the order it was exported for"),
)
