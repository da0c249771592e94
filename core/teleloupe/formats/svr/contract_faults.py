"""What cannot work in a contract: rubric, scenario and micro-drills against each other (section 12, contract)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct

from teleloupe.formats.svr.amounts import equals, exact, exact_sum, is_number, text_of
from teleloupe.formats.svr.claimed import objects
from teleloupe.formats.svr.contract import required_detail, texts
from teleloupe.formats.svr.rules import fault
from teleloupe.formats.svr.vocabulary import EVENT_TYPES, PHASES, RE_AUDIT_COMPLETED
from teleloupe.model import Issue

Content = Mapping[str, Any]
_OBJECTIVES, _CRITICAL = "/rubric/objectives", "/rubric/critical_errors"
_PHASES, _DRILLS = "/scenario/phases", "/microdrills/microdrills"


class Files(Struct, frozen=True):
    """The decoded files of one contract; {} for one that is not there."""

    rubric: Content
    scenario: Content
    drills: Content


def contract_faults(files: Files) -> Iterator[Issue]:
    """Everything that is wrong; the first token of each pointer names the file that is to blame."""
    if files.rubric:
        yield from _rubric_faults(files.rubric)
        yield from _head_faults(files)
    if files.scenario:
        yield from _scenario_faults(files.scenario)
    yield from _drill_faults(files)
    if files.rubric and files.scenario:
        yield from _scenario_against_rubric(files)
        yield from _staging_faults(files)
    if files.rubric and files.drills:
        yield from _drills_against_rubric(files)


def _rubric_faults(rubric: Content) -> Iterator[Issue]:
    yield from _duplicates(rubric.get("objectives"), "objective_id", _OBJECTIVES)
    yield from _duplicates(rubric.get("critical_errors"), "code", _CRITICAL)
    figures = [rubric.get(key) for key in ("conditional_pass_threshold", "pass_threshold", "max_score")]
    amounts = [exact(figure) for figure in figures if is_number(figure)]
    if len(amounts) != len(figures) or [Fraction(0), *amounts] != sorted([Fraction(0), *amounts]):
        message = "thresholds are out of order; 0 <= conditional pass <= pass <= maximum must hold"
        yield fault("contract.thresholds", "/rubric", message)
    objectives = objects(rubric.get("objectives"))
    weights = exact_sum(w for _, entry in objectives if is_number(w := entry.get("weight")))
    maximum = rubric.get("max_score")
    if is_number(maximum) and weights != exact(maximum):
        message = f"weights add up to {text_of(weights)}, max_score is {text_of(maximum)}"
        yield fault("contract.weights_total", _OBJECTIVES, message, expected=text_of(maximum), actual=text_of(weights))
    for index, entry in objectives:
        basis = entry.get("scoring")
        if basis != "binary":
            message = f'scoring basis "{str(basis)[:60]}" has no formula, only binary has'
            yield fault("contract.basis_unsupported", f"{_OBJECTIVES}/{index}/scoring", message)
        yield from _event_faults(entry.get("evidence_event"), f"{_OBJECTIVES}/{index}/evidence_event")


def _head_faults(files: Files) -> Iterator[Issue]:
    """Scenario and drills must be about the rubric's scenario, in its version."""
    for name, content in (("scenario", files.scenario), ("microdrills", files.drills)):
        for field, code in (("scenario_id", "contract.scenario_id_mismatch"), ("version", "contract.version_mismatch")):
            if content and not equals(content.get(field), files.rubric.get(field)):
                own, due = (str(holder.get(field, "that is not there"))[:60] for holder in (content, files.rubric))
                message = f"{field} {own} differs from the rubric's {due}"
                yield fault(code, f"/{name}/{field}", message, expected=due, actual=own)


