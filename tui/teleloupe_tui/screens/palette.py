"""The command palette's rows: every key by name."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from textual import work
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.css.query import NoMatches

from teleloupe_tui import keys
from teleloupe_tui.screens.dialog import move
from teleloupe_tui.screens.inspector import Inspector


class Palette(CommandPalette):
    """Textual's palette, which minds neither a page down before its list is drawn nor rows that are found too late."""

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)  # noqa: SLF001 - that is cancelled by its name
    async def _gather_commands(self, search_value: str) -> None:
        gathering = CommandPalette._gather_commands.__wrapped__  # type: ignore[attr-defined]  # noqa: SLF001 - overridden
        with suppress(NoMatches):  # its list went with the palette; the worker is cancelled then, and goes on a bit
            await gathering(self, search_value)

    def _action_command_list(self, action: str) -> None:
        move(self.query_one(CommandList), action)


class KeyCommands(Provider):
    """What can be done here, with the key that does it."""

    @property
    def _keys(self) -> list[keys.Key]:
        screen = self.screen
        if not isinstance(screen, Inspector):
            return []
        situation = screen.situation()
        moving = keys.ON_GRID | {"palette"}
        return [k for k in keys.KEYS if k.id not in moving and k.works_in(situation.pane) and not k.why_not(situation)]

    async def discover(self) -> Hits:
        """All of them, in the order of the table."""
        for key in self._keys:
            yield DiscoveryHit(_display(key), partial(self._act, key), text=key.label, help=key.help)

    async def search(self, query: str) -> Hits:
        """Those whose name or meaning is like what is typed."""
        matcher = self.matcher(query)
        for key in self._keys:
            score = max(matcher.match(key.label), matcher.match(key.help) * 0.8)
            if score > 0:
                yield Hit(score, _display(key), partial(self._act, key), text=key.label, help=key.help)

    async def _act(self, key: keys.Key) -> None:
        if isinstance(self.screen, Inspector):
            await self.screen.action_do(key.id)


def _display(key: keys.Key) -> Content:
    return Content.assemble((f"{key.label}", "bold"), (f"  {key.shown}", "$muted"))
