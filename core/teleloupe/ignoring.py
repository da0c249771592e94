"""Which paths a reader does not want to see: patterns in the manner of .gitignore, without its exceptions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from teleloupe.model import UsageError

Ignores = Callable[[str], bool]


def nothing(_path: str) -> bool:
    """Ignores no path."""
    return False


def ignoring(patterns: Iterable[str]) -> Ignores:
    """Whether a path relative to the root is ignored; that of a directory ends in a slash.

    A pattern without a slash fits any file or directory of that name, one with a slash a path from the root; one that
    ends in a slash fits directories only. `*` and `?` stay within a name, `**` crosses directories, `[a-z]` is one of
    some characters. What lies in an ignored directory is ignored. Raises UsageError for an empty pattern.
    """
    given = tuple(patterns)
    if not given:
        return nothing
    fits = re.compile("|".join(map(_pattern, given))).match
    return lambda path: fits(path) is not None


def _pattern(text: str) -> str:
    """A regular expression that fits a beginning of the path, up to the end of one of its names."""
    name = text.removesuffix("/")
    if not name.strip("/"):
        raise UsageError(f"{text!r} ignores nothing", "a pattern is a name or a path, such as '*.tmp' or 'build/'")
    start = "" if "/" in name else "(?:.*/)?"
    end = "/" if text.endswith("/") else "(?:/|$)"
    parts = (_part(found) for found in re.findall(r"\*\*/?|\*|\?|\[[^]/]+\]|.", name.removeprefix("/"), re.DOTALL))
    return f"{start}{''.join(parts)}{end}"


def _part(text: str) -> str:
    if text.startswith("**"):
        return "(?:.*/)?" if text.endswith("/") else ".*"
    if text.startswith("[") and len(text) > 1:
        inside = text[1:-1].replace("\\", "\\\\").replace("[", r"\[")
        return f"[^{inside[1:]}]" if inside.startswith("!") else f"[{inside.replace('^', chr(92) + '^')}]"
    return {"*": "[^/]*", "?": "[^/]"}.get(text, re.escape(text))
