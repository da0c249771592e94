"""What is checked of bootloader reports (Bootloader specification, section 7)."""

from __future__ import annotations

from teleloupe.model import Rule, Severity

_SEVERITY: dict[str, Severity] = {"E": "error", "W": "warning", "I": "info"}
_REGISTERED: list[Rule] = []


def _rule(number: int, letter: str, slug: str, summary: str) -> Rule:
    source = "Bootloader specification, section 7"
    rule = Rule(f"bootloader/{slug}", f"QB{number:03d}", _SEVERITY[letter], summary, source)
    _REGISTERED.append(rule)
    return rule


NOT_UTF8 = _rule(1, "W", "not-utf8", "the text holds bytes that are no UTF-8; they are shown escaped")
BOM = _rule(2, "I", "bom", "the text begins with a byte order mark, which the producer never writes")
CRLF = _rule(3, "I", "crlf", "lines end in CRLF, in all of the file or in a part of it")
PENDING = _rule(4, "W", "pending", "the file holds nothing yet")
OVER_64K = _rule(5, "W", "over-64k", "the stored file is larger than 65536 bytes; compress it")
GZIP_DAMAGED = _rule(6, "E", "gzip-damaged", "the compressed stream or its check value is damaged")
NOT_A_REPORT = _rule(7, "E", "not-a-report", "a file with a report's name has neither the banner nor a label of one")
NO_BANNER = _rule(8, "W", "no-banner", "the labels of a report stand without its banner")
INCOMPLETE = _rule(9, "W", "incomplete", "the report ends before its closing line, bracket or compressed end")
PLAIN_AND_GZ = _rule(10, "W", "plain-and-gz", "a generation lies there plain and compressed; the newer one is used")
EXPANDS_TOO_FAR = _rule(11, "E", "expands-too-far", "the compressed file expands to more than 64 MiB")

NO_GENERATION = _rule(101, "E", "no-generation", "a whole report does not say which generation it is of")
BAD_VALUE = _rule(102, "E", "bad-value", "a labelled value is not of the form its label asks for")
DUPLICATE = _rule(103, "W", "duplicate", "a label stands twice; the last value counts")
UNKNOWN_LABEL = _rule(104, "I", "unknown-label", "a label or section that no known version prints")
BAD_TIMESTAMP = _rule(105, "W", "bad-timestamp", "the time of writing is not ISO 8601")
SECTION_MISSING = _rule(106, "W", "section-missing", "a whole full report lacks kernel, dump, table or history")
STRAY_LINE = _rule(107, "I", "stray-line", "a line that belongs to no label and no section")
NAME_MISMATCH = _rule(108, "E", "name-mismatch", "the number in the file's name is not the report's generation")
TRAILING_TEXT = _rule(110, "W", "trailing-text", "text follows the closing line")
ERA_MISMATCH = _rule(111, "W", "era-mismatch", "the era is not the one of the generation")
HEADER_MISSING = _rule(112, "W", "header-missing", "a full report lacks the time of writing or the kernel size")

BASE64 = _rule(201, "E", "base64", "the kernel is not canonical base64; it is decoded the way the producer would")
SIZE_MISMATCH = _rule(202, "E", "size-mismatch", "the stated kernel size is not the length of the payload")
MAGIC = _rule(203, "E", "magic", "the payload does not begin like a WebAssembly module")
VERSION = _rule(204, "E", "version", "the payload's WebAssembly version is not 1")
STRUCTURE = _rule(205, "W", "structure", "the payload's sections overrun it, are out of order or lack the code")
DUMP_MISMATCH = _rule(206, "E", "dump-mismatch", "the dumped bytes are not the payload")
DUMP_OFFSET = _rule(207, "E", "dump-offset", "a dump row does not stand at sixteen times its index")
DUMP_TEXT = _rule(208, "W", "dump-text", "a dump row's characters are not those of its bytes")
DUMP_ROW = _rule(209, "W", "dump-row", "a dump row cannot be read")
SEQUENCE_MISMATCH = _rule(210, "E", "sequence-mismatch", "the opcode sequence is not that of the payload")
TABLE_ROW = _rule(211, "W", "table-row", "a disassembly row cannot be read")
TABLE_MISMATCH = _rule(212, "E", "table-mismatch", "the disassembly is not that of the payload")
TABLE_INDEX = _rule(
    213, "W", "table-index", "a disassembly row's index fits neither the intended nor the leaking column"
)
SIZE_RANGE = _rule(214, "W", "size-range", "the payload's size lies outside the sizes adopted so far")
RANGE_UNSET = _rule(215, "I", "range-unset", "no mutant has been adopted yet, so the size range is unset")
RANGE_INVERTED = _rule(216, "E", "range-inverted", "the smallest adopted size is above the largest")
SIDECAR_MISMATCH = _rule(217, "E", "sidecar-mismatch", "the kernel file beside the report holds another payload")
PAYLOAD_EMPTY = _rule(219, "W", "payload-empty", "the payload has no bytes")

