"""Where the panes stand: laid out anew for every size, screen and zoom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teleloupe_tui import layout
from teleloupe_tui.screens.facts import SCREENS_WITH_FACTS

if TYPE_CHECKING:
    from teleloupe_tui.screens.inspector import Inspector
    from teleloupe_tui.widgets.pane import Pane

CHROME = 5  # lines of title, screens, last event and keys


def place_panes(screen: Inspector) -> None:
    """Give every pane and line its place, and hide what has none."""
    width, height = screen.size
    is_small = width < layout.TWO_PANES and screen.screen_name in SCREENS_WITH_FACTS
    has_facts = is_small or screen.screen_name in ("diff", "bytes")
    has_strip = width >= layout.THREE_PANES and height >= layout.TALL and not screen.is_zoomed
    for name, is_there in (("#facts", has_facts), ("#judged", has_facts), ("#ticker", not has_strip)):
        screen.query_one(name).display = is_there
    body = height - CHROME - (2 if has_facts else 0) + (1 if has_strip else 0)
    found = layout.layout(width, height, screen.screen_name, screen.pane_name, body, is_zoomed=screen.is_zoomed)
    screen.layout_now = found = screen.working.make_room(found)
    for name, pane in screen.panes.items():
        if name in found.boxes:
            _place(screen.pane(name), found.boxes[name], has_borders=found.has_borders)
        elif pane.is_attached:
            pane.display = False


def _place(pane: Pane, box: layout.Box, *, has_borders: bool) -> None:
    pane.display = True
    styles = pane.styles
    styles.offset = (box.x, box.y)
    styles.width, styles.height = box.width, box.height
    pane.set_class(box.x > 0, "-inner")
    pane.set_class(not has_borders, "-plain")
