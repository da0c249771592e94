"""Session files: one typed decode for a clean one, a walk with every fault for any other (sections 2, 7, 8)."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Struct, structs

from teleloupe import jsontext
from teleloupe.columns import columns_of
from teleloupe.formats import document_of
from teleloupe.formats.clamp import rules
from teleloupe.formats.clamp.content import Content, folded, read_content
from teleloupe.formats.clamp.contribution import clean_figures, figures
from teleloupe.formats.clamp.figures import Figures, unread
from teleloupe.formats.clamp.mean import mean_issues, range_issues
from teleloupe.formats.clamp.record_rules import record_issues, text_issues, type_issues, type_name
from teleloupe.formats.clamp.scanner import scanned
from teleloupe.formats.clamp.session_rules import (
    era_issues,
    file_name_issues,
    seed_issues,
    tag_issues,
    unknown_fields,
)
from teleloupe.formats.clamp.shapes import (
    CONTRACT_FIELDS,
    MAX_SEED,
    TAG_FIELDS,
    TOP_FIELDS,
    Body,
    CleanRecord,
    PlainRecord,
    PlainSession,
    TaggedRecord,
    TaggedSession,
)
from teleloupe.formats.clamp.times import EPOCH_ERA_END_NS, canonical_span_ms
from teleloupe.formats.clamp.wording import is_plain
from teleloupe.model import Blob, Column, Detection, Document, Issue

WITHIN_MS = 1000  # how much a duration may differ from the span of its truncated times, in doubt less
RECORD_COLUMNS: tuple[Column, ...] = tuple(
    sorted(columns_of(TaggedRecord), key=lambda column: column.name in TAG_FIELDS)  # the contract's fields come first
)


class _Spelled(Struct):
    stability_score: msgspec.Raw


class _SpelledSession(Struct):
    records: list[_Spelled]


CleanSession = PlainSession | TaggedSession
_decoders: tuple[msgspec.json.Decoder[TaggedSession] | msgspec.json.Decoder[PlainSession], ...] = (
    msgspec.json.Decoder(TaggedSession),
    msgspec.json.Decoder(PlainSession),
)
_spellings = msgspec.json.Decoder(_SpelledSession)
_CLEAN_TYPES = (PlainRecord, TaggedRecord)
_NO_TAGS = (None,) * len(TAG_FIELDS)
_get_tags = attrgetter(*TAG_FIELDS)
_record_at = "/records/{}".format


def parse_session(blob: Blob, detection: Detection) -> Document:
    """The document of a session file, with the issues that need its bytes."""
    has_mark = blob.data.startswith(codecs.BOM_UTF8)
    data = blob.data[len(codecs.BOM_UTF8) :] if has_mark else blob.data
    session = _clean(data)
    if session is None:
        return _unclean(blob, detection, read_content(blob.data))
    line_scanner = scanned(blob.data)
    sums = clean_figures(session.records, line_scanner)
    header = {name: value for name, value in structs.asdict(session).items() if name != "records"}
    issues = list(mean_issues(header, len(session.records), sums, lambda: _clean_tokens(data)))
    if has_mark:
        issues.append(rules.ENC_BOM.issue("", "starts with a byte order mark; it is removed for reading"))
    return _document(blob, detection, header, session.records, issues, Body(sums))


def validate_session(document: Document) -> Iterator[Issue]:
    """The further issues of a session file: of its records, of all of them together, of its name."""
    body: Body = document.body
    if not body.is_judged:
        return
    records, header = document.records, document.header
    if not records and body.has_records:
        yield rules.RECORDS_EMPTY.issue("/records", "no anchors were recorded; the mean 0.000000 means no data")
    if records and type(records[0]) in _CLEAN_TYPES:
        seeds, tags = [record.seed for record in records], _tags(records)
        if not _is_faultless(records, body.figures, seeds, {*set().union(*set(tags)), *map(header.get, TAG_FIELDS)}):
            yield from _separate_issues(header, [structs.asdict(record) for record in records])
    else:
        seeds = _column(records, "seed")
        tags = list(zip(*(_column(records, name) for name in TAG_FIELDS), strict=True))
        yield from _separate_issues(header, records)
        yield from type_issues("", {name: header[name] for name in TOP_FIELDS if name in header})
        yield from folded(unknown_fields(header, records))
    yield from seed_issues(seeds)
    yield from tag_issues(header, tags)
    yield from file_name_issues(document.name, body.figures.latest_event_ns)


def _separate_issues(header: Mapping[str, Any], records: Sequence[Any]) -> Iterator[Issue]:
    """What is wrong with each record and each text by itself."""
    yield from folded(record_issues(records))
    yield from era_issues(records)
    yield from folded(text_issues("", header))


def _clean(data: bytes) -> CleanSession | None:
    """A session in which nothing but values can be wrong: right types, no unknown fields, no repeated keys."""
    session = _decoded(data)
    if session is None or data.count(b",") == _comma_count(session):
        return session
    # A comma too many is one in a text, or a key that was there twice.
    return None if jsontext.read(data.decode("utf-8")).faults else session


def _decoded(data: bytes) -> CleanSession | None:
    for decoder in _decoders:
        try:
            return decoder.decode(data)
        except msgspec.ValidationError:
            continue
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
    return None


def _comma_count(session: CleanSession) -> int:
    """The commas a session's text holds between members and elements, if no string and no repeated key adds one."""
    count = len(session.records)
    is_tagged = isinstance(session, TaggedSession)
    members, top = (len(CONTRACT_FIELDS), 2) if not is_tagged else (len(CONTRACT_FIELDS) + 3, 5)
    return count * (members - 1) + max(count - 1, 0) + top - 1


