"""Everything that breaks the schemas of bundle, event, score and report (SVR specification, sections 4.1 to 4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from teleloupe.formats.svr import vocabulary as words
from teleloupe.formats.svr.amounts import is_number, text_of
from teleloupe.formats.svr.rules import fault
from teleloupe.formats.svr.session import Place
from teleloupe.jsontext import pointer
from teleloupe.model import Issue

_NAMES = {
    dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number", type(None): "null",
}  # fmt: skip
_ARTICLES = {"object": "an object", "array": "an array"}
_BUNDLE_TYPES = {
    **dict.fromkeys(("session_id", "participant_id", "scenario_id", "exported_at"), "string"),
    "events": "array", "score": "object", "report": "object",
}  # fmt: skip
_BUNDLE_IDS = ("session_id", "participant_id", "scenario_id", "exported_at")
_EVENT_TYPES = {
    **dict.fromkeys((*words.EVENT_REQUIRED, "target_id", "objective_id", "critical_error_code"), "string"),
    "score_delta": "number", "details": "object",
}  # fmt: skip
_EVENT_IDS = ("event_id", "session_id", "participant_id", "actor_id")
_SCORE_TYPES = {"score_total": "number", "status": "string", "why": "array"}
_REPORT_TYPES = {
    "session_id": "string", "participant_id": "string", "scenario_id": "string", "score_total": "number",
    "status": "string", "objective_breakdown": "array", "critical_errors": "array", "why": "array",
    "recommended_microdrills": "array", "re_audit_delta": "object",
}  # fmt: skip
_OPTIONAL = frozenset({"critical_errors", "re_audit_delta"})
_ITEM_TYPES: dict[str, tuple[dict[str, str], frozenset[str]]] = {
    "objective_breakdown": (
        {
            "objective_id": "string", "label": "string", "weight": "number", "achieved": "boolean",
            "score_awarded": "number", "evidence_event_ids": "array",
        },
        frozenset({"evidence_event_ids"}),
    ),
    "critical_errors": (
        {"code": "string", "trigger_event_id": "string", "penalty": "number", "why": "string"},
        frozenset({"why"}),
    ),
    "recommended_microdrills": ({"microdrill_id": "string", "reason": "string"}, frozenset()),
}  # fmt: skip
_DELTA_TYPES = {"score_delta": "number", "improved_objectives": "array"}


def type_name(value: object) -> str:
    """The JSON type of a decoded value."""
    return _NAMES.get(type(value), "value")


def bundle_faults(bundle: Mapping[str, Any]) -> Iterator[Issue]:
    """What is wrong with a bundle's own seven fields, and with the shapes of its score and report."""
    required = [field for field in words.BUNDLE_FIELDS if field != "exported_at"]
    yield from _field_faults("bundle", bundle, "", _BUNDLE_TYPES, required)
    if "exported_at" not in bundle:
        yield fault(
            "bundle.exported_at_missing", "", 'field "exported_at" is missing; nobody can tell when it was made'
        )
    yield from _empty_faults("bundle", bundle, "", _BUNDLE_IDS)
    if bundle.get("events") == []:
        yield fault("bundle.events_empty", "/events", "the list of events is empty; nothing is evidenced")
    score, report = bundle.get("score"), bundle.get("report")
    if isinstance(score, dict):
        yield from score_faults(score, "/score")
    if isinstance(report, dict):
        yield from report_faults(report, "/report")


def event_faults(elements: Sequence[Any], place: Place) -> Iterator[Issue]:
    """What breaks the event schema, element by element."""
    for index, element in enumerate(elements):
        at = place(index)
        if not isinstance(element, dict):
            message = f"an event must be an object, this is {_shown_type(element)}"
            yield fault("event.not_object", at, message, expected="object", actual=type_name(element))
            continue
        yield from _field_faults("event", element, at, _EVENT_TYPES, words.EVENT_REQUIRED)
        yield from _empty_faults("event", element, at, _EVENT_IDS)
        for field, allowed in words.EVENT_ENUMS.items():
            yield from _enum_faults("event", element, at, field, allowed)


def score_faults(score: Mapping[str, Any], at: str) -> Iterator[Issue]:
    """What is wrong with the shape of a score block."""
    yield from _field_faults("score", score, at, _SCORE_TYPES, words.SCORE_FIELDS)
    yield from _outcome_faults("score", score, at)


