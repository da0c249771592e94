"""Rules across files: contract lookup, pairs, twins, golden runs, contract faults (sections 4.5, 8.3, 9.5, 10.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from msgspec import Struct, structs

from teleloupe.formats.svr.amounts import equals, plain
from teleloupe.formats.svr.contract import NO_CONTRACT, Contract, contract_of, same_scenario
from teleloupe.formats.svr.contract_faults import Files, contract_faults
from teleloupe.formats.svr.csv_faults import pair_faults
from teleloupe.formats.svr.csvtext import CsvTable
from teleloupe.formats.svr.detection import CONTRACT_KINDS, SUMMARY_CSV
from teleloupe.formats.svr.determinism import twin_faults
from teleloupe.formats.svr.judging import judged_faults, recomputed, validate
from teleloupe.formats.svr.office_fire import BUILT_IN
from teleloupe.formats.svr.reading import Pending, adopted, csv_table, session_of
from teleloupe.formats.svr.rules import distinct, fault
from teleloupe.formats.svr.session import Session
from teleloupe.formats.svr.shelf import Shelf
from teleloupe.formats.svr.vocabulary import OFFICE_FIRE
from teleloupe.model import Document, Issue, sorted_issues

Blamed = tuple[str, Issue]
Judgement = TypeVar("Judgement")


class Memory(Struct):
    """Judgements since the call before by what they rest on, which is kept so that no identity is used again."""

    kept: dict[tuple[int, ...], tuple[tuple[Any, ...], Any]]
    fresh: dict[tuple[int, ...], tuple[tuple[Any, ...], Any]]

    def recall(self, judge: Callable[..., Judgement], *basis: Any) -> Judgement:
        """The judgement on a basis of values that never change, as it was made before where it was."""
        key = tuple(map(id, (judge, *basis)))
        entry = self.fresh.get(key) or self.kept.get(key) or (basis, judge(*basis))
        self.fresh[key] = entry
        judgement: Judgement = entry[1]
        return judgement

    def forget(self) -> None:
        """Keep what was asked for since the last time, drop the rest."""
        self.kept, self.fresh = self.fresh, {}


_memory = Memory({}, {})  # unchanged files are judged once, not at every refresh


def adopt(documents: Mapping[str, Document]) -> dict[str, Document]:
    """The CSV files that only a session of the same name beside them tells to be ours (section 2), as such."""
    pending = [doc for doc in documents.values() if isinstance(doc.body, Pending)]
    stems = {_stem(path) for path, doc in documents.items() if session_of(doc)} if pending else set()
    return {doc.path: _memory.recall(_adopted, doc) for doc in pending if _stem(doc.path) in stems}


def relate(documents: Mapping[str, Document]) -> dict[str, list[Issue]]:
    """The issues that need more than one file, by the path they blame."""
    ours = {path: doc for path, doc in documents.items() if doc.format == "svr"}
    found: dict[str, list[Issue]] = {}
    for path, issue in _related(ours, documents) if ours else ():
        found.setdefault(path, []).append(issue)
    _memory.forget()
    return found


def remembered(judge: Callable[..., Judgement], *basis: Any) -> Judgement:
    """A pure function's value for values that never change; kept while it is asked for again and again."""
    return _memory.recall(judge, *basis)


def session_issues(document: Document, documents: Mapping[str, Document], contract: Contract) -> Iterator[Blamed]:
    """All issues of a document's session, by itself, by its contract, and of the CSV that belongs to it."""
    session, path = session_of(document), document.path
    if session is None:
        return
    yield from _blaming(path, document.issues)
    if session.is_bundle:
        yield from _blaming(path, _memory.recall(_judged, session, contract))
    stem = _stem(path)
    beside = {other: doc for other, doc in documents.items() if _stem(other) == stem and other != path}
    yield from _pair_issues(beside, {path: session}, beside)


def csv_of(path: str, documents: Mapping[str, Document]) -> str | None:
    """The path of the events CSV that belongs to the session at a path."""
    stem = _stem(path)
    found = (other for other, doc in documents.items() if _stem(other) == stem and _is_events_csv(doc))
    return next(found, None)


