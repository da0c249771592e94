"""The lines around the panes, made of what the inspector holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teleloupe.safe import safe
from teleloupe_tui import cells, changes, layout, views
from teleloupe_tui.cells import amount, number
from teleloupe_tui.keys import Situation
from teleloupe_tui.screens import facts
from teleloupe_tui.screens.facts import STYLES
from teleloupe_tui.widgets.bars import Bar, Footer, Part, Tab, Tabs

if TYPE_CHECKING:
    from teleloupe_tui.screens.inspector import Inspector


def show(screen: Inspector) -> None:
    """Bring all lines up to date."""
    screen.query_one("#title", Bar).say(*title(screen), right=verdict(screen))
    screen.query_one(Tabs).offer(tabs(screen), marks(screen))
    for bar, said in zip(("#facts", "#judged"), facts.facts(screen), strict=True):
        screen.query_one(bar, Bar).say(said)
    event, pace = ticker(screen)
    screen.query_one("#ticker", Bar).say(event, right=[pace])
    screen.query_one(Footer).tell(screen.situation(), position(screen))
    for view in screen.layout_now.boxes:
        screen.pane(view).titled(_number(view), f"  {rate(screen)}" if view == "live" else "")


def situation(screen: Inspector) -> Situation:
    """What labels and readiness of keys depend on."""
    pane = screen.here
    return Situation(
        pane.view,
        pane.asked.form,
        pane.count,
        screen.tally.issues,
        has_verdicts=bool(screen.snapshot.verdicts),
        can_sort=views.VIEWS[pane.view].can_sort and pane.asked.form != "text",
        is_following=screen.is_following,
        is_paused=screen.is_paused,
        is_zoomed=screen.is_zoomed,
        has_needle=bool(pane.needle),
        has_exports=bool(screen.exports),
        panes=2 if screen.is_zoomed else len(screen.layout_now.boxes),
    )


def title(screen: Inspector) -> list[list[Part]]:
    """Where we are, how live it is, and what is there."""
    document = screen.document if screen.screen_name == "records" else None
    name = f" {screen.root_name}/{safe(document.path) if document else ''}"
    if document and screen.pane_name == "record":
        name += f"  record {number(screen.index + 1)} of {number(len(document.records))}"
    groups: list[list[Part]] = [[(name, "bold")], [(" · ", "$muted"), *_liveness(screen)]]
    tally = screen.tally
    here = [amount(tally.files, "file"), amount(tally.formats, "format"), cells.size(tally.size)]
    return groups + [[(f" · {words}", "$muted")] for words in (facts.about(document) if document else here)]


def verdict(screen: Inspector) -> list[list[Part]]:
    """Is it valid, and do the sums hold."""
    counts = screen.tally
    progress = screen.snapshot.progress
    if progress is not None:
        share = 100 * progress.bytes // progress.bytes_found if progress.bytes_found else 0
        return [
            [(f"reading {number(progress.files)} of {amount(progress.files_found, 'file')}, {share} %", "$text-accent")]
        ]
    if screen.snapshot.generation == 0:
        return [[("reading", "$text-accent")]]
    found = [
        [(amount(count, word), STYLES[cells.tone(word)])]
        for count, word in ((counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "info"))
        if count
    ]
    parts = found or [[("no issues", STYLES["good"])]]
    if not counts.sums:
        return parts
    sums: list[Part] = [(f"{amount(sum(count for _, count in counts.sums), 'sum')}:", "$muted")]
    for word, count in counts.sums[:4]:
        sums.append((f" {number(count)} {cells.short_verdict(word)}", STYLES[cells.tone(word)]))
    return [*parts[:2], sums, *parts[2:]]


def tabs(screen: Inspector) -> list[Tab]:
    """The screens that exist, with their counts."""
    tally, document = screen.tally, screen.document
    records = f" {number(len(document.records))}" if document and document.records else ""
    found = [("files", f"1 Files {number(tally.files)}", False), ("records", f"2 Records{records}", False)]
    found.append(("issues", f"3 Issues {number(tally.issues)}", tally.errors > 0))
    if screen.snapshot.verdicts:
        odd = sum(count for word, count in tally.sums if word != "ok")
        found.append(("sums", f"4 Sums {number(odd)}", False))
    return [Tab(name, text, name == screen.screen_name, is_alarming) for name, text, is_alarming in found]


def marks(screen: Inspector) -> list[list[Part]]:
    """What was asked of the list: filter, order, marks; and what is under way."""
    pane, parts = screen.here, []
    for job in screen.jobs.running:
        if job.name != "text":
            done = f" {100 * job.cancel.done // job.cancel.total} %" if job.cancel.total else ""
            parts.append(f"{job.telling}{done}, esc cancels")
    parts += [pane.order] if pane.order else []
    parts += [f"{number(len(pane.marks))} marked"] if pane.marks else []
    parts += [f"find: {safe(pane.needle)}"] if pane.needle else []
    return [[(part, "$text-accent")] for part in parts]


def ticker(screen: Inspector) -> tuple[list[Part], list[Part]]:
    """The last event and the rate, where the strip has no room."""
    if "live" in screen.layout_now.boxes:
        return [], []
    if not screen.events:
        return [(" no changes since the start", "$muted")], []
    last = screen.events[-1]
    return (
        [
            (f" {clock(last.when)} ", "$muted"),
            (f"{last.sign} ", "bold"),
            (f"{safe(last.path)}  ", ""),
            (last.text, "$muted"),
        ],
        [(rate(screen), "$text-accent")],
    )


def rate(screen: Inspector) -> str:
    """How many events there were of late."""
    times, now = [event.when for event in screen.events], screen.clock()
    return f"{changes.sparkline(times, now)} {changes.per_minute(times, now)}/min"


def position(screen: Inspector) -> list[Part]:
    """The row of the cursor."""
    pane = screen.here
    return [(f"{number(pane.cursor + 1)}/{number(pane.count)}", "$muted")] if pane.count else []


def clock(seconds: float) -> str:
    """The local time of day."""
    from teleloupe_tui.faces import clock_time

    return clock_time(seconds)


def _liveness(screen: Inspector) -> list[Part]:
    if screen.is_paused:
        waiting = ", newer waits" if screen.latest else ""
        return [("PAUSED", "bold $text-warning"), (waiting, "$text-warning")]
    if screen.snapshot.fault:
        return [(f"GONE: {safe(screen.snapshot.fault)}", STYLES["bad"])]
    word = {"native": "LIVE", "polling": "POLLING", "off": "STARTING"}.get(screen.source.mode(), "")
    ago = cells.age(screen.clock() - screen.seen_at)
    return [
        (word, "bold $text-success" if word == "LIVE" else "bold $text-warning"),
        (f" {ago}" if ago == "now" else f" {ago} ago", "$muted"),
    ]


def _number(view: str) -> int | None:
    names = list(layout.SCREENS)
    return names.index(view) + 1 if view in names else None
