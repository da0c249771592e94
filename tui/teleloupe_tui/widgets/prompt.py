"""The line that asks for a word, and the line below it that says what is wrong with the word, or what else there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from teleloupe.safe import safe
from teleloupe_tui import cells

SIGN_CELLS = 3

# From the text before the cursor: where the word to complete begins, and what it may become.
Complete = Callable[[str], tuple[int, Sequence[str]]]


class Line(Input):
    """A line of text that tells its prompt of enter at once, so that what is typed next is no part of the answer."""

    is_final = False

    def on_key(self, event: events.Key) -> None:
        """Enter makes the text final; keys that were under way to it then are the screen's."""
        if event.key != "enter" and not self.is_final:
            return
        event.stop()
        event.prevent_default()
        if self.is_final:
            self.app.post_message(events.Key(event.key, event.character))
            return
        self.is_final = True
        next(owner for owner in self.ancestors if isinstance(owner, Prompt)).finish(self.value)


class Prompt(Vertical):
    """Asks in the lines above the keys: `typed` is called at every key, then `entered` or `left` with the text.

    Up and down walk through `past`, the newest first; tab completes.
    """

    def __init__(
        self,
        purpose: str,
        sign: str,
        text: str,
        typed: Callable[[Prompt, str], None],
        entered: Callable[[str], None],
        left: Callable[[str], None],
        closed: Callable[[], None] = lambda: None,
        *,
        hint: str = "",
        past: Sequence[str] = (),
        complete: Complete | None = None,
    ) -> None:
        super().__init__()
        self.purpose = purpose
        self._sign, self._text, self._hint = sign, text, hint
        self._typed, self._entered, self._left = typed, entered, left
        self.closed = closed
        self._past = [text, *(one for one in past if one != text)]
        self._at = 0
        self._complete = complete
        self._offers: tuple[int, Sequence[str], int] | None = None
        self._put_in = ""

    def compose(self) -> ComposeResult:
        """Sign and text; below them the fault, the offers, or the hint."""
        with Horizontal(id="prompt-line"):
            yield Static(Content(f" {self._sign} "), id="prompt-sign")
            yield Line(self._text, id="prompt-text", compact=True, select_on_focus=True)
        yield Static(Content(self._hinted), id="prompt-aside")

    @property
    def text(self) -> str:
        """What is typed so far."""
        return self.query_one(Input).value

    @property
    def _hinted(self) -> str:
        return f"{' ' * SIGN_CELLS}{self._hint}"

    def take_keys(self) -> None:
        """Have the focus, once mounted."""
        self.screen.set_focus(self.query_one(Input))

    def blame(self, words: str, at: int | None = None) -> None:
        """Say what is wrong with the text, under its character `at` where that is known; "" when nothing is."""
        aside = self.query_one("#prompt-aside", Static)
        aside.set_class(bool(words), "-bad")
        if not words:
            aside.update(Content(self._hinted))
            return
        room = max(self.size.width - 1, 1)
        place = SIGN_CELLS + (at or 0) - round(self.query_one(Input).scroll_offset.x)
        aside.update(Content(pointed(safe(words), place if at is not None else None, room)))

    def tell(self, words: str) -> None:
        """Say something that is no fault in place of the hint; `words` is safe text."""
        aside = self.query_one("#prompt-aside", Static)
        aside.remove_class("-bad")
        aside.update(Content(cells.fitted(f"{' ' * SIGN_CELLS}{words}", max(self.size.width - 1, 1)).rstrip()))

    @on(Input.Changed)
    def pass_on(self, event: Input.Changed) -> None:
        """The text as it is typed."""
        event.stop()
        if event.value != self._put_in:
            self._offers = None
        self._typed(self, event.value)
        self._show_offers()

    def finish(self, text: str) -> None:
        """The text is final; the keys that follow are no part of it."""
        self._close()
        self._entered(text)

    def on_key(self, event: events.Key) -> None:
        """Escape takes the question back; up and down bring earlier answers; tab completes."""
        acts: dict[str, Callable[[], None]] = {
            "escape": self._leave,
            "up": lambda: self._recall(1),
            "down": lambda: self._recall(-1),
            "tab": lambda: self._offer(1),
            "shift+tab": lambda: self._offer(-1),
        }
        act = acts.get(event.key)
        if act is not None:
            event.stop()
            event.prevent_default()
            act()

    def _leave(self) -> None:
        self._close()
        self._left(self.text)

    def _recall(self, step: int) -> None:
        self._offers = None
        self._at = max(0, min(self._at + step, len(self._past) - 1))
        self._put(self._past[self._at])

    def _offer(self, step: int) -> None:
        if self._complete is None:
            return
        line = self.query_one(Input)
        if self._offers is None:
            start, offers = self._complete(line.value[: line.cursor_position])
            number = 0 if step > 0 else len(offers) - 1
        else:
            start, offers, number = self._offers
            number = (number + step) % len(offers)
        if not offers:
            self.tell("nothing to complete here")
            return
        self._offers = start, offers, number
        value = line.value[:start] + offers[number]
        rest = line.value[line.cursor_position :]
        if line.value == value + rest:
            self._show_offers()
        else:
            self._put(value + rest, len(value))

    def _show_offers(self) -> None:
        if self._offers is not None:
            _, offers, number = self._offers
            shown = [f"[{safe(text)}]" if place == number else safe(text) for place, text in enumerate(offers)]
            self.tell("  ".join(shown[max(number - 1, 0) :]))

    def _put(self, text: str, cursor: int | None = None) -> None:
        line = self.query_one(Input)
        self._put_in = line.value = text
        line.cursor_position = len(text) if cursor is None else cursor

    def _close(self) -> None:
        self.screen.set_focus(None)
        self.remove()
        self.closed()


def pointed(words: str, place: int | None, room: int) -> str:
    """A line with a mark under a place and words beside it, on the side that has the room."""
    if place is None or not 0 <= place < room:
        return cells.fitted(f" {words}", room).rstrip()
    if place + 2 + cells.width(words) <= room or place < room // 2:
        return cells.fitted(f"{' ' * place}^ {words}", room).rstrip()
    return f"{cells.fitted(words, min(place - 1, cells.width(words))):>{place - 1}} ^"