def _clean_tokens(data: bytes) -> Sequence[str]:
    return [bytes(record.stability_score).decode("ascii") for record in _spellings.decode(data).records]


def _unclean(blob: Blob, detection: Detection, content: Content) -> Document:
    """A document of decoded mappings; of a broken file, what stands before the break."""
    top = content.value if isinstance(content.value, dict) else {}
    listed = top.get("records")
    records: list[Any] = listed if isinstance(listed, list) else []
    header = {name: value for name, value in top.items() if name != "records"}
    issues = list(content.issues)
    judged = figures(records if content.is_whole else (), scanned(blob.data), is_library_readable=content.fits_doubles)
    is_judged = content.is_whole and isinstance(content.value, dict)
    if content.is_whole:
        issues += _structure_issues(content.value)
    if is_judged and isinstance(listed, list):
        issues += mean_issues(header, len(records), judged, lambda: _tokens(content.text))
    elif is_judged:
        issues += range_issues(header)
    sums = judged if content.is_readable else unread(judged)
    body = Body(sums, is_judged=is_judged, has_records=isinstance(listed, list))
    return _document(blob, detection, header, records, issues, body, is_complete=content.is_complete)


def _structure_issues(value: Any) -> Iterator[Issue]:
    if not isinstance(value, dict):
        yield rules.TOP_NOT_OBJECT.issue("", "top level must be an object", actual=type_name(value))
    elif "records" not in value:
        yield rules.RECORDS_MISSING.issue("", "no list of records")
    elif not isinstance(value["records"], list):
        found = type_name(value["records"])
        yield rules.RECORDS_NOT_ARRAY.issue("/records", f"records must be an array, found {found}", actual=found)


def _tokens(text: str) -> Sequence[str]:
    """The records' scores as they are written; only asked for when all of them are numbers."""
    records = jsontext.read(text, parse_float=str, parse_int=str).value["records"]
    return [record["stability_score"] for record in records]


def _document(
    blob: Blob,
    detection: Detection,
    header: Mapping[str, Any],
    records: Sequence[Any],
    issues: Sequence[Issue],
    body: Body,
    *,
    is_complete: bool = True,
) -> Document:
    return document_of(
        blob,
        "clamp",
        detection,
        kind="session",
        header=header,
        records=records,
        columns=RECORD_COLUMNS,
        issues=tuple(issues),
        record_at=_record_at,
        body=body,
        is_complete=is_complete,
    )


def _is_faultless(records: Sequence[CleanRecord], sums: Figures, seeds: Sequence[int], tags: set[str | None]) -> bool:
    """Whether no record of a clean session can break a rule of its own; whole columns at a time, erring towards no."""
    durations = [record.duration_ms for record in records]
    if sums.out_of_range or min(seeds) < 1 or max(seeds) > MAX_SEED or min(durations) < 0:
        return False
    texts = [record.context for record in records], [record.thread_id for record in records]
    if not is_plain(set(filter(None, tags)).union(*texts)):
        return False
    if sums.held and any(records[index].duration_ms or records[index].stability_score for index in sums.held):
        return False
    return _are_times_faultless(records, sums, durations)


def _are_times_faultless(records: Sequence[CleanRecord], sums: Figures, durations: Sequence[float]) -> bool:
    """Whether all times are in the exporter's form, none is early, and every duration fits between its two."""
    if not sums.is_canonical or (sums.specification.earliest_ns or 0) < EPOCH_ERA_END_NS:
        return False
    acquired, released = [record.acquired_at for record in records], [record.released_at for record in records]
    if acquired == released:
        return max(durations) < WITHIN_MS
    for start, end, duration in zip(acquired, released, durations, strict=True):
        if end is None:
            continue  # an in-flight record has nothing to fit between
        shown_ms = 0.0 if start == end else canonical_span_ms(start, end)
        if shown_ms < 0 or abs(duration - shown_ms) >= WITHIN_MS:
            return False
    return True


def _tags(records: Sequence[CleanRecord]) -> list[tuple[str | None, ...]]:
    """The values of TAG_FIELDS in clean records."""
    return list(map(_get_tags, records)) if isinstance(records[0], TaggedRecord) else [_NO_TAGS] * len(records)


def _column(records: Sequence[Any], name: str) -> list[Any]:
    """One field of all decoded records; None where a record has none, or has a container there."""
    values = [record.get(name) if isinstance(record, dict) else None for record in records]
    return [None if isinstance(value, (dict, list)) else value for value in values]
