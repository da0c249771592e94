"""What a session is judged by: rubric, scenario, micro-drills (SVR specification, section 4.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct

from teleloupe.formats.svr.amounts import exact, is_number
from teleloupe.formats.svr.vocabulary import RE_AUDIT_COMPLETED


class Objective(Struct, frozen=True):
    """A scored objective; `window_s` is the scenario's success_within_seconds, None without one."""

    objective_id: str
    label: str
    weight: Fraction
    basis: object
    evidence_event: str
    required_detail: Mapping[str, Any]
    why_success: str
    why_fail: str
    window_s: Fraction | None = None

    @property
    def is_supported(self) -> bool:
        """Whether its scoring basis has a formula."""
        return self.basis == "binary"

    @property
    def is_direct(self) -> bool:
        """Whether events of its own evidence it, not the completion of the re-audit."""
        return self.evidence_event != RE_AUDIT_COMPLETED


class CriticalError(Struct, frozen=True):
    """A penalised error."""

    code: str
    penalty: Fraction
    is_hard_fail: bool
    trigger_event: str
    required_detail: Mapping[str, Any]
    why: str


class Rubric(Struct, frozen=True):
    """The scoring authority; repeated ids keep their first entry."""

    max_score: Fraction
    pass_threshold: Fraction
    conditional_pass_threshold: Fraction
    objectives: tuple[Objective, ...]
    critical_errors: tuple[CriticalError, ...]

    @property
    def is_supported(self) -> bool:
        """Whether every objective has a formula."""
        return all(objective.is_supported for objective in self.objectives)


class Drill(Struct, frozen=True):
    """A micro-drill and what it is assigned for; `duration_s` is None when not stated."""

    microdrill_id: str
    duration_s: Fraction | None
    missed_objective_ids: tuple[str, ...]
    critical_error_codes: tuple[str, ...]


class DrillPolicy(Struct, frozen=True):
    """The drills and which of them a session gets; `max_assigned` is None without a limit."""

    drills: tuple[Drill, ...]
    max_assigned: int | None
    priority: tuple[str, ...]

    @property
    def ids(self) -> frozenset[str]:
        """The defined drills."""
        return frozenset(drill.microdrill_id for drill in self.drills)


class Scenario(Struct, frozen=True):
    """Windows, timeboxes and duration, in seconds, and which objectives the phases list."""

    duration_s: Fraction | None
    timeboxes_s: Mapping[str, Fraction]
    windows_s: Mapping[str, Fraction]
    listed: frozenset[str]


class Contract(Struct, frozen=True, eq=False):
    """What a session is judged by; a part that was not found is None. `is_built_in` switches label comparison off."""

    rubric: Rubric | None = None
    scenario: Scenario | None = None
    drills: DrillPolicy | None = None
    is_built_in: bool = False


NO_CONTRACT = Contract()


def contract_of(rubric: object, scenario: object, drills: object, *, is_built_in: bool = False) -> Contract:
    """A contract from decoded files; what is broken in them counts as absent."""
    staged = scenario_of(scenario) if isinstance(scenario, dict) else None
    windows = staged.windows_s if staged else {}
    return Contract(
        rubric_of(rubric, windows) if isinstance(rubric, dict) else None,
        staged,
        drills_of(drills) if isinstance(drills, dict) else None,
        is_built_in,
    )


def rubric_of(content: Mapping[str, Any], windows_s: Mapping[str, Fraction]) -> Rubric | None:
    """A rubric; None when its figures are missing, for then nothing can be recomputed."""
    figures = [content.get(key) for key in ("max_score", "pass_threshold", "conditional_pass_threshold")]
    if not all(is_number(figure) for figure in figures) or not isinstance(content.get("objectives"), list):
        return None
    maximum, to_pass, conditional = (exact(figure) for figure in figures if is_number(figure))
    objectives: dict[str, Objective] = {}
    for entry in entries(content.get("objectives"), "objective_id"):
        objectives.setdefault(entry["objective_id"], _objective(entry, windows_s.get(entry["objective_id"])))
    errors: dict[str, CriticalError] = {}
    for entry in entries(content.get("critical_errors"), "code"):
        errors.setdefault(entry["code"], _critical(entry))
    return Rubric(maximum, to_pass, conditional, tuple(objectives.values()), tuple(errors.values()))


