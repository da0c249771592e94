"""The rules of Toyfoundry telemetry (specification, section 8) but those about digests, which stand in `digests`."""

from __future__ import annotations

from teleloupe.model import Rule, Severity


def _rule(slug: str, code: str, severity: Severity, summary: str, section: str = "8") -> Rule:
    return Rule(f"toyfoundry/{slug}", code, severity, summary, f"Toyfoundry specification, section {section}")


NOT_UTF8 = _rule("not-utf8", "TF001", "error", "the text is not UTF-8; the producer stops reading here", "2.0")
BOM = _rule("bom", "TF002", "warning", "a byte order mark stands before the text; the producer refuses it", "2.0")
JSON_SYNTAX = _rule("json-syntax", "TF003", "error", "the JSON text is broken or ends too early", "2.0")
INCOMPLETE_TAIL = _rule("incomplete-tail", "TF004", "warning", "the last line of a feed is still being written")
NON_FINITE = _rule("non-finite", "TF005", "error", "NaN, an infinity or a number that overflows", "2.0")
WRONG_ROOT = _rule("wrong-root", "TF006", "error", "the value at the top is not what this kind of file holds")
DUPLICATE_KEY = _rule("duplicate-key", "TF007", "warning", "a key is repeated in an object; the last one counts", "2.0")
LONE_SURROGATE = _rule("lone-surrogate", "TF008", "error", "half a surrogate pair, which no CSV file can hold", "2.0")
INTEGER_TOO_LONG = _rule("integer-too-long", "TF009", "error", "an integer of more than 4300 digits", "2.0")
READING = (
    NOT_UTF8, BOM, JSON_SYNTAX, INCOMPLETE_TAIL, NON_FINITE, WRONG_ROOT, DUPLICATE_KEY, LONE_SURROGATE,
    INTEGER_TOO_LONG,
)  # fmt: skip

FIELD_MISSING = _rule("field-missing", "TF101", "error", "an export record lacks one of its six fields")
FIELD_TYPE = _rule("field-type", "TF102", "error", "a value of the wrong type")
BOOL_AS_INT = _rule("bool-as-int", "TF103", "error", "true or false where an integer belongs", "9, row 6")
SCHEMA_VERSION = _rule("schema-version", "TF104", "error", "the schema version of an export record is not 1.0")
RITUAL_ENUM = _rule("ritual-enum", "TF105", "error", "the ritual of an export record is not one of the four")
STATUS_ENUM = _rule("status-enum", "TF106", "error", "the status of an export record is not one of the three")
UNITS_NOT_POSITIVE = _rule("units-not-positive", "TF107", "error", "no units were processed")
DURATION_RANGE = _rule("duration-range", "TF108", "error", "a duration outside 0 to 300000 ms")
FIELD_UNKNOWN = _rule("field-unknown", "TF109", "error", "a field beyond the six of an export record", "9, row 7")
BATCH_ID_BLANK = _rule("batch-id-blank", "TF110", "error", "the batch id, a record's identifier, is blank", "9, row 8")
EXPORT_EMPTY = _rule(
    "export-empty", "TF111", "warning", "an export without any record; the validator fails it", "9, row 14"
)
NOT_SORTED = _rule("not-sorted", "TF112", "warning", "records out of the order batch id, ritual, status", "4")
NOT_CANONICAL = _rule("not-canonical", "TF113", "info", "other bytes than the loom writes for the same records", "5")
DUPLICATE_RECORD = _rule(
    "duplicate-record", "TF114", "info", "two records are identical, which drill and forge can make"
)
LEGACY_WIDE = _rule("legacy-wide", "TF115", "warning", "a wide export from before the Order 036 realignment", "2.7")
CLERK_SHAPE = _rule("clerk-shape", "TF116", "warning", "a clerk export from before the Order 036 realignment", "2.7")
RECORDS = (
    FIELD_MISSING, FIELD_TYPE, BOOL_AS_INT, SCHEMA_VERSION, RITUAL_ENUM, STATUS_ENUM, UNITS_NOT_POSITIVE,
    DURATION_RANGE, FIELD_UNKNOWN, BATCH_ID_BLANK, EXPORT_EMPTY, NOT_SORTED, NOT_CANONICAL, DUPLICATE_RECORD,
    LEGACY_WIDE, CLERK_SHAPE,
)  # fmt: skip