BREAKDOWN_SUM = _rule(301, "E", "breakdown-sum", "the kinds of mutations do not add up to those applied")
APPLIED_OVER = _rule(302, "E", "applied-over", "more mutations are applied than were attempted")
ATTEMPTED_HISTORY = _rule(303, "W", "attempted-history", "the attempts are not as many as the history's EVOLVE rows")
PARTIAL_STATISTICS = _rule(304, "W", "partial-statistics", "one or two of the three mutation lines are missing")
BREAKDOWN_HISTORY = _rule(305, "W", "breakdown-history", "the kinds of mutations are not as many as in the history")

HISTORY_ROW = _rule(401, "W", "history-row", "a history row, or its time, cannot be read")
GENERATION_UNCLEAR = _rule(402, "W", "generation-unclear", "a history row's padded generation does not follow on")
HISTORY_FALLS = _rule(403, "E", "history-falls", "a history row's generation is below its predecessor's")
HISTORY_BEYOND = _rule(404, "E", "history-beyond", "a history row is of a later generation than the report")
TIME_FALLS = _rule(405, "W", "time-falls", "a history row is earlier than its predecessor, and not by a midnight")
TRAP_HISTORY = _rule(406, "W", "trap-history", "the trap is not the reason of the history's last failure")
UNKNOWN_ACTION = _rule(408, "I", "unknown-action", "a history row's action is none of EXECUTE, EVOLVE, REPAIR")

DURATION_NEGATIVE = _rule(501, "E", "duration-negative", "the generation lasted less than nothing")
DURATION_UNIT = _rule(502, "I", "duration-unit", "durations labelled ms are seconds, as the history's times show")

INSTANCES_COUNT = _rule(601, "E", "instances-count", "more or fewer instances are listed than declared")
INSTANCE_BASE64 = _rule(602, "W", "instance-base64", "an instance is not base64")
INSTANCE_WASM = _rule(603, "W", "instance-wasm", "an instance decodes to something that is no WebAssembly module")

JSON_REPAIRED = _rule(701, "W", "json-repaired", "the JSON is invalid in the producer's own way; it was read by lines")
JSON_SYNTAX = _rule(702, "E", "json-syntax", "the JSON cannot be read, or is no object")
JSON_TYPE = _rule(703, "E", "json-type", "a value is not of the type its key asks for")
JSON_UNKNOWN_KEY = _rule(704, "I", "json-unknown-key", "a key that no known version writes")

GAP = _rule(801, "W", "gap", "generations are missing between the first and the last of a run")
TWICE = _rule(802, "W", "twice", "two files of a run stand for the same generation")
MIXED_FORMS = _rule(803, "I", "mixed-forms", "a run holds reports in text and in JSON")
HISTORY_NOT_PREFIX = _rule(804, "W", "history-not-prefix", "a history does not begin with the preceding report's")
COUNTERS_FALL = _rule(805, "W", "counters-fall", "a run total is lower than in the preceding report")
WRITTEN_EARLIER = _rule(806, "W", "written-earlier", "a report says it was written before the preceding one")
RANGE_SHRINKS = _rule(807, "W", "range-shrinks", "the range of adopted sizes is narrower than in the preceding report")
NAME_WITHOUT_NUMBER = _rule(808, "I", "name-without-number", "a report's name does not say its generation")
LINEAGE = _rule(809, "W", "lineage", "the kernel did not change from the preceding generation as its EVOLVE row says")

RULES = tuple(_REGISTERED)
