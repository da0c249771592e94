"""Recomputing a session from its events and its contract alone (SVR specification, sections 7.2 to 7.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from teleloupe.formats.svr.amounts import equals
from teleloupe.formats.svr.contract import Contract, CriticalError, Drill, Objective, Rubric
from teleloupe.formats.svr.events import UsableEvent, phase_starts, value
from teleloupe.formats.svr.instants import SECOND_NS
from teleloupe.formats.svr.vocabulary import RE_AUDIT_COMPLETED, SCORED_PHASES

_NOTHING: tuple[UsableEvent, ...] = ()


class ObjectiveResult(Struct, frozen=True):
    """How an objective fared: what satisfied it in the audit and in the re-audit, and every attempt, in order.

    `is_attested` tells that the re-audit's credit rests on re_audit_completed alone; `direct` are the attempts by
    events of the objective's own type, by phase.
    """

    objective: Objective
    audit: UsableEvent | None
    re_audit: UsableEvent | None
    is_attested: bool
    attempts: tuple[UsableEvent, ...]
    direct: Mapping[str, tuple[UsableEvent, ...]]

    @property
    def satisfying(self) -> UsableEvent | None:
        """The event that earns the weight."""
        return self.audit or self.re_audit

    @property
    def award(self) -> Fraction:
        """The points it is given."""
        return self.objective.weight if self.satisfying else Fraction(0)

    @property
    def evidence(self) -> tuple[UsableEvent, ...]:
        """The events that show the result: the satisfying one, or all attempts."""
        return (self.satisfying,) if self.satisfying else self.attempts


class Penalty(Struct, frozen=True):
    """A critical error that costs points, and the event that is to blame."""

    error: CriticalError
    event: UsableEvent


class AssignedDrill(Struct, frozen=True):
    """A drill that the policy assigns, and why."""

    microdrill_id: str
    reason: str


class Recomputation(Struct, frozen=True, eq=False):
    """What the evidence gives: exact amounts, each with the events behind it.

    `free` are known critical errors in phases where they cost nothing; `starts` when each phase began (ns since 1970).
    """

    rubric: Rubric
    objectives: tuple[ObjectiveResult, ...]
    penalties: tuple[Penalty, ...]
    free: tuple[Penalty, ...]
    drills: tuple[AssignedDrill, ...]
    starts: Mapping[str, int]
    has_re_audit: bool
    raw: Fraction
    audit: Fraction

    @property
    def total(self) -> Fraction:
        """The score, clamped."""
        return self.clamped(self.raw)

    @property
    def strict(self) -> Fraction:
        """The score without what is credited on attestation alone, clamped."""
        return self.clamped(self.raw - sum(result.award for result in self.objectives if _rests_on_attestation(result)))

    @property
    def status(self) -> str:
        """Pass, conditional_pass or fail."""
        return status_of(self.rubric, self.total, any(penalty.error.is_hard_fail for penalty in self.penalties))

    @property
    def unjudged_types(self) -> frozenset[str]:
        """The event types that evidence an objective without a formula: nobody can say what such an event is worth."""
        return frozenset(r.objective.evidence_event for r in self.objectives if not r.objective.is_supported)

    @property
    def improved(self) -> tuple[ObjectiveResult, ...]:
        """The direct objectives missed in the audit and achieved in the re-audit."""
        return tuple(r for r in self.objectives if r.objective.is_direct and r.re_audit and not r.audit)

    @property
    def re_audit_delta(self) -> Fraction:
        """What the re-audit changed, without the weight of re-audit objectives themselves."""
        gained = sum((result.objective.weight for result in self.improved), Fraction(0))
        return gained - sum(p.error.penalty for p in self.penalties if p.event.phase == "re_audit")

    def clamped(self, amount: Fraction) -> Fraction:
        """An amount brought into 0 to the maximum score."""
        return min(self.rubric.max_score, max(Fraction(0), amount))

    def scoped(self, listed: frozenset[str]) -> Fraction:
        """The score when only the listed objectives count, clamped."""
        left_out = sum(r.award for r in self.objectives if r.objective.objective_id not in listed)
        return self.clamped(self.raw - left_out)


def recompute(ordered: Sequence[UsableEvent], contract: Contract) -> Recomputation | None:
    """Score a session from its usable events in chronological order; None without a rubric."""
    rubric = contract.rubric
    if rubric is None:
        return None
    starts = phase_starts(ordered)
    by_type = _by_type_and_phase(ordered)
    objectives = tuple(_judged(objective, by_type, starts) for objective in rubric.objectives)
    hits = _critical_hits(rubric, ordered)
    penalties = tuple(hit for hit in hits if hit.event.phase in SCORED_PHASES)
    in_audit = [penalty for penalty in penalties if penalty.event.phase == "audit"]
    return Recomputation(
        rubric,
        objectives,
        penalties,
        tuple(hit for hit in hits if hit.event.phase not in SCORED_PHASES),
        assigned_drills(objectives, in_audit, contract),
        starts,
        any(event.phase == "re_audit" for event in ordered),
        sum((result.award for result in objectives), Fraction(0)) - _cost(penalties),
        sum((result.award for result in objectives if result.audit), Fraction(0)) - _cost(in_audit),
    )


def status_of(rubric: Rubric, total: Fraction, is_hard_fail: bool) -> str:
    """The status that a total means under a rubric."""
    if is_hard_fail:
        return "fail"
    if total >= rubric.pass_threshold:
        return "pass"
    return "conditional_pass" if total >= rubric.conditional_pass_threshold else "fail"


def details_match(event: UsableEvent, required: Mapping[str, object]) -> bool:
    """Whether an event says everything that is required, by JSON equality."""
    return all(equals(value(event, key), wanted) for key, wanted in required.items())


def is_in_window(event: UsableEvent, objective: Objective, starts: Mapping[str, int]) -> bool:
    """Whether an event lies inside its objective's window, the limit included; without a window always."""
    if objective.window_s is None:
        return True
    if event.instant is None:
        return False
    elapsed = event.instant - starts[event.phase]
    return 0 <= elapsed <= objective.window_s * SECOND_NS