def _scenario_faults(scenario: Content) -> Iterator[Issue]:
    phases = objects(scenario.get("phases"))
    names = [phase.get("phase_id") for _, phase in phases]
    if names != list(PHASES):
        message = f"phases are {', '.join(map(str, names))[:200]}"
        yield fault("contract.phase_sequence", _PHASES, message, expected=", ".join(PHASES))
    for position, (index, phase) in enumerate(phases):
        due = names[position + 1] if position + 1 < len(names) else None
        stated = phase.get("next_phase_on_complete")
        if not equals(stated, due):
            message = f"the next phase is {stated}, {due or 'none'} is expected"
            at = f"{_PHASES}/{index}"
            yield fault("contract.phase_next", at, message, expected=due or "none", actual=stated)
        for place, entry in objects(phase.get("objectives")):
            yield from _event_faults(entry.get("success_event"), f"{_PHASES}/{index}/objectives/{place}/success_event")
    boxes = [box for _, phase in phases if is_number(box := phase.get("timebox_seconds"))]
    minutes = scenario.get("duration_minutes")
    if is_number(minutes) and boxes and exact_sum(boxes) != exact(minutes) * 60:
        total, due = text_of(exact_sum(boxes)), text_of(exact(minutes) * 60)
        message = f"timeboxes add up to {total} s, the duration is {due} s"
        yield fault("contract.timebox_total", _PHASES, message, expected=f"{due} s", actual=f"{total} s")


def _drill_faults(files: Files) -> Iterator[Issue]:
    """The drills by themselves and against the phases they run and are repeated in."""
    drills = files.drills.get("microdrills")
    yield from _duplicates(drills, "microdrill_id", _DRILLS)
    phases = {str(phase.get("phase_id")): phase for _, phase in reversed(objects(files.scenario.get("phases")))}
    box = phases.get("micro_drill", {}).get("timebox_seconds")
    repeated = set(texts(phases.get("re_audit", {}).get("objectives_repeat")))
    for index, drill in objects(drills):
        at, length = f"{_DRILLS}/{index}", drill.get("duration_seconds")
        yield from _event_faults(drill.get("success_event"), f"{at}/success_event")
        if is_number(box) and is_number(length) and exact(length) > exact(box):
            message = f"{text_of(length)} s do not fit into the phase of {text_of(box)} s"
            yield fault("contract.drill_outlasts_phase", f"{at}/duration_seconds", message)
        for target in texts(drill.get("targets")):
            if "re_audit" in phases and target not in repeated:
                message = f"{target} is drilled but not repeated in the re-audit"
                yield fault("contract.repeat_uncovered", f"{at}/targets", message)


def _scenario_against_rubric(files: Files) -> Iterator[Issue]:
    rubric = {o["objective_id"]: o for o in reversed(_named(files.rubric.get("objectives"), "objective_id"))}
    codes = {error["code"] for error in _named(files.rubric.get("critical_errors"), "code")}
    for index, phase in objects(files.scenario.get("phases")):
        for place, entry in objects(phase.get("objectives")):
            at, name = f"{_PHASES}/{index}/objectives/{place}", entry.get("objective_id")
            if not isinstance(name, str):
                continue
            if name not in rubric:
                yield fault("contract.objective_unresolved", at, f"objective {name} is not in the rubric")
                continue
            yield from _staged_faults(at, name, entry, rubric[name])
        for place, name in enumerate(texts(phase.get("objectives_repeat"))):
            if name not in rubric:
                at = f"{_PHASES}/{index}/objectives_repeat/{place}"
                yield fault("contract.objective_unresolved", at, f"objective {name} is not in the rubric")
        for place, entry in objects(phase.get("critical_errors")):
            code = entry.get("code")
            if isinstance(code, str) and code not in codes:
                at = f"{_PHASES}/{index}/critical_errors/{place}"
                yield fault("contract.critical_unresolved", at, f"critical error {code} is not in the rubric")


def _staged_faults(at: str, name: str, entry: Content, objective: Content) -> Iterator[Issue]:
    is_other_event = "success_event" in entry and entry["success_event"] != objective.get("evidence_event")
    if is_other_event or not equals(dict(required_detail(entry)), dict(required_detail(objective))):
        message = f"scenario and rubric ask for different evidence of {name}"
        yield fault("contract.required_detail_mismatch", at, message)
    if "label" in entry and not equals(entry["label"], objective.get("label")):
        yield fault("contract.label_mismatch", f"{at}/label", "the label differs from the rubric's")


