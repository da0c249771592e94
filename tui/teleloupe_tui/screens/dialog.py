"""What all dialogs have in common."""

from __future__ import annotations

from contextlib import suppress
from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen
from textual.widgets import OptionList

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A dialog, which answers once: a key typed while it closes is no second answer."""

    is_answered = False

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Close with an answer, the first one given."""
        if self.is_answered:
            return AwaitComplete()
        self.is_answered = True
        return super().dismiss(result)


def move(listed: OptionList, way: str) -> None:
    """The cursor of a list by a step or a page. Before a list is drawn Textual knows no lines of it, hence no pages."""
    with suppress(KeyError):
        getattr(listed, f"action_{way}")()
