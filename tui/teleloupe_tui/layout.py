"""Which panes a terminal of some size has room for, and where each stands."""

from __future__ import annotations

from msgspec import Struct

TWO_PANES = 100  # columns from which two panes stand side by side
THREE_PANES = 160
TALL = 30  # lines from which there are borders, and the strip below three panes
STRIP = 12  # lines of that strip
CHANGE = 11  # lines of what shows one change in full, below all of them

LEAST_SHARED = 14  # lines of a pane that charts may take a part of

# screen -> its list and what shows one row of it
SCREENS: dict[str, tuple[str, str]] = {
    "files": ("files", "artefact"),
    "records": ("records", "record"),
    "issues": ("issues", "place"),
    "sums": ("sums", "verdict"),
    "diff": ("diff", "change"),
    "stats": ("stats", "values"),
    "look": ("look", "fields"),
    "made": ("made", "edit"),
    "bytes": ("bytes", "bytes"),
}
NUMBERED = tuple(SCREENS)[:6]  # the screens that a number key goes to


class Box(Struct, frozen=True):
    """Where a pane stands in the body."""

    x: int
    y: int
    width: int
    height: int


class Layout(Struct, frozen=True):
    """Panes by name with their boxes, in the order of tab, and whether they have borders."""

    boxes: dict[str, Box]
    has_borders: bool
    plot: Box | None = None

    @property
    def panes(self) -> tuple[str, ...]:
        """The panes that are in sight."""
        return tuple(self.boxes)


def screen_of(pane: str) -> str | None:
    """The screen a pane belongs to; None for the live strip."""
    return next((screen for screen, panes in SCREENS.items() if pane in panes), None)


def layout(width: int, height: int, screen: str, pane: str, body: int, *, is_zoomed: bool = False) -> Layout:
    """The panes for a terminal of `width` x `height`, of which `body` lines are theirs; `pane` has the focus."""
    has_borders = height >= TALL
    if width < TWO_PANES or is_zoomed:
        return Layout({pane: Box(0, 0, width, body)}, has_borders=has_borders and width >= TWO_PANES)
    pair = SCREENS[screen]
    if screen == "diff":
        below = CHANGE if has_borders else 0
        boxes = {"diff": Box(0, 0, width, body - below)}
        return Layout(boxes | ({"change": Box(0, body - below, width, below)} if below else {}), has_borders)
    if screen == "bytes":
        return Layout({"bytes": Box(0, 0, width, body)}, has_borders)
    if screen == "look" and width < THREE_PANES:
        return Layout({pane if pane in pair else pair[0]: Box(0, 0, width, body)}, has_borders)
    if width < THREE_PANES:
        return Layout(_row(pair, (_share(screen, width), 0), width, body), has_borders)
    strip = STRIP if has_borders else 0
    if screen in ("stats", "look", "made"):
        boxes = _row(pair, (width * 64 // 100, 0), width, body - strip)
    else:
        columns = ("files", "records", "artefact") if screen == "files" else ("files", *pair)
        middle = 30 if screen == "sums" else 38  # the account of a checksum is a longer read than its row
        boxes = _row(columns, (width * 32 // 100, width * middle // 100, 0), width, body - strip)
    if strip:
        names = ("live",) if screen == "issues" else ("issues", "live")
        boxes |= _row(names, (width * 54 // 100, 0) if len(names) == 2 else (0,), width, strip, y=body - strip)
    return Layout(boxes, has_borders)


def with_plot(found: Layout, pane: str, wanted: int) -> Layout:
    """The layout with charts of `wanted` lines above one of its panes, if that is high enough to be shared."""
    box = found.boxes.get(pane)
    if box is None or box.height < LEAST_SHARED:
        return Layout(found.boxes, found.has_borders)
    lines = min(max(box.height * 42 // 100, 8), wanted + (2 if found.has_borders else 1))
    boxes = found.boxes | {pane: Box(box.x, box.y + lines, box.width, box.height - lines)}
    return Layout(boxes, found.has_borders, Box(box.x, box.y, box.width, lines))


def _share(screen: str, width: int) -> int:
    """Columns of the left of two panes: lists of records and files are wider than what shows one of their rows."""
    return width * {"records": 60, "files": 60, "sums": 46, "made": 46}.get(screen, 56) // 100


def _row(panes: tuple[str, ...], widths: tuple[int, ...], width: int, height: int, y: int = 0) -> dict[str, Box]:
    """Boxes side by side; a width of 0 takes what is left."""
    boxes, x = {}, 0
    for name, share in zip(panes, widths, strict=True):
        boxes[name] = Box(x, y, share or width - x, height)
        x += share
    return boxes
