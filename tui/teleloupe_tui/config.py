"""The configuration file: keys, look, clipboard, place of exports. What is wrong in it is told, the rest is used."""

from __future__ import annotations

import difflib
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from msgspec import Struct, structs

from teleloupe import disk
from teleloupe.model import UsageError
from teleloupe.safe import safe
from teleloupe_tui import keymap, keys
from teleloupe_tui.themes import MONOCHROME

CLIPBOARD_WAYS = ("auto", "osc52", "native", "file")
MAX_BYTES = 1 << 20
TABLES: dict[str, tuple[str, ...]] = {
    "keys": (),
    "look": ("theme", "ascii", "tips"),
    "clipboard": ("way",),
    "export": ("dir",),
}


class Config(Struct, frozen=True):
    """What the reader wants otherwise: keys by id, theme ("" for ours), ASCII alone, clipboard, place of exports."""

    keys: Mapping[str, str] = {}
    theme: str = ""
    is_ascii: bool = False
    clipboard: str = "auto"
    export_dir: str = ""
    has_tips: bool = True


class Loaded(Struct, frozen=True):
    """A configuration, where it was read ("" for none), and what was wrong with it: `FILE:LINE: what`, safe text."""

    config: Config = Config()
    path: str = ""
    faults: tuple[str, ...] = ()


def default_path(environment: Mapping[str, str]) -> str:
    """Where the file is looked for: below XDG_CONFIG_HOME, else where the platform keeps such files."""
    home = environment.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(home):
        below = "~/Library/Application Support" if sys.platform == "darwin" else "~/.config"
        home = environment.get("APPDATA", "") if sys.platform == "win32" else os.path.expanduser(below)
    return os.path.join(home, "teleloupe", "config.toml")


def state_folder(environment: Mapping[str, str]) -> str:
    """Where is kept how a directory was left: below XDG_STATE_HOME, else where the platform keeps them."""
    home = environment.get("XDG_STATE_HOME", "")
    if not os.path.isabs(home):
        below = "~/Library/Application Support" if sys.platform == "darwin" else "~/.local/state"
        home = environment.get("LOCALAPPDATA", "") if sys.platform == "win32" else ""
        home = home or os.path.expanduser(below)
    return os.path.join(home, "teleloupe")