def report_faults(report: Mapping[str, Any], at: str) -> Iterator[Issue]:
    """What is wrong with the shape of a report, at every level."""
    required = [field for field in _REPORT_TYPES if field not in _OPTIONAL]
    yield from _field_faults("report", report, at, _REPORT_TYPES, required)
    yield from _empty_faults("report", report, at, ("session_id", "participant_id"))
    yield from _outcome_faults("report", report, at)
    scenario = report.get("scenario_id")
    if isinstance(scenario, str) and scenario != words.OFFICE_FIRE:
        message = f'the report schema allows {words.OFFICE_FIRE} only, this is "{scenario}"'
        where = f"{at}/scenario_id"
        yield fault("report.scenario_not_allowed", where, message, expected=words.OFFICE_FIRE, actual=scenario)
    if report.get("objective_breakdown") == []:
        yield _too_few("report", f"{at}/objective_breakdown", "objective_breakdown")
    for name, (types, optional) in _ITEM_TYPES.items():
        yield from _item_faults(report.get(name), f"{at}/{name}", types, optional)
    delta = report.get("re_audit_delta")
    if isinstance(delta, dict):
        yield from _field_faults("report", delta, f"{at}/re_audit_delta", _DELTA_TYPES, words.DELTA_FIELDS)
        yield from _text_items("report", delta, f"{at}/re_audit_delta", "improved_objectives")


def _item_faults(items: object, at: str, types: Mapping[str, str], optional: frozenset[str]) -> Iterator[Issue]:
    if not isinstance(items, list):
        return
    required = [field for field in types if field not in optional]
    for index, item in enumerate(items):
        where = f"{at}/{index}"
        if not isinstance(item, dict):
            message = f"an item must be an object, this is {_shown_type(item)}"
            yield fault("report.not_object", where, message, expected="object", actual=type_name(item))
            continue
        yield from _field_faults("report", item, where, types, required)
        if "evidence_event_ids" in types:
            yield from _text_items("report", item, where, "evidence_event_ids")


def _outcome_faults(family: str, holder: Mapping[str, Any], at: str) -> Iterator[Issue]:
    """Total, status and reasons, which score and report share."""
    total = holder.get("score_total")
    if is_number(total) and not 0 <= total <= 100:
        message = f'"score_total" is {text_of(total)}, 0 to 100 is allowed'
        yield fault(f"{family}.number_range", f"{at}/score_total", message, expected="0 to 100", actual=text_of(total))
    yield from _enum_faults(family, holder, at, "status", words.STATUSES)
    if holder.get("why") == []:
        yield _too_few(family, f"{at}/why", "why")
    yield from _text_items(family, holder, at, "why")


def _field_faults(
    family: str, holder: Mapping[str, Any], at: str, types: Mapping[str, str], required: Iterable[str]
) -> Iterator[Issue]:
    """Fields that are missing, of the wrong type, or not of the format."""
    for field in required:
        if field not in holder:
            yield fault(f"{family}.field_missing", at, f'field "{field}" is missing; it is required')
    for field, value in holder.items():
        wanted = types.get(field)
        if wanted is None:
            message = f'field "{field[:60]}" is not part of the format'
            yield fault(f"{family}.field_unknown", at + pointer(field), message)
        elif type_name(value) != wanted:
            yield _wrong_type(family, at + pointer(field), field, wanted, value)


def _empty_faults(family: str, holder: Mapping[str, Any], at: str, fields: Iterable[str]) -> Iterator[Issue]:
    for field in fields:
        if holder.get(field) == "":
            yield fault(f"{family}.field_empty", f"{at}/{field}", f'"{field}" is empty')


def _enum_faults(
    family: str, holder: Mapping[str, Any], at: str, field: str, allowed: tuple[str, ...]
) -> Iterator[Issue]:
    value = holder.get(field)
    if isinstance(value, str) and value not in allowed:
        listed = ", ".join(allowed)
        message = f'"{field}" is "{value[:60]}", one of {listed} is expected'
        yield fault(f"{family}.enum_value", f"{at}/{field}", message, expected=listed, actual=value[:60])


def _text_items(family: str, holder: Mapping[str, Any], at: str, field: str) -> Iterator[Issue]:
    items = holder.get(field)
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if not isinstance(item, str):
            yield _wrong_type(family, f"{at}/{field}/{index}", field, "string", item)


def _wrong_type(family: str, at: str, field: str, wanted: str, value: object) -> Issue:
    message = f'"{field}" must be {_with_article(wanted)}, this is {_shown_type(value)}'
    return fault(f"{family}.field_type", at, message, expected=wanted, actual=type_name(value))


def _too_few(family: str, at: str, field: str) -> Issue:
    return fault(f"{family}.too_few_items", at, f'"{field}" is empty; it needs at least 1 item')


def _shown_type(value: object) -> str:
    return "null" if value is None else _with_article(type_name(value))


def _with_article(name: str) -> str:
    return _ARTICLES.get(name, f"a {name}")
