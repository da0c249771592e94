"""The lines around the panes, made of what the inspector holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from teleloupe.provenance.causes import WORDS
from teleloupe.safe import safe
from teleloupe_tui import cells, changes, differences, layout, line_views, views, worked
from teleloupe_tui.cells import amount, number
from teleloupe_tui.differences import Diff
from teleloupe_tui.drawing import SIGN_TONES
from teleloupe_tui.keys import spelt
from teleloupe_tui.screens import branching, facts
from teleloupe_tui.screens.facts import STYLES
from teleloupe_tui.situations import Situation
from teleloupe_tui.sums import is_unvouched
from teleloupe_tui.widgets.bars import Bar, Footer, Part, Tab, Tabs, width

if TYPE_CHECKING:
    from teleloupe_tui.jobs import Job
    from teleloupe_tui.screens.inspector import Inspector
    from teleloupe_tui.widgets.pane import Pane

MOST_OF_NAME = 20  # cells of the title's name that come before how the sums stand
ROOM_OF_AGE = 15  # cells of how live it is, so that nothing moves when a second more has gone by


def show(screen: Inspector) -> None:
    """Bring all lines up to date."""
    where = title(screen)
    is_of_one = screen.screen_name == "records" or screen.pane_name in worked.PANES  # its name comes before all sums
    name, age = _width(where[:1]), max(_width(where[1:2]), ROOM_OF_AGE)
    right = verdict(screen, screen.size.width - (name if is_of_one else min(name, MOST_OF_NAME)) - age - 3)
    screen.query_one("#title", Bar).say(*where, right=right, sure=1 if is_of_one else 2)
    asked = marks(screen)
    screen.query_one(Tabs).offer(shortened(tabs(screen), asked, screen.size.width), asked)
    for bar, said in zip(("#facts", "#judged"), facts.facts(screen), strict=True):
        screen.query_one(bar, Bar).say(said)
    event, pace = ticker(screen)
    screen.query_one("#ticker", Bar).say(event, right=[pace])
    footer, now = screen.query_one(Footer), screen.situation()
    tip = screen.tips.tip(now, footer.told(now)) if screen.is_read and footer.size.width else ""
    footer.tell(now, position(screen), tip)
    for view in screen.layout_now.boxes:
        screen.pane(view).titled(_key(view), f"  {rate(screen)}" if view == "live" else "")


def situation(screen: Inspector) -> Situation:
    """What labels and readiness of keys depend on."""
    pane = screen.here
    return Situation(
        pane.view,
        pane.asked.form,
        pane.count,
        screen.tally.issues,
        is_unvouched=not screen.snapshot.verdicts or is_unvouched(screen.panes["sums"].row),
        can_sort=views.VIEWS[pane.view].can_sort and pane.asked.form != "text",
        is_following=screen.is_following,
        is_paused=screen.is_paused,
        is_zoomed=screen.is_zoomed,
        has_needle=bool(pane.needle),
        has_tree=pane.view in ("record", "artefact") and branching.has_tree(screen),
        has_exports=bool(screen.exports),
        has_diff=screen.diff is not None,
        has_files=bool(screen.snapshot.documents),
        is_read_only=screen.source.is_read_only,
        has_alert=screen.alarm is not None,
        panes=2 if screen.is_zoomed else len(screen.layout_now.boxes),
    )


def title(screen: Inspector) -> list[list[Part]]:
    """Where we are, how live it is, and what is there."""
    if screen.screen_name == "diff" and screen.diff is not None:
        sides = " -> ".join(screen.diff.sides)
        return [[(f" {spelt('diff')} Diff  {safe(screen.diff.name)}", "bold")], [(f"  {safe(sides)}", "$muted")]]
    document = screen.document if screen.screen_name == "records" else None
    name = f" {screen.root_name}/{safe(document.path) if document else ''}"
    if document and len(screen.source.roots) > 1:  # whose path names its root
        name = f" {safe(document.path)}"
    if document and screen.pane_name == "record":
        name += f"  record {number(screen.index + 1)} of {number(len(document.records))}"
    if screen.pane_name in worked.PANES:
        title = views.VIEWS[screen.pane_name].title
        name = f" {screen.root_name}/  {title}{worked.about(screen.pane_name, screen.working.known())}"
    groups: list[list[Part]] = [[(name, "bold")], [(" · ", "$muted"), *_liveness(screen), *_news(screen)]]
    tally = screen.tally
    here = [amount(tally.files, "file"), amount(tally.formats, "format"), cells.size(tally.size)]
    return groups + [[(f" · {words}", "$muted")] for words in (facts.about(document) if document else here)]


def verdict(screen: Inspector, room: int) -> list[list[Part]]:
    """Is it valid, and do the sums hold; of a difference, how much there is of it. What is grave comes first."""
    if screen.screen_name == "diff" and screen.diff is not None:
        return [_counts(screen.diff)]
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
    if not counts.sums or not sum(count for _, count in counts.sums):
        return parts
    is_wide = screen.size.width >= layout.TWO_PANES
    graver = parts[: 2 if is_wide else 1] if is_wide or counts.errors else []
    forms = _sums(counts.sums)[0 if is_wide else 1 :]
    left = room - sum(width(part) + 2 for part in graver)
    said = next((form for form in forms if width(form) <= left), forms[-1])
    return [*graver, said, *parts[len(graver) :]]


def _sums(counts: tuple[tuple[str, int], ...]) -> list[list[Part]]:
    """How the sums stand, from the longest way to say it to the shortest.

    By word in full, by word in short, how many hold and are explained, how many hold. What nothing explains is never
    left out.
    """
    known = dict(counts)
    total, ok, unknown = sum(known.values()), known.get("ok", 0), known.get("mismatch", 0)
    begin: Part = (f"{amount(total, 'sum')}:", "$muted")
    in_full, in_short = [begin], [begin]
    for place, (word, count) in enumerate(counts):
        style = STYLES["good"] if word == "mismatch" and not count else STYLES[cells.tone(word)]
        comma = "," if place < len(counts) - 1 else ""
        in_full.append((f" {number(count)} {WORDS[word][0]}{comma}", style))
        in_short.append((f" {number(count)} {'unknown' if word == 'mismatch' else cells.short_verdict(word)}", style))
    holding: list[Part] = [begin, (f" {number(ok)} ok", STYLES["good"])]
    rest = [(f" {number(total - ok - unknown)} explained", STYLES["odd"])] if total > ok + unknown else []
    return [in_full, in_short, [*holding, *rest, in_short[-1]], [*holding, in_short[-1]]]


def _counts(diff: Diff) -> list[Part]:
    """How much was changed, removed, added, moved and is the same; of lines where no records are known."""
    found = differences.counts(diff.comparison) if diff.comparison.is_understood else line_views.line_counts(diff.lines)
    parts: list[Part] = []
    for sign, count in found:
        parts.append((f"{'  ' if parts else ''}{number(count)} {sign}", STYLES[SIGN_TONES[sign]]))
    return parts


def tabs(screen: Inspector) -> list[Tab]:
    """The screens that exist, with their counts."""
    tally, document = screen.tally, screen.document
    records = f" {number(len(document.records))}" if document and document.records else ""
    found = [("files", f"Files {number(tally.files)}", False), ("records", f"Records{records}", False)]
    found.append(("issues", f"Issues {number(tally.issues)}", tally.errors > 0))
    odd = sum(count for word, count in tally.sums if word != "ok")
    found.append(("sums", f"Sums {number(odd)}" if screen.snapshot.verdicts else "Sums", False))
    if screen.diff is not None:
        found.append(("diff", "Diff", False))
    found.append(("stats", "Stats", False))
    here = screen.screen_name
    return [Tab(name, f"{spelt(name)} {text}", name == here, is_alarming) for name, text, is_alarming in found]


def shortened(found: list[Tab], asked: list[list[Part]], room: int) -> list[Tab]:
    """The screens beside what was asked: where both have no room, the others lose their counts, then their names."""
    beside = sum(cells.width(text) + 2 for group in asked for text, _ in group) + 2
    for words in (3, 2, 1):
        kept = [tab if tab.is_here else structs.replace(tab, text=" ".join(tab.text.split()[:words])) for tab in found]
        if not asked or sum(cells.width(tab.text) + 2 for tab in kept) + beside < room:
            break
    return kept


def marks(screen: Inspector) -> list[list[Part]]:
    """What was asked of the list: filter, order, marks; and what is under way."""
    pane, quiet = screen.here, ("text", "evidence")
    parts = [f"{_telling(pane, job)}, {spelt('back')} cancels" for job in screen.jobs.running if job.name not in quiet]
    parts += [pane.order] if pane.order else []
    parts += [f"{number(len(pane.marks))} marked"] if pane.marks else []
    parts += [_search(screen)] if pane.needle else []
    return [[(part, "$text-accent")] for part in parts]


def _telling(pane: Pane, job: Job) -> str:
    """What a job does and how far it is; of a filter that has delivered, how much it has found."""
    if job.name == pane.view and not pane.is_whole:
        return f"{number(pane.count)} so far, {job.cancel.share}"
    return f"{job.telling} {job.cancel.share}".rstrip()


def _search(screen: Inspector) -> str:
    """What is searched for, and how often it was found."""
    pane, job = screen.here, screen.jobs.named("search")
    told = f"  {pane.hits.told(pane.cursor, job.cancel.share if job else '')}" if pane.hits else ""
    return f"find: {safe(pane.needle)}{told}"


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


def _width(groups: list[list[Part]]) -> int:
    """Cells of some groups in a row."""
    return sum(map(width, groups))


def _liveness(screen: Inspector) -> list[Part]:
    if screen.is_paused:
        waiting = f", {amount(screen.waiting, 'change')} wait{'s' if screen.waiting == 1 else ''}"
        return [("PAUSED", "bold $text-warning"), (waiting, "$text-warning")]
    if screen.snapshot.fault:
        return [(f"GONE: {safe(screen.snapshot.fault)}", STYLES["bad"])]
    word = {"native": "LIVE", "polling": "POLLING", "off": "STARTING"}.get(screen.source.mode(), "")
    ago = cells.age(screen.clock() - screen.seen_at)
    return [
        (word, "bold $text-success" if word == "LIVE" else "bold $text-warning"),
        (f" {ago}" if ago == "now" else f" {ago} ago", "$muted"),
    ]


def _news(screen: Inspector) -> list[Part]:
    """What is new in the list at hand, and how often the alert went off."""
    found = [(" · ", "$muted"), (screen.here.news, "$text-accent")] if screen.here.news else []
    rung = screen.alarm.rung if screen.alarm else 0
    return [*found, (" · ", "$muted"), (f"ALERT {number(rung)}", "bold reverse $text-warning")] if rung else found


def _key(view: str) -> str:
    """The key that goes to a screen; "" for a pane that is none."""
    return spelt(view) if view in layout.NUMBERED else ""