def scenario_of_bare(files: Sequence[Document]) -> str:
    """The scenario of bare events, which do not name one: that of the only rubric at hand, else Office Fire."""
    named = {
        scenario for doc in files if doc.kind == "rubric" and isinstance(scenario := doc.body.get("scenario_id"), str)
    }
    return named.pop() if len(named) == 1 else OFFICE_FIRE


def contract_for(session: Session, path: str, shelf: Shelf) -> Contract:
    """The contract of a session at a path: the nearest of the files of its scenario, else the built-in one (OD-3).

    Where there is a rubric, whatever else is missing is off; the parts of the built-in contract belong together.
    """
    folder, scenario_id = path.rpartition("/")[0], session.scenario_id
    parts = [shelf.nearest(folder, kind, scenario_id) for kind in CONTRACT_KINDS]
    if any(parts):
        return _memory.recall(_contract_of, *parts)
    return BUILT_IN if scenario_id == OFFICE_FIRE else NO_CONTRACT


def contract_files(documents: Mapping[str, Document]) -> list[Document]:
    """The rubrics, scenarios and micro-drills among documents, by path."""
    return [
        doc
        for _, doc in sorted(documents.items())
        if doc.kind in CONTRACT_KINDS and doc.format == "svr" and isinstance(doc.body, dict)
    ]


def contract_issues(files: Sequence[Document]) -> Iterator[Blamed]:
    """The faults of contracts; files of one folder and scenario belong together, a stray one to the only rubric."""
    folders: dict[str, list[Document]] = {}
    for doc in files:
        folders.setdefault(doc.path.rpartition("/")[0], []).append(doc)
    for here in folders.values():
        for group in _groups(here):
            for issue in _memory.recall(_contract_faults, *group):
                blamed = group[CONTRACT_KINDS.index(issue.at.split("/")[1])]
                if blamed is not None:
                    yield blamed.path, issue


def _related(ours: Mapping[str, Document], documents: Mapping[str, Document]) -> Iterator[Blamed]:
    files = contract_files(ours)
    sessions = {path: session for path, doc in ours.items() if (session := session_of(doc))}
    shelf = Shelf(files)
    contracts = {path: contract_for(session, path, shelf) for path, session in sessions.items() if session.is_bundle}
    for path, contract in contracts.items():
        yield from _blaming(path, _memory.recall(_judged, sessions[path], contract))
    yield from _pair_issues(ours, sessions, documents)
    folders = _by_folder(sorted(contracts))
    for folder in folders.values():
        if len(folder) > 1:
            yield from twin_faults([(path, sessions[path]) for path in folder])
    for path, doc in ours.items():
        if doc.kind == "expected-score" and isinstance(doc.body, dict):
            beside = folders.get(path.rpartition("/")[0], [])
            yield from _blaming(path, _golden_faults(doc.body, beside, sessions, contracts))
    yield from contract_issues(files)


def _judged(session: Session, contract: Contract) -> tuple[Issue, ...]:
    return tuple(judged_faults(session, contract))


def _contract_of(rubric: Document | None, scenario: Document | None, drills: Document | None) -> Contract:
    found = contract_of(*(doc.body if doc else None for doc in (rubric, scenario, drills)))
    given = next(doc for doc in (rubric, scenario, drills) if doc)
    if rubric is not None or not same_scenario(given.body, OFFICE_FIRE):
        return found
    staged, trained = found.scenario or BUILT_IN.scenario, found.drills or BUILT_IN.drills
    return Contract(BUILT_IN.rubric, staged, trained, is_built_in=True)


