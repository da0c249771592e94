"""From feeds to rollups (Toyfoundry specification, section 3). Never stops: what stops the producer is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.conversions import MINT_STATUSES, UnusableTime, flag_hints, instant_of, mint_status
from teleloupe.formats.toyfoundry.findings import Findings
from teleloupe.formats.toyfoundry.flatten import event_fields, event_hints, has_lone_surrogate, hint_issue
from teleloupe.formats.toyfoundry.reading import shown, type_name
from teleloupe.formats.toyfoundry.shapes import Mint, RitualEvent
from teleloupe.formats.toyfoundry.states import (
    EventState,
    MintState,
    OperationState,
    first_state,
    in_time,
    is_naive,
    operation_of,
    shared_instant,
)
from teleloupe.model import Issue, Rule

CAUSES_KEPT = 20  # of what would stop the producer; it stops at the first
_ABSENT: Any = object()


class LateFault(Struct, frozen=True):
    """An entry that must be left out for what others say: its feed and place, the rule, and what it is filed under."""

    feed: Literal["mint", "ritual"]
    at: str
    rule: Rule
    message: str
    key: Any


class Weave:
    """Feeds being woven: every mint line first, then every ritual line.

    A lean one keeps of mints only what an export needs, not the texts and times that go into rollups.
    """

    def __init__(self, *, is_lean: bool = False) -> None:
        self._is_lean = is_lean
        self.mints: dict[Any, MintState] = {}
        self.operations: dict[str, OperationState] = {}
        self.mint_findings, self.ritual_findings = Findings(), Findings()
        self.untimed: set[tuple[str, str]] = set()  # buckets with an event that has no time
        self.odd_ids: set[Any] = set()  # alfa ids that are no text
        self.causes: list[str] = []
        self.cause_count = self.mint_count = self.ritual_count = self.left_out = 0

    def add_mints(self, first_line: int, entries: Iterable[Any]) -> None:
        """Take consecutive lines of the mint feed, Structs or decoded mappings."""
        mints, is_lean = self.mints, self._is_lean
        for line, entry in enumerate(entries, first_line):
            if type(entry) is not Mint:
                self._mint_mapping(line, entry)
                continue
            state = None if entry.alfa_id in mints else first_state(line, entry, is_lean)
            if state is not None:
                mints[entry.alfa_id] = state
                self.mint_count += 1
            else:
                status, path = entry.status, entry.output_path
                self._mint(line, entry.alfa_id, entry.name, entry.dry_run, path, entry.timestamp, status)

    def add_rituals(self, first_line: int, entries: Iterable[Any]) -> None:
        """Take consecutive lines of the ritual feed, Structs or decoded mappings."""
        for line, entry in enumerate(entries, first_line):
            self._ritual(line, msgspec.structs.asdict(entry) if type(entry) is RitualEvent else entry)

    def late_faults(self) -> Iterator[LateFault]:
        """What stops the producer only once all is gathered."""
        if self.odd_ids and (len(self.odd_ids) < len(self.mints) or self.operations):
            for alfa_id in self.odd_ids:
                words = f"alfa id {shown(alfa_id)} is {type_name(alfa_id)} where other ids are text"
                place = f"line {self.mints[alfa_id].line} /alfa_id"
                yield LateFault("mint", place, rules.MINT_WITHOUT_ID, words, alfa_id)
        for operation_id, bucket in sorted(self.untimed):
            events = self.operations[operation_id].buckets[bucket]
            if any(event.instant is not None and not is_naive(event.instant) for event in events):
                words = "the event has no time where others of its ritual have one with a zone"
                for event in events:
                    if event.instant is None:
                        place = f"line {event.line} /timestamp"
                        yield LateFault("ritual", place, rules.TIMESTAMP, words, (operation_id, bucket, event.line))

    def finish(self) -> None:
        """Leave the late faults out and put events in the order of time. Nothing can be added afterwards."""
        for fault in list(self.late_faults()):
            if fault.feed == "mint":
                self._leave_out(self.mint_findings, fault.rule, fault.at, fault.message)
                del self.mints[fault.key]
            else:
                self._leave_out(self.ritual_findings, fault.rule, fault.at, fault.message)
                operation_id, bucket, line = fault.key
                events = self.operations[operation_id].buckets[bucket]
                self.operations[operation_id].buckets[bucket] = [event for event in events if event.line != line]
                self.ritual_count -= 1
        for operation in self.operations.values():
            for events in operation.buckets.values():
                if len(events) > 1:
                    events.sort(key=in_time)

    def mint_rollup(self) -> Iterator[tuple[Any, dict[str, Any]]]:
        """The entries of the mint rollup in the order of their ids."""
        return ((alfa_id, self.mints[alfa_id].entry()) for alfa_id in sorted(self.mints))

    def ids(self) -> list[Any]:
        """The ids of all operations, in order."""
        return sorted(self.mints.keys() | self.operations.keys()) if self.operations else sorted(self.mints)

    def entry(self, operation_id: Any) -> dict[str, Any]:
        """The entry of an operation in the composite rollup."""
        mint, operation = self.mints.get(operation_id), self.operations.get(operation_id)
        return {
            "last_updated": operation.last_updated if operation else mint.last_seen if mint else None,
            "mint": mint.entry() if mint else None,
            "rituals": operation.rituals() if operation else {},
        }

    def rollup(self) -> Iterator[tuple[Any, dict[str, Any]]]:
        """The entries of the composite rollup in the order of their ids."""
        return ((operation_id, self.entry(operation_id)) for operation_id in self.ids())

    def refuse(self, cause: str) -> None:
        """Note something that stops the producer."""
        self.cause_count += 1
        if len(self.causes) < CAUSES_KEPT:
            self.causes.append(cause)

    def _mint_mapping(self, line: int, entry: dict[str, Any]) -> None:
        alfa_id = entry.get("alfa_id")
        if not alfa_id:
            words = "the mint has no alfa id, so the loom drops it"
            self._leave_out(self.mint_findings, rules.MINT_WITHOUT_ID, f"line {line}", words, refuses=False)
        elif isinstance(alfa_id, list | dict):
            words = f"alfa_id is {type_name(alfa_id)}, which the producer cannot file anything under"
            self._leave_out(self.mint_findings, rules.MINT_WITHOUT_ID, f"line {line} /alfa_id", words)
        else:
            dry_run = entry.get("dry_run")
            self.mint_findings.extend(hint_issue(hint, f"line {line} ") for hint in flag_hints(dry_run))
            status, path = entry.get("status", _ABSENT), entry.get("output_path")
            self._mint(line, alfa_id, entry.get("name"), dry_run, path, entry.get("timestamp"), status)

    def _ritual(self, line: int, entry: dict[str, Any]) -> None:
        metadata = entry.get("metadata") or {}
        if not isinstance(metadata, dict):
            words = f"metadata is {type_name(metadata)}; an object is expected"
            self._leave_out(self.ritual_findings, rules.METADATA_TYPE, f"line {line} /metadata", words)
            return
        operation_id = operation_of(entry, metadata)
        if operation_id is None:
            words = "the event has no id of any kind, so the loom drops it"
            self._leave_out(self.ritual_findings, rules.EVENT_WITHOUT_ID, f"line {line}", words, refuses=False)
            return
        ritual = entry.get("ritual") or "unknown"
        if not isinstance(ritual, str):
            words = f"ritual is {type_name(ritual)}; text is expected"
            self._leave_out(self.ritual_findings, rules.RITUAL_COERCED, f"line {line} /ritual", words)
            return
        self._event(line, operation_id, ritual.lower(), entry, metadata)

    def _mint(self, line: int, alfa_id: Any, name: Any, dry_run: Any, path: Any, timestamp: Any, status: Any) -> None:
        try:
            instant = instant_of(timestamp)
        except UnusableTime as fault:
            self._leave_out(self.mint_findings, rules.TIMESTAMP, f"line {line} /timestamp", str(fault))
            return
        if self._is_lean:
            name, path, timestamp, instant = None, None, None, shared_instant(instant)
        state = self.mints.get(alfa_id)
        if state is None:
            known = "unknown" if status is _ABSENT else status
            state = MintState(name or "", known, timestamp, timestamp, path, instant, instant, line)
            self.mints[alfa_id] = state
            if type(alfa_id) is not str or not alfa_id.isascii():
                self._note_id(line, alfa_id)
        elif not self._merge(line, state, name, path, timestamp, instant):
            return
        self.mint_count += 1
        if dry_run:
            state.dry_runs += 1
        else:
            state.mint_runs += 1
        if status is not _ABSENT:
            state.latest_status, state.line = status, line
            if status not in MINT_STATUSES if type(status) is str else True:
                self.mint_findings.extend(_status_hints(line, status))

    def _note_id(self, line: int, alfa_id: Any) -> None:
        if type(alfa_id) is not str:
            self.odd_ids.add(alfa_id)
        elif has_lone_surrogate(alfa_id):
            self.refuse(f"line {line}: the alfa id holds half a surrogate pair")

    def _merge(
        self, line: int, state: MintState, name: Any, path: Any, timestamp: Any, instant: datetime | None
    ) -> bool:
        """Merge a further line; False when its time cannot be compared with what is there."""
        if instant is not None:
            if state.first_instant is not None and is_naive(instant) is not is_naive(state.first_instant):
                words = "the time has no zone where other times of the mint have one, or the reverse"
                self._leave_out(self.mint_findings, rules.TIMESTAMP, f"line {line} /timestamp", words)
                return False
            if state.first_instant is None or instant < state.first_instant:
                state.first_seen, state.first_instant = timestamp, instant
            if state.last_instant is None or instant > state.last_instant:
                state.last_seen, state.last_instant = timestamp, instant
        if not state.name and name:
            state.name = name
        if path:
            state.last_output_path = path
        return True

    def _event(
        self, line: int, operation_id: str, bucket: str, entry: dict[str, Any], metadata: dict[str, Any]
    ) -> None:
        at = f"line {line} "
        try:
            instant = instant_of(entry.get("timestamp"))
        except UnusableTime as fault:
            self._leave_out(self.ritual_findings, rules.TIMESTAMP, f"{at}/timestamp", str(fault))
            return
        operation = self.operations.get(operation_id)
        if operation is None:
            mint = self.mints.get(operation_id)
            operation = (
                OperationState(mint.last_seen, mint.last_instant, {}) if mint else OperationState(None, None, {})
            )
        latest = operation.last_instant
        if instant is not None and latest is not None and is_naive(instant) is not is_naive(latest):
            words = "the time has no zone where other times of the operation have one, or the reverse"
            self._leave_out(self.ritual_findings, rules.TIMESTAMP, f"{at}/timestamp", words)
            return
        self.operations[operation_id] = operation
        self.ritual_count += 1
        event = EventState(entry.get("timestamp"), entry.get("status", "unknown"), metadata, instant, line)
        operation.buckets.setdefault(bucket, []).append(event)
        if instant is None:
            self.untimed.add((operation_id, bucket))
        if instant is not None and (latest is None or instant > latest):
            operation.last_updated, operation.last_instant = event.timestamp, instant
        self._hint(at, operation_id, bucket, event)

    def _hint(self, at: str, operation_id: str, bucket: str, event: EventState) -> None:
        if has_lone_surrogate(operation_id):
            self.refuse(f"{at.strip()}: the id holds half a surrogate pair")
        for hint in event_hints(event_fields(operation_id, bucket, event.entry(), event.metadata), event.metadata):
            inside = () if hint.key[0] in ("ritual", "status") else ("/metadata",)
            self.ritual_findings.add(hint_issue(hint, f"{at}{''.join(inside)}"))
            if hint.refuses:
                self.refuse(f"{at.strip()}: {hint.message}")

    def _leave_out(self, findings: Findings, rule: Rule, at: str, words: str, *, refuses: bool = True) -> None:
        self.left_out += 1
        findings.add(rule.issue(at, f"{words}; the line is left out" if refuses else words))
        if refuses:
            self.refuse(f"{at}: {words}")


def _status_hints(line: int, status: Any) -> Iterator[Issue]:
    for hint in mint_status(status).hints:
        yield hint_issue(msgspec.structs.replace(hint, key=("status",)), f"line {line} ")
