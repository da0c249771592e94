"""What is checked in WeftEnd telemetry: one rule for each code of the specification (section 8)."""

from __future__ import annotations

from teleloupe.model import Rule, Severity

TITLE = "WeftEnd telemetry conduits specification"


def _rule(code: str, section: str, summary: str, severity: Severity = "error") -> Rule:
    slug = code.removeprefix("TELEMETRY_").lower().replace("_", "-")
    return Rule(f"weftend/{slug}", code, severity, summary, f"{TITLE}, section {section}")


JSON_PARSE_ERROR = _rule("JSON_PARSE_ERROR", "2", "the bytes are not strict UTF-8 JSON without a byte order mark")
SHAPE_INVALID = _rule("SHAPE_INVALID", "8", "the root is no JSON object")
FIELD_INVALID = _rule("FIELD_INVALID", "3", "a member is missing, unknown, of a wrong type or outside its grammar")
ENUM_INVALID = _rule("ENUM_INVALID", "3", "a value is none of a closed list")
CANONICAL_INVALID = _rule(
    "CANONICAL_INVALID",
    "2",
    "two readers could disagree: a repeated member, __proto__, a lone surrogate, no finite number",
)
SCHEMA_INVALID = _rule(
    "TELEMETRY_SCHEMA_INVALID", "9", "the schema is none that is known, though the file claims to be"
)
FIELD_FORBIDDEN = _rule("PRIVACY_FIELD_FORBIDDEN", "6", "a name or value identifies a person, a machine or a place")
TIMESTAMP_FORBIDDEN = _rule("PRIVACY_TIMESTAMP_FORBIDDEN", "6", "a name or value tells wall-clock time")
STRING_UNTRUSTED = _rule("PRIVACY_STRING_UNTRUSTED", "6", "free-form text could carry anything")
PATH_DIGEST_MISMATCH = _rule("PATH_DIGEST_MISMATCH", "5", "chunks of one chain bind different path digests")
K_ANONYMITY_FAIL = _rule("TELEMETRY_K_ANONYMITY_FAIL", "4.1", "an aggregate covers fewer samples than its floor")
BUDGET_EXCEEDED = _rule("TELEMETRY_BUDGET_EXCEEDED", "4", "a bound on bytes, keys, references or chunks is exceeded")
TTL_INVALID = _rule("TELEMETRY_TTL_INVALID", "4.2", "a lifetime is no integer from 1 to 604800 ticks")
CHUNK_ID_MISMATCH = _rule("TELEMETRY_CHUNK_ID_MISMATCH", "4.2", "a chunk's id is not the digest of its content")
CHAIN_BROKEN = _rule("TELEMETRY_CHAIN_BROKEN", "5", "a chunk does not point at the one before it")
HEAD_MISMATCH = _rule("TELEMETRY_HEAD_MISMATCH", "5", "the head is not the last chunk")
DUPLICATE_CHUNK = _rule("TELEMETRY_DUPLICATE_CHUNK", "5", "a chunk id occurs twice")
STREAM_MISMATCH = _rule("TELEMETRY_STREAM_MISMATCH", "5", "a chunk belongs to another stream")
TICK_ORDER_INVALID = _rule("TELEMETRY_TICK_ORDER_INVALID", "5", "ticks run backwards or windows overlap")
K_FLOOR_MISMATCH = _rule("TELEMETRY_K_FLOOR_MISMATCH", "4.2", "a chunk and its aggregate name different floors")
TTL_EXPIRED = _rule(
    "TELEMETRY_TTL_EXPIRED", "5", "a chunk has outlived its ticks; an error in a snapshot, a warning in a store"
)
INSUFFICIENT_COVERAGE = _rule(
    "INSUFFICIENT_COVERAGE", "4.1", "a bucket counts less than the floor and could single somebody out", "warning"
)
COUNT_EXCEEDS_SAMPLES = _rule(
    "TELEMETRY_COUNT_EXCEEDS_SAMPLES", "4.1", "a bucket counts more than there are samples", "warning"
)
MAP_UNKNOWN = _rule("TELEMETRY_MAP_UNKNOWN", "4.1", "a count map has a name that is not known", "warning")
DIGEST_LEGACY = _rule(
    "TELEMETRY_DIGEST_LEGACY", "3", "a digest of eight digits, from before SHA-256, verifies nothing", "warning"
)
DROPPED_REASON_MISMATCH = _rule(
    "TELEMETRY_DROPPED_REASON_MISMATCH", "4.5", "the floor's counter and its reason code come only together", "warning"
)
K_BELOW_DEFAULT = _rule("TELEMETRY_K_BELOW_DEFAULT", "4.1", "the floor is below the default of 100", "info")
CHAIN_ROOT_PRUNED = _rule(
    "TELEMETRY_CHAIN_ROOT_PRUNED", "5", "the first chunk points at one that is no longer there", "info"
)
NON_CANONICAL_BYTES = _rule(
    "TELEMETRY_NON_CANONICAL_BYTES", "2", "the bytes are not the canonical text of their content", "info"
)

RULES = (
    JSON_PARSE_ERROR, SHAPE_INVALID, FIELD_INVALID, ENUM_INVALID, CANONICAL_INVALID, SCHEMA_INVALID,
    FIELD_FORBIDDEN, TIMESTAMP_FORBIDDEN, STRING_UNTRUSTED, PATH_DIGEST_MISMATCH, K_ANONYMITY_FAIL, BUDGET_EXCEEDED,
    TTL_INVALID, CHUNK_ID_MISMATCH, CHAIN_BROKEN, HEAD_MISMATCH, DUPLICATE_CHUNK, STREAM_MISMATCH, TICK_ORDER_INVALID,
    K_FLOOR_MISMATCH, TTL_EXPIRED, INSUFFICIENT_COVERAGE, COUNT_EXCEEDS_SAMPLES, MAP_UNKNOWN, DIGEST_LEGACY,
    DROPPED_REASON_MISMATCH, K_BELOW_DEFAULT, CHAIN_ROOT_PRUNED, NON_CANONICAL_BYTES,
)  # fmt: skip
