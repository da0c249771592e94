"""Names, bounds and closed lists of the WeftEnd telemetry conduits specification, kept in one place.

Several are readings of prose (section 12); an artefact of the author's would settle them, and only here.
"""

from __future__ import annotations

AGGREGATE = "weftend.telemetry.aggregate/0"
CHUNK = "weftend.telemetry.chunk/0"
JOURNAL = "weftend.telemetry.journal/0"
STORE = "weftend.telemetry.conduitStore/0"
SNAPSHOT = "weftend.telemetry.conduitSnapshot/0"
HARNESS_SESSION = "weftend.harness.session/0"
PREFIX = "weftend."
CONDUIT_PREFIX = "weftend.telemetry."

# kind in the command line's words, by schema
KINDS = {
    AGGREGATE: "aggregate",
    CHUNK: "chunk",
    JOURNAL: "journal",
    STORE: "conduit-store",
    SNAPSHOT: "conduit-snapshot",
    HARNESS_SESSION: "harness-session",
}
SCHEMAS = {kind: schema for schema, kind in KINDS.items()}
FOREIGN = "foreign"

STORE_NAME = "telemetry_conduit.json"
SNAPSHOT_NAME = "telemetry_conduit_snapshot.json"
KIND_BY_NAME = {
    STORE_NAME: "conduit-store",
    SNAPSHOT_NAME: "conduit-snapshot",
    "telemetry_aggregate.json": "aggregate",
}
EMBEDDED_SNAPSHOT = "/outputs/telemetryConduitSnapshot"  # where a harness session holds one (section 9)
STAGE_SUFFIX = ".stage"  # a file on its way to be renamed; never judged (section 13)

MAX_SAFE_INTEGER = 2**53 - 1  # D-9: what a double counts exactly
MAX_FILE_BYTES = 48 * 1024 * 1024  # D-28
MAX_CHUNK_BYTES = 262_144  # D-20
MAX_CHUNKS = 168  # D-27
MAX_JUDGED_CHUNKS = 10_000  # of a file whose chunks are not clean; far beyond the cap nobody reads on
MAX_REFS = 512  # D-18
MAX_REASON_CODES = 32  # section 3
MAX_DROPPED = 1_000_000  # D-22
MAX_TTL_TICKS = 604_800
DEFAULT_TTL_TICKS = 86_400
DEFAULT_K = 100  # below it a floor is worth a word
DEFAULT_STREAM = "telemetry.release.v0"  # D-44
MAX_STREAM_LENGTH = 64  # D-8
MAX_REASON_LENGTH = 128  # D-10
MAX_KEY_LENGTH = 64

MAPS = ("capDenies", "reasonFamilies", "tartarusKinds")  # D-13
MAX_KEYS = {"capDenies": 64, "reasonFamilies": 32, "tartarusKinds": 32}  # D-15
MAX_KEYS_OF_UNKNOWN_MAP = 64
MAX_KEYS_OF_ALL_MAPS = 200
SAMPLED_MAPS = ("capDenies", "reasonFamilies")  # their counts cannot exceed the samples (D-17)

COUNTERS = ("ttlPruned", "capPruned", "kFloorSkipped", "duplicateSkipped")
K_FLOOR_REASON = "TELEMETRY_K_ANONYMITY_FAIL"
COVERAGE_REASON = "INSUFFICIENT_COVERAGE"
BUDGET_REASON = "TELEMETRY_BUDGET_EXCEEDED"
TRUNCATION_MARKER = "TRUST_REASONS_TRUNCATED"

TARTARUS_KINDS = frozenset({
    "artifact.mismatch", "cap.replay", "evidence.digest.mismatch", "history.invalid", "history.link.mismatch",
    "history.signature.bad", "market.allowlist.missing", "market.ban.active", "market.evidence.missing",
    "market.takedown.active", "membrane.selftest.failed", "pkg.locator.mismatch", "privacy.field.forbidden",
    "privacy.receipt.oversize", "privacy.receipt.unbounded", "privacy.string.untrusted", "privacy.timestamp.forbidden",
    "release.manifest.invalid", "release.manifest.mismatch", "release.signature.bad", "secret.leak.attempt",
    "secretzone.unavailable", "stamp.invalid", "stamp.missing", "tier.violation",
})  # fmt: skip

# the member names of the five types: where a string may stand at all (section 6, P-3)
MEMBER_NAMES = frozenset({
    "schema", "v", "bind", "pathDigest", "kFloor", "sampleCount", "aggregates", *MAPS,
    "streamId", "chunkId", "prevChunkId", "windowStartTick", "windowEndTick", "payload", "evidenceRefs", "tartarusRefs",
    "ttlSeconds", "kAnonymityFloor", "coverage", "headChunkId", "updatedAtTick", "journal", "chunks",
    "dropped", *COUNTERS, "reasonCodes",
})  # fmt: skip
