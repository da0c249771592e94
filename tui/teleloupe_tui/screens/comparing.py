"""Comparing: a file with what its checksum was taken of, with a version in git, with another file; walking changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from teleloupe.diff.comparison import Comparison
from teleloupe.disk import Unreadable
from teleloupe.model import DIRECTORY, Document, Verdict
from teleloupe.provenance.git import Version
from teleloupe.safe import safe
from teleloupe_tui import cells, differences, evidence, runs
from teleloupe_tui.differences import Diff
from teleloupe_tui.jobs import Cancel
from teleloupe_tui.screens import finding
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.sums import Reason

VIEWS = ("record", "lines", "bytes")
Found = Diff | str
Work = Callable[[Cancel], Found]


def compare_here(screen: Inspector) -> None:
    """Compare two marked files; else a file with its recovered bytes; else ask with which other one."""
    marked = _marked_files(screen)
    if len(marked) == 2:
        two_files(screen, marked[0], marked[1])
        return
    verdict = verdict_here(screen)
    path = verdict.subject if verdict else path_here(screen)
    if verdict is not None and verdict.word != "ok":
        against_expected(screen, verdict)
    elif path is not None and path in screen.snapshot.documents:
        ask_other(screen, path)
    else:
        screen.say("no file is selected")


def against_expected(screen: Inspector, verdict: Verdict) -> None:
    """What changed since a checksum was taken; where its bytes are lost, another file can be chosen."""
    documents = screen.snapshot.documents
    known = screen.evidence.get(evidence.claimed(verdict, documents))
    document = documents.get(verdict.subject)

    def work(cancel: Cancel) -> Found:
        try:
            found = known.comparison if known and known.comparison else None
            found = found or evidence.against_expected(screen.source, verdict, documents, cancel)
        except Unreadable as fault:
            return fault.reason
        source = verdict.proof.source if verdict.proof else "file"
        name = document.path if document else verdict.claim.subject
        return _made(found, name, (f"expected ({source})", "actual"), document, verdict)

    def lost(reason: str) -> None:
        screen.say(f"the expected bytes are not to be had: {safe(reason)}", is_bad=True)
        if document is not None:
            ask_other(screen, document.path)

    _run(screen, work, lost, lambda: against_expected(screen, _renewed(screen, verdict)))


def two_files(screen: Inspector, before: str, after: str) -> None:
    """What leads from one file of the directory to another."""

    def work(cancel: Cancel) -> Found:
        try:
            found = evidence.two_files(screen.source, before, after, cancel)
        except Unreadable as fault:
            return fault.reason
        names = _told_apart(before, after)
        return _made(found, after, names, screen.snapshot.documents.get(after), None)

    _run(screen, work, partial(screen.say, is_bad=True), lambda: two_files(screen, before, after))


def against_version(screen: Inspector, path: str, version: Version) -> None:
    """What changed since a commit."""

    def work(cancel: Cancel) -> Found:
        try:
            found = evidence.against_version(screen.source, path, version, cancel)
        except Unreadable as fault:
            return fault.reason
        sides = (f"{version.commit[:7]} {version.when[:10]}", "actual")
        return _made(found, path, sides, screen.snapshot.documents.get(path), None)

    _run(screen, work, partial(screen.say, is_bad=True), lambda: against_version(screen, path, version))


def ask_other(screen: Inspector, path: str) -> None:
    """Ask which file to compare with, the likeliest first."""
    from teleloupe_tui.screens.picker import Picker

    others = _likeliest(screen.snapshot.documents[path], list(screen.snapshot.documents.values()))
    if not others:
        screen.say("there is no other file to compare with")
        return
    texts = [
        f"{safe(other.path)}  {' '.join(filter(None, (other.format, other.kind)))}  {cells.size(other.size)}"
        for other in others
    ]

    def chosen(number: int | None) -> None:
        if number is not None:
            two_files(screen, others[number].path, path)

    screen.app.push_screen(Picker(f"compare {safe(path)} with", texts), chosen)


def ask_version(screen: Inspector) -> None:
    """Ask which version in git to compare the file with."""
    path = path_here(screen)
    if path is None:
        screen.say("no file is selected")
        return
    work = partial(_versions, screen.source.root, path)
    screen.jobs.run("versions", "asking git", work, partial(_pick_version, screen, path))


def step_change(step: int) -> Callable[[Inspector], None]:
    """To the next row found where something is searched for; else, of a difference, to the next change."""
    find = finding.step(step)

    def act(screen: Inspector) -> None:
        pane = screen.pane("diff") if screen.here.view == "change" else screen.here
        if screen.here.needle or pane.view != "diff" or pane.showing is None:
            find(screen)
            return
        row = runs.change_from(pane.showing.table.rows, pane.cursor, step)
        if row is None:
            screen.say("nothing differs here")
        else:
            pane.move_to(row)

    return act


def turn(screen: Inspector, step: int = 1) -> None:
    """Records, lines, bytes."""
    pane = screen.pane("diff")
    form = pane.asked.form
    view = VIEWS[(VIEWS.index(form.removesuffix("+")) + step) % len(VIEWS)]
    pane.needle = ""
    pane.ask(form=view + ("+" if form.endswith("+") else ""))
    screen.feed()
    _to_first_change(screen)


def _to_first_change(screen: Inspector) -> None:
    pane = screen.pane("diff")
    rows = pane.showing.table.rows if pane.showing else ()
    if rows and not runs.is_change(rows[0]):
        row = runs.change_from(rows, 0, 1)
        pane.move_to(0 if row is None else row)


def toggle_equal(screen: Inspector) -> None:
    """Only what changed, or everything."""
    pane = screen.pane("diff")
    form = pane.asked.form
    pane.ask(form=form.removesuffix("+") if form.endswith("+") else f"{form}+")
    screen.feed()


def verdict_here(screen: Inspector) -> Verdict | None:
    """The claim that the cursor is about: one that fails and can be proven before others."""
    pane = screen.here
    if pane.view in ("sums", "verdict"):
        chosen = screen.panes["sums"].row
        if not isinstance(chosen, Reason):
            return chosen if isinstance(chosen, Verdict) else None
        return _gravest(chosen.verdicts)
    if pane.view in ("diff", "change"):
        return None
    path = path_here(screen)
    return _gravest([verdict for verdict in screen.snapshot.verdicts if verdict.subject == path])


def path_here(screen: Inspector) -> str | None:
    """The file that the cursor is about."""
    pane = screen.here
    if pane.view in ("diff", "change"):
        return screen.diff.path if screen.diff else None
    if pane.view in ("issues", "place", "sums", "verdict", "live"):
        listed = screen.panes[{"place": "issues", "verdict": "sums"}.get(pane.view, pane.view)]
        if listed.showing and listed.count:
            return listed.showing.table.locate(listed.cursor).path
    return screen.path


def refresh(screen: Inspector) -> None:
    """Compare anew when the file on the screen has changed."""
    diff = screen.diff
    document = screen.snapshot.documents.get(diff.path) if diff and diff.path else None
    if diff and document and document.sha256 != diff.sha256 and screen.compare_again:
        screen.compare_again()


def _run(screen: Inspector, work: Work, failed: Callable[[str], None], again: Callable[[], None]) -> None:
    def then(found: Found) -> None:
        if isinstance(found, str):
            failed(found)
            return
        screen.compare_again = again
        _show(screen, found)

    screen.jobs.run("diff", "comparing", work, then)


def _show(screen: Inspector, diff: Diff) -> None:
    if not diff.comparison.is_different:
        screen.say(f"{safe(diff.name)}: the same bytes")
        return
    is_update = screen.diff is not None and screen.diff.name == diff.name and screen.screen_name == "diff"
    screen.diff = diff
    if is_update:
        screen.feed(("diff", "change"))
        return
    if screen.screen_name != "diff":
        screen.returns.append((screen.screen_name, screen.pane_name))
    pane = screen.pane("diff")
    pane.needle, pane.cursor = "", 0
    pane.ask(form="record" if diff.comparison.is_understood else "lines")
    screen.go("diff")


def _made(
    comparison: Comparison, name: str, sides: tuple[str, str], document: Document | None, verdict: Verdict | None
) -> Diff:
    path, sha256 = (document.path, document.sha256) if document else (None, "")
    return differences.made(comparison, name, sides, path=path, sha256=sha256, verdict=verdict)


def _renewed(screen: Inspector, verdict: Verdict) -> Verdict:
    """The present verdict of the same claim."""
    same = (v for v in screen.snapshot.verdicts if v.claim == verdict.claim and v.subject == verdict.subject)
    return next(same, verdict)


def _gravest(verdicts: Sequence[Verdict]) -> Verdict | None:
    failing = [verdict for verdict in verdicts if verdict.word != "ok"]
    return next((verdict for verdict in failing if verdict.proof), failing[0] if failing else None)


def _marked_files(screen: Inspector) -> list[str]:
    pane = screen.here
    if pane.view != "files":
        return []
    return [path for path in screen.snapshot.documents if path in pane.marks]


def _likeliest(document: Document, others: Sequence[Document]) -> list[Document]:
    """Other files: those of the same kind first, then of the same name, then by path."""
    found = [other for other in others if other.path != document.path and other.kind != DIRECTORY]
    kind = (document.format, document.kind)
    return sorted(
        found, key=lambda other: ((other.format, other.kind) != kind, other.name != document.name, other.path)
    )


def _told_apart(before: str, after: str) -> tuple[str, str]:
    """Short names for two files: their own where they differ, else their paths."""
    names = (before.rpartition("/")[2], after.rpartition("/")[2])
    return (safe(names[0]), safe(names[1])) if names[0] != names[1] else (safe(before), safe(after))


def _versions(root: str, path: str, _cancel: Cancel) -> tuple[Sequence[Version], str]:
    return evidence.versions(root, path)


def _pick_version(screen: Inspector, path: str, found: tuple[Sequence[Version], str]) -> None:
    from teleloupe_tui.screens.picker import Picker

    known, problem = found
    if not known:
        screen.say(f"no older versions: {safe(problem)}")
        return
    texts = [
        f"{version.when[:10]} {version.when[11:16]}  commit {version.commit[:10]}  blob {version.blob[:10]}"
        for version in known
    ]

    def chosen(number: int | None) -> None:
        if number is not None:
            against_version(screen, path, known[number])

    screen.app.push_screen(Picker(f"compare {safe(path)} with a version in git", texts), chosen)