def _staging_faults(files: Files) -> Iterator[Issue]:
    """What is scored but cannot happen, and what can be had at most."""
    phases = [phase for _, phase in objects(files.scenario.get("phases"))]
    listed = {
        entry.get("objective_id") for phase in phases for entry in _named(phase.get("objectives"), "objective_id")
    }
    declared = {entry["code"] for phase in phases for entry in _named(phase.get("critical_errors"), "code")}
    completes = any(phase.get("complete_event") == RE_AUDIT_COMPLETED for phase in phases)
    reachable = Fraction(0)
    for index, objective in objects(files.rubric.get("objectives")):
        name, weight = objective.get("objective_id"), objective.get("weight")
        is_repeat = objective.get("evidence_event") == RE_AUDIT_COMPLETED
        if (isinstance(name, str) and name in listed) or (is_repeat and completes):
            reachable += exact(weight) if is_number(weight) else 0
        else:
            message = f"{name} is scored but no phase stages it"
            yield fault("contract.objective_not_staged", f"{_OBJECTIVES}/{index}", message)
    for index, error in objects(files.rubric.get("critical_errors")):
        if str(error.get("code")) not in declared:
            message = f"{error.get('code')} is penalised but no phase declares it"
            yield fault("contract.critical_not_staged", f"{_CRITICAL}/{index}", message)
    needed = files.rubric.get("pass_threshold")
    if is_number(needed) and reachable < exact(needed):
        message = f"staged objectives are worth {text_of(reachable)} points, a pass takes {text_of(needed)}"
        yield fault("contract.pass_unreachable", _PHASES, message)


def _drills_against_rubric(files: Files) -> Iterator[Issue]:
    names = {o["objective_id"] for o in _named(files.rubric.get("objectives"), "objective_id")}
    codes = {error["code"] for error in _named(files.rubric.get("critical_errors"), "code")}
    missed: set[str] = set()
    made: set[str] = set()
    for index, drill in objects(files.drills.get("microdrills")):
        trigger = drill.get("trigger_if")
        conditions = trigger if isinstance(trigger, dict) else {}
        triggers = list(texts(conditions.get("missed_objective_ids")))
        missed.update(triggers)
        for name in dict.fromkeys((*texts(drill.get("targets")), *triggers)):
            if name not in names:
                yield fault(
                    "contract.objective_unresolved", f"{_DRILLS}/{index}", f"objective {name} is not in the rubric"
                )
        for code in dict.fromkeys(texts(conditions.get("critical_error_codes"))):
            made.add(code)
            if code not in codes:
                message = f"critical error {code} is not in the rubric"
                yield fault("contract.critical_unresolved", f"{_DRILLS}/{index}", message)
    for index, objective in objects(files.rubric.get("objectives")):
        if objective.get("evidence_event") != RE_AUDIT_COMPLETED and str(objective.get("objective_id")) not in missed:
            message = f"no micro-drill covers {objective.get('objective_id')}"
            yield fault("contract.objective_without_drill", f"{_OBJECTIVES}/{index}", message)
    for index, error in objects(files.rubric.get("critical_errors")):
        if str(error.get("code")) not in made:
            message = f"no micro-drill covers {error.get('code')}"
            yield fault("contract.critical_without_drill", f"{_CRITICAL}/{index}", message)


def _duplicates(items: object, key: str, at: str) -> Iterator[Issue]:
    for name, count in Counter(item[key] for item in _named(items, key)).items():
        if count > 1:
            yield fault("contract.id_duplicate", at, f"id {name[:60]} is used more than once")


def _event_faults(event: object, at: str) -> Iterator[Issue]:
    if isinstance(event, str) and event not in EVENT_TYPES:
        yield fault("contract.event_type_unknown", at, f'event type "{event[:60]}" does not exist')


def _named(items: object, key: str) -> list[Content]:
    return [item for _, item in objects(items) if isinstance(item.get(key), str)]