def asked(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[list[str], Loaded]:
    """The arguments without those about the configuration, and the configuration that they ask for.

    These are `--config FILE`, `--no-config` and `--ascii`, before any `--`. Raises UsageError.
    """
    rest: list[str] = []
    path, has_none, is_ascii = "", False, False
    words = list(arguments)
    while words:
        word = words.pop(0)
        if word == "--":
            rest += [word, *words]
            break
        name, is_joined, value = word.partition("=")
        if name == "--config":
            if not is_joined and not words:
                raise UsageError("--config needs a file")
            path = value if is_joined else words.pop(0)
        elif word == "--no-config":
            has_none = True
        elif word == "--ascii":
            is_ascii = True
        else:
            rest.append(word)
    if path and has_none:
        raise UsageError("--config and --no-config exclude each other")
    loaded = Loaded() if has_none else load(path or default_path(environment), must_be_there=bool(path))
    config = structs.replace(loaded.config, is_ascii=loaded.config.is_ascii or is_ascii)
    return rest, structs.replace(loaded, config=config)


def fitted(config: Config, environment: Mapping[str, str], encoding: str) -> Config:
    """The configuration for a terminal: without colours or beyond ASCII where it has none."""
    theme = config.theme if _has_colours(environment) else MONOCHROME
    return structs.replace(config, theme=theme, is_ascii=config.is_ascii or "utf" not in encoding.lower())


def _has_colours(environment: Mapping[str, str]) -> bool:
    """Whether the terminal has colours, by its name: one that is not known has them, as nearly all do."""
    return bool(environment.get("COLORTERM")) or not _COLOURLESS.fullmatch(environment.get("TERM", ""))


def load(path: str, *, must_be_there: bool = False) -> Loaded:
    """The configuration of a file. One that is not there is no fault, unless it was asked for by name."""
    if not must_be_there and not os.path.lexists(path):
        return Loaded()
    try:
        blob = disk.read(path, path)
    except disk.Unreadable as fault:
        return Loaded(Config(), path, (f"{safe(path)}: {safe(fault.reason)}",))
    if len(blob.data) > MAX_BYTES:
        return Loaded(Config(), path, (f"{safe(path)}: longer than {MAX_BYTES} bytes, which no configuration is",))
    config, faults = parsed(blob.data)
    return Loaded(config, path, tuple(f"{safe(path)}{said}" for said in faults))


def parsed(data: bytes) -> tuple[Config, list[str]]:
    """The configuration that TOML text asks for, and every fault in it as `:LINE: what` (total: any bytes)."""
    try:
        text = data.decode("utf-8-sig")
        found = tomllib.loads(text)
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        return Config(), [f":{line}: not UTF-8 text"]
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        return Config(), [_syntax(str(fault))]
    reading = _Reading(text)
    config = reading.config(found)
    return config, [f":{line}: {said}" for line, said in sorted(reading.faults)]


class _Reading:
    """One walk over what a file holds, with the faults found on the way."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self.faults: list[tuple[int, str]] = []

    def config(self, found: Mapping[str, Any]) -> Config:
        tables: dict[str, Mapping[str, Any]] = {}
        for name, value in found.items():
            if name not in TABLES:
                self._blame((name,), f"no table [{safe(name)}]{_near(name, tuple(TABLES))}")
            elif not isinstance(value, Mapping):
                self._blame((name,), f"{name} is a table: write [{name}] above its lines")
            else:
                tables[name] = value
                self._check_names(name, value)
        return Config(
            self._keys(tables.get("keys", {})),
            self._choice(tables, "look", "theme", ()),
            self._value(tables, "look", "ascii", bool, "true or false") or False,
            self._choice(tables, "clipboard", "way", CLIPBOARD_WAYS) or "auto",
            self._folder(tables),
            self._value(tables, "look", "tips", bool, "true or false") is not False,
        )

    def _check_names(self, table: str, value: Mapping[str, Any]) -> None:
        known = tuple(key.id for key in keys.KEYS) if table == "keys" else TABLES[table]
        what = "no key id" if table == "keys" else f"nothing in [{table}] is called"
        for name in value:
            if name not in known:
                self._blame((table, name), f"{what} '{safe(name)}'{_near(name, known)}")

    def _value(self, tables: Mapping[str, Mapping[str, Any]], table: str, name: str, kind: type, words: str) -> Any:
        value = tables.get(table, {}).get(name)
        if value is not None and type(value) is not kind:
            self._blame((table, name), f"{table}.{name} is {words}")
            return None
        return value

    def _choice(self, tables: Mapping[str, Mapping[str, Any]], table: str, name: str, known: Sequence[str]) -> str:
        value = self._value(tables, table, name, str, "a text")
        if value and known and value not in known:
            self._blame((table, name), f"no {table} {name} '{safe(value)}'; {', '.join(known)}")
            return ""
        return value or ""

    def _folder(self, tables: Mapping[str, Mapping[str, Any]]) -> str:
        written = self._value(tables, "export", "dir", str, "a text") or ""
        found = os.path.expanduser(written)
        if written and not os.path.isabs(found):
            self._blame(("export", "dir"), f"export.dir '{safe(written)}' is no whole path; begin it with / or ~")
            return ""
        return found

    def _keys(self, table: Mapping[str, Any]) -> Mapping[str, str]:
        wanted: dict[str, str] = {}
        for name, value in table.items():
            written = [value] if isinstance(value, str) else value
            if all(key.id != name for key in keys.KEYS):
                continue
            if not isinstance(written, list) or not written or not all(isinstance(one, str) for one in written):
                self._blame(("keys", name), f'{safe(name)} is a key or a list of keys: "x" or ["x", "ctrl+x"]')
                continue
            named = {one: keymap.key_named(one) for one in written}
            for one, key in named.items():
                if key is None:
                    self._blame(("keys", name), f"{name}: no key is called '{safe(one)}'")
            kept = [key for key in named.values() if key is not None]
            if kept:
                wanted[name] = ",".join(dict.fromkeys(kept))
        return self._without_clashes(wanted)

    def _without_clashes(self, wanted: dict[str, str]) -> Mapping[str, str]:
        """What is left where two ids had one key in one pane: of those, what the table has."""
        while clash := next(_clashes(wanted), None):
            *both, key = clash
            for name in {*both} & set(wanted):
                self._blame(("keys", name), f"{' and '.join(both)} are both on {keymap.spelt(key)}")
                del wanted[name]
        return wanted

    def _blame(self, place: tuple[str, ...], what: str) -> None:
        self.faults.append((self._line_of(place), what))

    def _line_of(self, place: tuple[str, ...]) -> int:
        """The line that a table or one of its names stands in; tomllib keeps none."""
        table, nearest = "", 1
        for number, line in enumerate(self._lines, 1):
            if header := _HEADER.match(line):
                table = _bare(header[1])
                if table == place[0]:
                    nearest = number
                if place == (table,):
                    return number
            elif (assigned := _ASSIGNED.match(line)) and _is_at(place, table, _bare(assigned[1])):
                return number
        return nearest


_COLOURLESS = re.compile(r"(vt\d.*|.*-(m|mono)|wy.*|tvi.*|hp.*|sun|ibm31\d\d)(-[wv])?")
_HEADER = re.compile(r"\s*\[+([^\]]+)\]")
_ASSIGNED = re.compile(r"\s*([^=#]+?)\s*=")


def _bare(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.strip().split("."))


def _is_at(place: tuple[str, ...], table: str, name: str) -> bool:
    whole = f"{table}.{name}" if table else name
    wanted = ".".join(place)
    return whole == wanted or whole.startswith(f"{wanted}.") or (whole == place[0] and len(place) > 1)


def _clashes(wanted: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Two ids that would share a key in some pane, with that key."""
    for one, other in combinations(keys.KEYS, 2):
        if one.panes and other.panes and not set(one.panes) & set(other.panes):
            continue
        ours, theirs = (set(wanted.get(key.id, key.keys).split(",")) for key in (one, other))
        if shared := ours & theirs:
            yield one.id, other.id, min(shared)


def _near(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {near[0]}?" if near else ""


def _syntax(said: str) -> str:
    """Tomllib's words, its line first."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column \d+\)", said, re.DOTALL)
    if found:
        return f":{found[2]}: {safe(found[1]).lower()}"
    return f": {safe(said).lower()}"