def contributions(found: Recomputation) -> dict[int, Fraction]:
    """What each event is worth, by its place in the file; events worth nothing are absent."""
    worth: dict[int, Fraction] = {}
    for result in found.objectives:
        if result.satisfying:
            worth[result.satisfying.index] = worth.get(result.satisfying.index, Fraction(0)) + result.award
    for penalty in found.penalties:
        worth[penalty.event.index] = worth.get(penalty.event.index, Fraction(0)) - penalty.error.penalty
    return worth


def _rests_on_attestation(result: ObjectiveResult) -> bool:
    return result.is_attested and result.audit is None


_Grouped = Mapping[tuple[str, str], Sequence[UsableEvent]]


def _by_type_and_phase(ordered: Sequence[UsableEvent]) -> _Grouped:
    groups: dict[tuple[str, str], list[UsableEvent]] = {}
    for event in ordered:
        groups.setdefault((event.event_type, event.phase), []).append(event)
    return groups


def _judged(objective: Objective, groups: _Grouped, starts: Mapping[str, int]) -> ObjectiveResult:
    if not objective.is_supported:
        return ObjectiveResult(objective, None, None, is_attested=False, attempts=(), direct={})
    completions = groups.get((RE_AUDIT_COMPLETED, "re_audit"), _NOTHING)
    if not objective.is_direct:
        hit = _first_satisfying(objective, completions, starts)
        return ObjectiveResult(objective, None, hit, is_attested=False, attempts=tuple(completions), direct={})
    direct = {
        phase: tuple(
            event
            for event in groups.get((objective.evidence_event, phase), _NOTHING)
            if event.objective_id in ("", objective.objective_id)
        )
        for phase in SCORED_PHASES
    }
    naming = [event for event in completions if event.objective_id == objective.objective_id]
    re_audit = _first_satisfying(objective, direct["re_audit"], starts)
    attested = None if direct["re_audit"] else next((event for event in naming if event.outcome == "success"), None)
    attempts = sorted((*direct["audit"], *direct["re_audit"], *naming), key=lambda event: event.order)
    return ObjectiveResult(
        objective,
        _first_satisfying(objective, direct["audit"], starts),
        re_audit or attested,
        attested is not None,
        tuple(attempts),
        direct,
    )


def _first_satisfying(
    objective: Objective, attempts: Iterable[UsableEvent], starts: Mapping[str, int]
) -> UsableEvent | None:
    for event in attempts:
        if (
            event.outcome == "success"
            and details_match(event, objective.required_detail)
            and is_in_window(event, objective, starts)
        ):
            return event
    return None


def _critical_hits(rubric: Rubric, ordered: Sequence[UsableEvent]) -> list[Penalty]:
    """Every occurrence of every known error, chronological, the rubric's order inside one event."""
    triggers = {error.trigger_event for error in rubric.critical_errors}
    return [
        Penalty(error, event)
        for event in ordered
        if event.event_type in triggers
        for error in rubric.critical_errors
        if error.trigger_event == event.event_type and details_match(event, error.required_detail)
    ]


def _cost(penalties: Iterable[Penalty]) -> Fraction:
    return sum((penalty.error.penalty for penalty in penalties), Fraction(0))


def assigned_drills(
    objectives: Iterable[ObjectiveResult], in_audit: Sequence[Penalty], contract: Contract
) -> tuple[AssignedDrill, ...]:
    """The drills that the policy assigns for what went wrong in the audit (section 7.7)."""
    policy = contract.drills
    if policy is None:
        return ()
    first: dict[str, Penalty] = {}
    for penalty in in_audit:
        first.setdefault(penalty.error.code, penalty)
    missed = {
        result.objective.objective_id: result.objective.weight
        for result in objectives
        if result.objective.is_supported and result.objective.is_direct and not result.audit
    }
    costs = {code: penalty.error.penalty for code, penalty in first.items()}
    assigned: dict[str, AssignedDrill] = {}
    for word in policy.priority:
        if word == "critical_error_match":
            for drill, code in _matching(policy.drills, costs, lambda drill: drill.critical_error_codes):
                reason = f"Critical error {code} in audit ({first[code].event.event_id})."
                assigned.setdefault(drill.microdrill_id, AssignedDrill(drill.microdrill_id, reason))
        elif word == "highest_weight_miss":
            for drill, objective in _matching(policy.drills, missed, lambda drill: drill.missed_objective_ids):
                reason = f"Missed {objective} in audit."
                assigned.setdefault(drill.microdrill_id, AssignedDrill(drill.microdrill_id, reason))
    return tuple(assigned.values())[: policy.max_assigned]


def _matching(
    drills: Iterable[Drill], amounts: Mapping[str, Fraction], triggers: Callable[[Drill], Sequence[str]]
) -> list[tuple[Drill, str]]:
    """The drills that one of the amounts' names triggers, with the dearest such name, dearest drill first."""
    found = []
    for drill in drills:
        names = [name for name in triggers(drill) if name in amounts]
        if names:
            found.append((drill, max(names, key=lambda name: amounts[name])))
    return sorted(found, key=lambda match: -amounts[match[1]])
