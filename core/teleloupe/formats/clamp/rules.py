"""What is checked in Clamp telemetry: one Rule a code of the specification's catalogue."""

from __future__ import annotations

from teleloupe.model import Rule, Severity


def _rule(slug: str, severity: Severity, summary: str, section: str = "7.1") -> Rule:
    return Rule(f"clamp/{slug}", f"clamp.{slug}", severity, summary, f"Clamp specification, section {section}")


# Bytes and JSON text, of every kind of file
FILE_EMPTY = _rule("file-empty", "error", "the file holds nothing")
JSON_TRUNCATED = _rule("json-truncated", "error", "the JSON text ends too early")
JSON_INVALID = _rule("json-invalid", "error", "the text is not JSON")
JSON_NONFINITE = _rule("json-nonfinite", "error", "nan or inf stands where a number belongs")
JSON_LOCALE_NUMBER = _rule("json-locale-number", "error", "numbers are grouped or have a decimal comma")
JSON_DUPLICATE_KEY = _rule("json-duplicate-key", "warning", "an object has a key twice")
ENC_BOM = _rule("enc-bom", "warning", "the file starts with a byte order mark")
ENC_UTF16 = _rule("enc-utf16", "error", "the file is UTF-16")
ENC_INVALID_UTF8 = _rule("enc-invalid-utf8", "error", "the file is not UTF-8 throughout")
ENC_MOJIBAKE = _rule("enc-mojibake", "warning", "text seems to have been encoded twice")
ENC_CONTROL_CHAR = _rule("enc-control-char", "warning", "a name or tag holds control characters")
TOP_NOT_OBJECT = _rule("top-not-object", "error", "the top level is not an object")

# A session file and its records
RECORDS_MISSING = _rule("records-missing", "error", "a session file has no list of records")
RECORDS_NOT_ARRAY = _rule("records-not-array", "error", "records is not an array")
RECORDS_EMPTY = _rule("records-empty", "warning", "no anchor was recorded")
RECORD_NOT_OBJECT = _rule("record-not-object", "error", "a record is not an object")
FIELD_MISSING = _rule("field-missing", "error", "a record lacks fields of the contract")
FIELD_TYPE = _rule("field-type", "error", "a field has the wrong JSON type")
NUMBER_OVERFLOW = _rule("number-overflow", "error", "a number exceeds what a double holds")
FIELD_UNKNOWN = _rule("field-unknown", "info", "a field that the contract does not have")
MEAN_MISSING = _rule("mean-missing", "error", "the top-level mean is missing")
MEAN_RANGE = _rule("mean-range", "error", "the top-level mean is outside 0..1")
MEAN_MISMATCH = _rule("mean-mismatch", "error", "the top-level mean is not that of the records", "7.2")
MEAN_INCLUDES_INFLIGHT = _rule("mean-includes-inflight", "info", "in-flight anchors are in the mean as 0", "3")
SEED_ZERO = _rule("seed-zero", "error", "a zero seed marks a failed acquisition")
SEED_RANGE = _rule("seed-range", "error", "a seed does not fit 64 bits")
SEED_INEXACT = _rule("seed-inexact", "error", "a seed is written as a fraction or with an exponent")
SEED_ROUNDED = _rule("seed-rounded", "warning", "all large seeds look rounded to doubles")
SEED_REPEATED = _rule("seed-repeated", "info", "a seed occurs twice in a file")
SCORE_RANGE = _rule("score-range", "error", "a stability score is outside 0..1")
ACQUIRED_EMPTY = _rule("acquired-empty", "error", "the acquisition time was never set")
RELEASED_EMPTY = _rule("released-empty", "error", "the release time was never set")
TIME_FORMAT = _rule("time-format", "error", "a time is not an ISO-8601 date-time")
TIME_NOT_UTC = _rule("time-not-utc", "error", "a time has an offset from UTC")
TIME_NO_ZONE = _rule("time-no-zone", "warning", "a time names no zone")
TIME_NONCANONICAL = _rule("time-noncanonical", "info", "a UTC time is not in the exporter's form")
TIME_EPOCH_ERA = _rule("time-epoch-era", "info", "times lie before the year 2000")
RELEASE_BEFORE_ACQUIRE = _rule("release-before-acquire", "error", "an anchor was released before it was acquired")
DURATION_NEGATIVE = _rule("duration-negative", "error", "a duration is negative")
DURATION_MISMATCH = _rule("duration-mismatch", "warning", "a duration cannot fit between its two times", "7.3")
INFLIGHT = _rule("inflight", "warning", "an anchor was still held when the file was written", "9")
INFLIGHT_INCONSISTENT = _rule("inflight-inconsistent", "warning", "an in-flight record already carries results")
CONTEXT_EMPTY = _rule("context-empty", "warning", "a record has no context name")
THREAD_EMPTY = _rule("thread-empty", "warning", "a record has no thread id")
DEPRECATED_SET = _rule("deprecated-set", "info", "deprecated backend and deviceName are set")
DEVICE_NAME_MIRROR = _rule("device-name-mirror", "info", "device_name repeats deviceName")
DEVICE_DISAGREES = _rule("device-disagrees", "info", "backend or device tags disagree")
NAME_UNEXPECTED = _rule("name-unexpected", "info", "the file is not called clamp_run_<timestamp>.json")
NAME_BEFORE_EVENTS = _rule("name-before-events", "warning", "events are later than the time in the file name")

