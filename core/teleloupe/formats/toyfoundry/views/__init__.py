"""Toyfoundry's own looks at feeds, rollups, exports and directories of them (section 10)."""

from __future__ import annotations

from teleloupe.formats import View
from teleloupe.formats.toyfoundry.views import events, exports, origins, rituals, staleness
from teleloupe.model import DIRECTORY

_EXPORTS = ("export", "export-csv")

VIEWS = (
    View(
        "origins",
        "Origins",
        "feed line, rollup event and record side by side; look for values that nothing measured: defaulted",
        _EXPORTS,
        origins.table,
    ),
    View(
        "events",
        "Events",
        "what the loom makes of every line; look for those that are dropped, left out or changed",
        ("mint-feed", "ritual-feed"),
        events.table,
    ),
    View(
        "rituals",
        "Rituals",
        "records by ritual and status; look for a ritual that fails, or that appears under two names",
        (*_EXPORTS, "rollup"),
        rituals.table,
        rituals.charts,
    ),
    View(
        "exports",
        "Exports",
        "export directories side by side; look for the same records twice and for sums that differ",
        (DIRECTORY,),
        exports.table,
        exports.charts,
    ),
    View(
        "staleness",
        "Staleness",
        "every link from feeds to metadata; look for stale and missing, with what would change below",
        (DIRECTORY,),
        staleness.table,
    ),
)
