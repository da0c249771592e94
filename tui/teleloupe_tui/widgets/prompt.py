"""The line that asks for a word, with what is wrong with it beside it."""

from __future__ import annotations

from collections.abc import Callable

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from teleloupe.safe import safe


class Prompt(Horizontal):
    """Asks in the line above the keys: `typed` is called at every key, then `entered` or `left` with the text."""

    def __init__(
        self,
        purpose: str,
        sign: str,
        text: str,
        typed: Callable[[Prompt, str], None],
        entered: Callable[[str], None],
        left: Callable[[str], None],
        closed: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self.purpose = purpose
        self._sign, self._text = sign, text
        self._typed, self._entered, self._left = typed, entered, left
        self.closed = closed

    def compose(self) -> ComposeResult:
        """Sign, text, fault."""
        yield Static(Content(f" {self._sign} "), id="prompt-sign")
        yield Input(self._text, id="prompt-text", compact=True, select_on_focus=True)
        yield Static(Content(""), id="prompt-fault")

    def take_keys(self) -> None:
        """Have the focus, once mounted."""
        self.query_one(Input).focus()

    def blame(self, words: str) -> None:
        """Say what is wrong with the text; "" when nothing is."""
        self.query_one("#prompt-fault", Static).update(Content(f" {safe(words)} " if words else ""))

    @on(Input.Changed)
    def pass_on(self, event: Input.Changed) -> None:
        """The text as it is typed."""
        event.stop()
        self._typed(self, event.value)

    @on(Input.Submitted)
    def finish(self, event: Input.Submitted) -> None:
        """The text is final."""
        event.stop()
        self._close()
        self._entered(event.value)

    def on_key(self, event: events.Key) -> None:
        """Escape takes the question back."""
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self._close()
            self._left(self.query_one(Input).value)

    def _close(self) -> None:
        self.remove()
        self.closed()