CSV_HEADER = _rule("csv-header", "TF201", "error", "the header of a CSV export is wrong or reordered", "2.6")
CSV_EMPTY = _rule("csv-empty", "TF202", "error", "a CSV export without even a header", "2.6")
CSV_ROW_WIDTH = _rule("csv-row-width", "TF203", "error", "a row with more or fewer cells than the header", "2.6")
CSV_CELL = _rule("csv-cell", "TF204", "error", "a cell that breaks a rule of its field", "2.6")
CSV_JSON_DIFFER = _rule("csv-json-differ", "TF205", "error", "a CSV export differs from the JSON export beside it")
CSV_EOL = _rule("csv-eol", "TF206", "info", "LF or mixed line ends where the loom writes CRLF", "5")
CSV_TRAILING_BLANK = _rule("csv-trailing-blank", "TF207", "info", "a blank line ends a CSV export", "2.6")
TABLES = (CSV_HEADER, CSV_EMPTY, CSV_ROW_WIDTH, CSV_CELL, CSV_JSON_DIFFER, CSV_EOL, CSV_TRAILING_BLANK)

ROLLUP_KIND = _rule(
    "rollup-kind", "TF301", "error", "a mint rollup stands where a composite one belongs, or the reverse", "2.4"
)
ROLLUP_SCHEMA = _rule("rollup-schema", "TF302", "error", "a rollup breaks its own schema", "2.3 and 2.4")
ROLLUP_COUNT = _rule("rollup-count", "TF303", "warning", "a counter disagrees with the events beside it", "3.2")
ROLLUP_ORDER = _rule("rollup-order", "TF304", "warning", "the events of a ritual are not in the order of time", "3.2")
ROLLUP_TIMES = _rule("rollup-times", "TF305", "warning", "times of a rollup entry contradict each other", "3.1 and 3.2")
ROLLUP_STALE = _rule("rollup-stale", "TF306", "warning", "a rollup is not what the feeds beside it give", "3")
EXPORT_STALE = _rule("export-stale", "TF307", "warning", "an export is not what the rollup above it gives", "4")
ROLLUPS = (ROLLUP_KIND, ROLLUP_SCHEMA, ROLLUP_COUNT, ROLLUP_ORDER, ROLLUP_TIMES, ROLLUP_STALE, EXPORT_STALE)

MINT_WITHOUT_ID = _rule("mint-without-id", "TF401", "warning", "a mint without alfa id; the loom drops it", "3.1")
EVENT_WITHOUT_ID = _rule(
    "event-without-id", "TF402", "warning", "a ritual event without any id; the loom drops it", "3.2"
)
RITUAL_COERCED = _rule("ritual-coerced", "TF403", "warning", "an unknown ritual is exported as forge", "4.1")
STATUS_COERCED = _rule("status-coerced", "TF404", "warning", "an unknown status is exported as partial", "4.4")
DURATION_CLAMPED = _rule("duration-clamped", "TF405", "warning", "a duration is exported as the nearest bound", "4.3")
DURATION_UNUSABLE = _rule(
    "duration-unusable", "TF406", "warning", "a duration that does not convert to an integer", "4.3"
)
UNITS_UNUSABLE = _rule("units-unusable", "TF407", "warning", "units that are not a positive integer", "4.2")
DRY_RUN_TYPE = _rule("dry-run-type", "TF408", "warning", "a dry_run flag that is no boolean", "9, row 4")
TIMESTAMP = _rule("timestamp", "TF409", "error", "a timestamp that the loom cannot use", "3.3 and 3.4")
METADATA_TYPE = _rule("metadata-type", "TF410", "error", "metadata that is no object", "3.4")
WOULD_REFUSE = _rule(
    "upstream-would-refuse", "TF411", "info", "the producer stops at this input and exports nothing", "3.4"
)
SHADOWED = _rule("shadowed-by-dry-run", "TF412", "warning", "a failure is exported as partial for being a dry run", "4")
NORMALISATION = (
    MINT_WITHOUT_ID, EVENT_WITHOUT_ID, RITUAL_COERCED, STATUS_COERCED, DURATION_CLAMPED, DURATION_UNUSABLE,
    UNITS_UNUSABLE, DRY_RUN_TYPE, TIMESTAMP, METADATA_TYPE, WOULD_REFUSE, SHADOWED,
)  # fmt: skip

COUNTS = _rule("counts", "TF604", "warning", "a count in the metadata disagrees with the artefacts")
BATCH_LIST = _rule("batch-list", "TF605", "warning", "a list of batches in the metadata disagrees with the export")
META_TIME = _rule("meta-time", "TF606", "warning", "the time of a metadata document is missing or unreadable", "2.8")
META_SHAPE = _rule("meta-shape", "TF607", "info", "metadata of an unknown shape, or without any digest", "2.8 and 2.9")
METADATA = (COUNTS, BATCH_LIST, META_TIME, META_SHAPE)

ALL = (*READING, *RECORDS, *TABLES, *ROLLUPS, *NORMALISATION, *METADATA)