def scenario_of(content: Mapping[str, Any]) -> Scenario:
    """A scenario."""
    minutes = _amount(content.get("duration_minutes"))
    boxes: dict[str, Fraction] = {}
    windows: dict[str, Fraction] = {}
    listed: set[str] = set()
    for phase in entries(content.get("phases"), "phase_id"):
        box = _amount(phase.get("timebox_seconds"))
        if box is not None:
            boxes.setdefault(phase["phase_id"], box)
        for entry in entries(phase.get("objectives"), "objective_id"):
            listed.add(entry["objective_id"])
            window = _amount(entry.get("success_within_seconds"))
            if window is not None:
                windows.setdefault(entry["objective_id"], window)
    return Scenario(None if minutes is None else minutes * 60, boxes, windows, frozenset(listed))


def drills_of(content: Mapping[str, Any]) -> DrillPolicy:
    """The micro-drills with their selection policy."""
    policy = _mapping(content.get("selection_policy"))
    most = policy.get("max_assigned")
    drills = tuple(_drill(entry) for entry in entries(content.get("microdrills"), "microdrill_id"))
    limit = max(0, int(most)) if is_number(most) else None
    return DrillPolicy(drills, limit, tuple(texts(policy.get("priority"))))


def entries(items: object, key: str) -> list[dict[str, Any]]:
    """The objects of a list that have a text under `key`."""
    if not isinstance(items, list):
        return []
    return [item for item in items if isinstance(item, dict) and isinstance(item.get(key), str)]


def texts(items: object) -> Iterator[str]:
    """The texts of a list."""
    if isinstance(items, list):
        yield from (item for item in items if isinstance(item, str))


def required_detail(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an event's details must say; the scenario has another word for it than the rubric."""
    return _mapping(entry.get("required_detail", entry.get("detail_equals")))


def _objective(entry: Mapping[str, Any], window_s: Fraction | None) -> Objective:
    return Objective(
        entry["objective_id"],
        _text(entry.get("label")),
        _amount(entry.get("weight")) or Fraction(0),
        entry.get("scoring"),
        _text(entry.get("evidence_event")),
        required_detail(entry),
        _text(entry.get("why_success")) or "achieved",
        _text(entry.get("why_fail")) or "not achieved",
        window_s,
    )


def _critical(entry: Mapping[str, Any]) -> CriticalError:
    return CriticalError(
        entry["code"],
        _amount(entry.get("penalty")) or Fraction(0),
        entry.get("hard_fail") is True,
        _text(entry.get("trigger_event")),
        required_detail(entry),
        _text(entry.get("why")) or entry["code"],
    )


def _drill(entry: Mapping[str, Any]) -> Drill:
    trigger = _mapping(entry.get("trigger_if"))
    return Drill(
        entry["microdrill_id"],
        _amount(entry.get("duration_seconds")),
        tuple(texts(trigger.get("missed_objective_ids"))),
        tuple(texts(trigger.get("critical_error_codes"))),
    )


def _amount(number: object) -> Fraction | None:
    return exact(number) if is_number(number) else None


def _mapping(content: object) -> Mapping[str, Any]:
    return content if isinstance(content, dict) else {}


def _text(word: object) -> str:
    return word if isinstance(word, str) else ""


def same_scenario(content: Mapping[str, Any], scenario_id: object) -> bool:
    """Whether a contract file is about a scenario."""
    return isinstance(scenario_id, str) and content.get("scenario_id") == scenario_id
