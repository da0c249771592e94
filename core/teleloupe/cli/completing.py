"""What a shell may offer for a word: paths, names and comma lists. Loaded with each command, so light."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    Type = click.ParamType[str]
else:
    Type = click.ParamType  # older versions know no parameter of it


class Place(Type):
    """A path as it was written; the shell completes it, and whether it is there is the command's business."""

    name = "place"

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def shell_complete(
        self, _context: click.Context, _parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The shell's own way with paths."""
        return [CompletionItem(incomplete, type=self.kind)]


FILE, FOLDER = Place("file"), Place("dir")


def of_names(names: Sequence[str], incomplete: str) -> list[CompletionItem]:
    """The names that begin so."""
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def of_list(names: Sequence[str], incomplete: str) -> list[CompletionItem]:
    """The names that may follow in a list with commas between."""
    before, comma, last = incomplete.rpartition(",")
    taken = before.split(",")
    return [CompletionItem(f"{before}{comma}{name}") for name in names if name.startswith(last) and name not in taken]
