"""The lines around the panes, made of what the inspector holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from teleloupe.model import Document
from teleloupe.safe import safe
from teleloupe_tui import cells, changes, layout
from teleloupe_tui.cells import amount, number
from teleloupe_tui.widgets.bars import Bar, Footer, Part, Tab, Tabs

if TYPE_CHECKING:
    from teleloupe_tui.screens.inspector import Inspector

STYLES = {
    "good": "$text-success", "bad": "bold $text-error", "odd": "$text-warning",
    "mild": "$text-primary", "fresh": "$text-accent", "faint": "$text-muted", "": "",
}  # fmt: skip


def show(screen: Inspector) -> None:
    """Bring all lines up to date."""
    screen.query_one("#title", Bar).say(title(screen), verdict(screen))
    screen.query_one(Tabs).offer(tabs(screen), marks(screen))
    screen.query_one("#facts", Bar).say(facts(screen))
    screen.query_one("#ticker", Bar).say(*ticker(screen))
    screen.query_one(Footer).tell(screen.situation(), position(screen))
    for view in screen.layout_now.boxes:
        screen.pane(view).titled(_number(view))


def title(screen: Inspector) -> list[Part]:
    """Where we are, what is there, and how live it is."""
    root = safe(os.path.basename(os.path.realpath(screen.source.root)) or screen.source.root)
    document = screen.context().document
    if screen.screen_name == "records" and document:
        about = _about(document)
    else:
        tally = screen.tally
        about = f"{amount(tally.files, 'file')} · {amount(tally.formats, 'format')} · {cells.size(tally.size)}"
    name = f"{root}/" + (safe(document.path) if screen.screen_name == "records" and document else "")
    return [
        (f" {name}", "bold"),
        (" · ", "$text-muted"),
        *_liveness(screen),
        (" · ", "$text-muted"),
        (about, "$text-muted"),
    ]


def verdict(screen: Inspector) -> list[Part]:
    """Is it valid, and do the sums hold."""
    tally = screen.tally
    if screen.snapshot.generation == 0:
        return [("reading ", "$text-accent")]
    counts = [(tally.errors, "error", "bad"), (tally.warnings, "warning", "odd"), (tally.infos, "info", "mild")]
    found: list[Part] = []
    for count, word, tone in counts:
        if count:
            found += [(amount(count, word), STYLES[tone]), ("  ", "")]
    parts = found or [("no issues", STYLES["good"]), ("  ", "")]
    if tally.sums:
        total = sum(count for _, count in tally.sums)
        parts += [(f"{amount(total, 'sum')}: ", "$text-muted")]
        for word, count in tally.sums[: 3 if screen.size.width >= layout.TWO_PANES else 2]:
            parts += [(f"{number(count)} {word}", STYLES[cells.tone(word)]), (" ", "")]
    return parts


def tabs(screen: Inspector) -> list[Tab]:
    """The screens that exist, with their counts."""
    tally, document = screen.tally, screen.context().document
    records = f" {number(len(document.records))}" if document and document.records else ""
    found = [("files", f"1 Files {number(tally.files)}", False), ("records", f"2 Records{records}", False)]
    found.append(("issues", f"3 Issues {number(tally.issues)}", tally.errors > 0))
    if screen.snapshot.verdicts:
        odd = sum(count for word, count in tally.sums if word != "ok")
        found.append(("sums", f"4 Sums {number(odd)}", False))
    return [Tab(name, text, name == screen.screen_name, is_alarming) for name, text, is_alarming in found]


def marks(screen: Inspector) -> list[Part]:
    """What was asked of the list: filter, order, marks; and what is under way."""
    pane, parts = screen.here, []
    for job in screen.jobs.running:
        if job.name != "text":
            done = f" {100 * job.cancel.done // job.cancel.total} %" if job.cancel.total else ""
            parts.append(f"{job.telling}{done}, esc cancels")
    parts += [pane.order] if pane.order else []
    parts += [f"{number(len(pane.marks))} marked"] if pane.marks else []
    parts += [f"find: {safe(pane.needle)}"] if pane.needle else []
    return [(" · ".join(parts) + " ", "$text-accent")] if parts else []


def facts(screen: Inspector) -> list[Part]:
    """The selected file in two lines, where there is no room for its pane."""
    document = screen.context().document
    if document is None:
        return []
    issues = screen.snapshot.issues_of(document.path)
    first = f" {safe(document.name)}   {_about(document)}\n"
    if issues:
        worst = issues[0]
        more = f"  and {number(len(issues) - 1)} more" if len(issues) > 1 else ""
        tone = cells.tone(worst.severity)
        place = f" at {safe(worst.at)}" if worst.at else ""
        return [(first, ""), (f" {worst.severity}", STYLES[tone]), (f" {safe(worst.message)}{place}{more}", "")]
    sums = [v for v in screen.snapshot.verdicts if v.subject == document.path]
    if sums:
        return [(first, ""), (f" {sums[0].word}", STYLES[cells.tone(sums[0].word)]), (f" {safe(sums[0].message)}", "")]
    said = "no issues" if document.format else "no known format: enter shows its text"
    return [(first, ""), (f" {said}", "$text-muted")]


def ticker(screen: Inspector) -> tuple[list[Part], list[Part]]:
    """The last event and the rate, where the strip has no room."""
    if "live" in screen.layout_now.boxes:
        return [], []
    if not screen.events:
        return [(" no changes since the start", "$text-muted")], []
    last, now = screen.events[-1], screen.clock()
    times = [event.when for event in screen.events]
    rate = f"{changes.sparkline(times, now)} {changes.per_minute(times, now)}/min "
    return (
        [
            (f" {clock(last.when)} ", "$text-muted"),
            (f"{last.sign} ", "bold"),
            (f"{safe(last.path)}  ", ""),
            (last.text, "$text-muted"),
        ],
        [(rate, "$text-accent")],
    )


def position(screen: Inspector) -> list[Part]:
    """The row of the cursor."""
    pane = screen.here
    return [(f"{number(pane.cursor + 1)}/{number(pane.count)}", "$text-muted")] if pane.count else []


def clock(seconds: float) -> str:
    """The local time of day."""
    from teleloupe_tui.faces import clock_time

    return clock_time(seconds)


def _liveness(screen: Inspector) -> list[Part]:
    if screen.is_paused:
        waiting = ", newer waits" if screen.latest else ""
        return [("PAUSED", "bold $text-warning"), (waiting, "$text-warning")]
    mode = screen.source.mode()
    word = {"native": "LIVE", "polling": "POLLING"}.get(mode, mode.upper())
    ago = cells.age(screen.clock() - screen.seen_at)
    return [
        (word, "bold $text-success" if word == "LIVE" else "bold $text-warning"),
        (f" {ago}" if ago == "now" else f" {ago} ago", "$text-muted"),
    ]


def _about(document: Document) -> str:
    known = " ".join(filter(None, (document.format, document.kind))) or "unknown format"
    records = f" · {amount(len(document.records), 'record')}" if document.records else ""
    return f"{safe(known)} · {cells.size(document.size)}{records}"


def _number(view: str) -> int | None:
    names = list(layout.SCREENS)
    return names.index(view) + 1 if view in names else None