# A session directory
DIR_IGNORED = _rule("dir-ignored", "info", "an entry that the aggregator does not read")
RECORD_REPEATED = _rule("record-repeated", "warning", "anchors appear in several exports")
FILE_REPLACED = _rule("file-replaced", "warning", "an export was overwritten by an unrelated one")

# A summary
SUM_FIELD_MISSING = _rule("sum-field-missing", "error", "a summary lacks a field")
SUM_FIELD_TYPE = _rule("sum-field-type", "error", "a summary's field has the wrong type")
SUM_ALIAS_MISSING = _rule("sum-alias-missing", "info", "camelCase names of the contract are absent")
SUM_ALIAS_MISMATCH = _rule("sum-alias-mismatch", "error", "two spellings of one field disagree")
SUM_LEGACY = _rule("sum-legacy", "info", "a summary in the shape of an earlier aggregator", "5.4")
SUM_FORMAT = _rule("sum-format", "info", "a number is not written with six decimals")
SUM_RANGE = _rule("sum-range", "error", "a summary's number is impossible")
SUM_DRIFT_EPOCH = _rule("sum-drift-epoch", "warning", "the drift includes a placeholder time", "5.2")
SUM_COUNT_MISMATCH = _rule("sum-count-mismatch", "warning", "the count is not that of the files", "5.3")
SUM_MEAN_MISMATCH = _rule("sum-mean-mismatch", "warning", "the mean is not that of the files", "5.3")
SUM_VARIANCE_MISMATCH = _rule("sum-variance-mismatch", "warning", "the variance is not that of the files", "5.3")
SUM_DRIFT_MISMATCH = _rule("sum-drift-mismatch", "warning", "the drift is not that of the files", "5.3")
SUM_STALE = _rule("sum-stale", "warning", "session files are newer than the summary")
SUM_SOURCE_RELATIVE = _rule("sum-source-relative", "warning", "the source directory is not absolute")
SUM_SOURCE_ELSEWHERE = _rule("sum-source-elsewhere", "info", "the summary was made in another directory")
BUILDINFO_MISSING = _rule("buildinfo-missing", "warning", "no provenance snapshot is recorded", "5.5")
BUILDINFO_DIFFERS = _rule("buildinfo-differs", "warning", "recorded provenance is not the snapshot's", "5.5")
BUILDINFO_PARTIAL = _rule("buildinfo-partial", "info", "keys of the snapshot were not copied", "5.5")
BUILDINFO_SUSPECT = _rule("buildinfo-suspect", "warning", "a provenance value is a key's name", "5.5")

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