def _pair_issues(
    ours: Mapping[str, Document], sessions: Mapping[str, Session], documents: Mapping[str, Document]
) -> Iterator[Blamed]:
    """A session and a CSV of the same stem in one folder belong together; half a file may be a session."""
    stems = {_stem(path): path for path in sessions}
    halves = {_stem(path) for path, doc in documents.items() if not doc.is_complete}
    paired = set()
    for path, doc in ours.items():
        table, partner = csv_table(doc), stems.get(_stem(path))
        if partner is not None and table is not None and doc.kind != SUMMARY_CSV:
            paired.add(partner)
            yield from _blaming(path, _memory.recall(_compared, table, sessions[partner]))
        elif table is not None and doc.kind != SUMMARY_CSV and _stem(path) not in halves:
            yield path, fault("csv.pair_missing", "", "no session JSON of the same name lies beside it")
    for path, session in sessions.items():
        if session.is_bundle and path not in paired:
            yield path, fault("csv.pair_missing", "", "no CSV of the same name lies beside it")


def _is_events_csv(doc: Document) -> bool:
    return csv_table(doc) is not None and doc.kind != SUMMARY_CSV


def _compared(table: CsvTable, session: Session) -> tuple[Issue, ...]:
    return tuple(distinct(pair_faults(table, session)))


def _adopted(doc: Document) -> Document:
    found = adopted(doc)
    return structs.replace(found, issues=sorted_issues([*found.issues, *validate(found)]))


def _golden_faults(
    expected: Mapping[str, Any],
    beside: Sequence[str],
    sessions: Mapping[str, Session],
    contracts: Mapping[str, Contract],
) -> Iterator[Issue]:
    """An expected score against the one session of its folder (OD-14)."""
    if len(beside) != 1:
        yield fault("golden.not_checkable", "", f"{len(beside)} session files lie in the folder, one is needed")
        return
    path, name = beside[0], beside[0].rpartition("/")[2]
    found = _memory.recall(recomputed, sessions[path], contracts[path])
    if found is None or not found.rubric.is_supported:
        yield fault("golden.not_checkable", "", f"{name} cannot be recomputed")
        return
    for field, value in (("score_total", plain(found.total)), ("status", found.status)):
        if field in expected and not equals(expected[field], value):
            message = f"{field} is {str(expected[field])[:60]}, {name} recomputes to {value}"
            yield fault("golden.mismatch", f"/{field}", message, expected=value, actual=expected[field])


def _contract_faults(*group: Document | None) -> tuple[Issue, ...]:
    rubric, scenario, drills = (doc.body if doc else {} for doc in group)
    return tuple(distinct(contract_faults(Files(rubric, scenario, drills))))


def _groups(files: Sequence[Document]) -> Iterator[tuple[Document | None, ...]]:
    """Rubric, scenario and drills that belong together; each file is in one group."""
    rubrics = [doc for doc in files if doc.kind == "rubric"]
    others = [doc for doc in files if doc.kind != "rubric"]
    for rubric in rubrics:
        parts = [_partner(rubric, kind, others, is_only=len(rubrics) == 1) for kind in CONTRACT_KINDS[1:]]
        others = [doc for doc in others if not any(doc is part for part in parts)]
        yield rubric, *parts
    while others:
        first = others.pop(0)
        mate = next((doc for doc in others if doc.kind != first.kind and _same(doc, first)), None)
        others = [doc for doc in others if doc is not mate]
        yield None, *(next((d for d in (first, mate) if d and d.kind == kind), None) for kind in CONTRACT_KINDS[1:])


def _partner(rubric: Document, kind: str, others: Sequence[Document], *, is_only: bool) -> Document | None:
    candidates = [doc for doc in others if doc.kind == kind]
    fitting = next((doc for doc in candidates if _same(doc, rubric)), None)
    return candidates[0] if fitting is None and is_only and len(candidates) == 1 else fitting


def _same(left: Document, right: Document) -> bool:
    return equals(left.body.get("scenario_id"), right.body.get("scenario_id"))


def _blaming(path: str, issues: Iterable[Issue]) -> Iterator[Blamed]:
    for issue in issues:
        yield path, issue


def _by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    return folders


def _stem(path: str) -> str:
    """A path without the ending of its name."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.rpartition('.')[0] or name}"
