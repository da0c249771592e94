"""Checksum files in every dialect that is met: bytes to the digests they state, or the reason why there are none.

Toyfoundry specification, section 6.1. The grammar is read line by line; what no dialect explains is still searched for
a run of hex digits of the right length, so a digest is never missed for want of a known layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from teleloupe import text

Style = Literal["gnu", "bsd", "bare", "powershell-column", "powershell-table", "powershell-list", "other"]

DIGITS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
TITLES = {name: f"SHA-{name[3:]}" if name.startswith("sha") else name.upper() for name in DIGITS}
SIZE_LIMIT_BYTES = 16 << 20  # a quarter of a million entries; no checksum file is longer

_LIST_NAME = re.compile(r"(?:^|[-_.])(md5|sha1|sha224|sha256|sha384|sha512)[-_]?sums?(?:\.txt|\.asc)?$", re.IGNORECASE)
_SUFFIX = re.compile(r"\.(md5|sha1|sha224|sha256|sha384|sha512)(?:sum)?$", re.IGNORECASE)
_FILE_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}$")
_BSD = re.compile(r"\\?([A-Za-z]+[0-9]*(?:-[0-9]+)?) ?\((.+)\) ?= ?([0-9A-Fa-f]+)")
_GNU = re.compile(r"(\\?)([0-9A-Fa-f]+)(?: [ *]|[ \t]+\*?)(\S.*)")
_TABLE_ROW = re.compile(r"(MD5|SHA1|SHA224|SHA256|SHA384|SHA512)\s+([0-9A-Fa-f]+)(?:\s+(\S.*))?", re.IGNORECASE)
_LIST_MEMBER = re.compile(r"(Algorithm|Hash|Path)\s+: ?(.*)")
_CONTINUED = " " * 10  # how PowerShell indents what did not fit the console
_PATH_LIMIT = 4096
_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\\\": "\\"}
_ESCAPE = re.compile(r"\\[nr\\]")
_ANY_RUN = re.compile(r"[0-9A-Fa-f]+")


class Entry(Struct, frozen=True):
    """One digest of a checksum file: lower-case hex, its algorithm, the path as written ("" for none), line from 1."""

    digest: str
    algorithm: str
    path: str
    line: int
    style: Style = "other"


class Checksums(Struct, frozen=True):
    """What a checksum file states; `fault` says in words why it has no entry."""

    entries: tuple[Entry, ...] = ()
    fault: str = ""


def algorithm_of(name: str) -> str | None:
    """The algorithm that a checksum file's name tells (`x.json.sha256`, `SHA256SUMS`); None for any other name."""
    lowered = name.lower()
    if name.isascii() and "sha" not in lowered and "md5" not in lowered:
        return None
    found = _SUFFIX.search(name) or _LIST_NAME.search(name)
    return found[1].lower() if found else None


def artefact_of(name: str) -> str | None:
    """The name of the file that a checksum file goes with by its name: `x.json` for `x.json.sha256`; None for none."""
    found = _SUFFIX.search(name)
    return name[: found.start()] or None if found else None


def parse(data: bytes, algorithm: str = "sha256") -> Checksums:
    """The digests of one algorithm in a checksum file of any dialect, encoding and line end."""
    if len(data) > SIZE_LIMIT_BYTES:
        return Checksums(fault=f"{len(data)} bytes; a checksum file has at most {SIZE_LIMIT_BYTES}")
    content = _decoded(data)
    entries = tuple(_entries(content, algorithm)) or tuple(_anywhere(content, algorithm))
    return Checksums(entries) if entries else Checksums(fault=_fault(content, algorithm))


class Target(Struct, frozen=True):
    """What a checksum file speaks of: a path as written, or the name of the file it goes with, and what it says."""

    subject: str
    entry: Entry


def targets(checksums: Checksums, name: str) -> tuple[tuple[Target, ...], str]:
    """Which file each digest is for, and why none can be told ("" when it can).

    A file that goes with one data file speaks of that one alone, whatever path stands inside; any other file with
    several entries is a list.
    """
    own, entries = artefact_of(name), checksums.entries
    is_own = own is not None and bool(_FILE_SUFFIX.search(own))
    if own is not None:
        digests = {entry.digest for entry in entries}
        named = [entry for entry in entries if base_name(entry.path) == own]
        if len(digests) == 1 and (is_own or named or not entries[0].path):
            return (Target(own, (named or entries)[0]),), ""
        if len({entry.digest for entry in named}) == 1:
            return (Target(own, named[0]),), ""
    if is_own or not all(entry.path for entry in entries):
        whose = f"none of them for {own}" if own else "not all with the name of a file"
        return (), f"{len({entry.digest for entry in entries})} different digests, {whose}"
    return tuple(Target(entry.path, entry) for entry in entries), ""


def base_name(path: str) -> str:
    """The last part of a path with either separator."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def gnu_line(digest: str, path: str) -> str:
    """The line that `sha256sum` writes for a file, without its line end; `sha256sum -c` reads it back."""
    escaped = re.sub(r"[\\\n\r]", lambda found: {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}[found[0]], path)
    return f"{'' if escaped == path else chr(92)}{digest}  {escaped}"


def rewritten(data: bytes, line: int, old: str, new: str) -> bytes | None:
    """The checksum file with the digest on a line (from 1) replaced: encoding, case and layout stay what they are.

    None when the old digest, in lower-case hex, does not stand on that line in letters of one case.
    """
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        end = "\n".encode(encoding)
        for spell in (str.lower, str.upper):
            found, wanted = spell(old).encode(encoding), spell(new).encode(encoding)
            at = data.find(found)
            while at >= 0:
                if data.count(end, 0, at) == line - 1:
                    return data[:at] + wanted + data[at + len(found) :]
                at = data.find(found, at + 1)
    return None


def _decoded(data: bytes) -> str:
    """The text; UTF-16 is recognised without its mark too, by the zero bytes that hex digits have in it."""
    if len(data) >= 4 and data[0] and data[2] and not data[1] and not data[3]:
        return data.decode("utf-16-le", "replace")
    if len(data) >= 4 and data[1] and data[3] and not data[0] and not data[2]:
        return data.decode("utf-16-be", "replace")
    return text.decode(data).text


def _entries(content: str, algorithm: str) -> Iterator[Entry]:
    lines = text.lines(content)
    members = _list_members(lines)
    if any(name == "Hash" for _, name, _ in members):
        yield from _from_list(members, algorithm)
        return
    below_hash = False
    for number, line in enumerate(lines, 1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        yield from _from_line(stripped, number, algorithm, below_hash=below_hash)
        below_hash = stripped == "Hash" or (below_hash and not stripped.strip("-"))


def _from_line(line: str, number: int, algorithm: str, *, below_hash: bool) -> Iterator[Entry]:
    for dialect in (_bsd, _table_row, _gnu):
        found = dialect(line)
        if found is not None:
            stated, digest, path, style = found
            if stated in (None, algorithm) and len(digest) == DIGITS[algorithm]:
                yield Entry(digest.lower(), algorithm, path, number, style)
                return
            if stated is not None:
                return  # the line says itself that it is of another algorithm
    style = "powershell-column" if below_hash else "bare" if len(line) == DIGITS[algorithm] else "other"
    for digest in _runs(line, DIGITS[algorithm]):
        yield Entry(digest.lower(), algorithm, "", number, style)


Found = tuple[str | None, str, str, Style]


def _bsd(line: str) -> Found | None:
    """`SHA256 (name) = digest`, and OpenSSL's `SHA2-256(name)= digest`."""
    match = _BSD.fullmatch(line)
    if not match:
        return None
    name = match[1].lower().replace("sha2-", "sha").replace("-", "")
    return (name if name in DIGITS else None), match[3], _unescaped(match[2], line.startswith("\\")), "bsd"


def _table_row(line: str) -> Found | None:
    """A row of PowerShell's `Algorithm  Hash  Path` table."""
    match = _TABLE_ROW.fullmatch(line)
    return (match[1].lower(), match[2], match[3] or "", "powershell-table") if match else None


def _gnu(line: str) -> Found | None:
    """`digest  name` and `digest *name`; a name that needed escaping has a backslash before the digest.

    Another digest at the end of the line is none's name: the line states two.
    """
    match = _GNU.fullmatch(line)
    if not match or _is_other_digest(match[3].split()[-1], match[2]):
        return None
    path = _unescaped(match[3], bool(match[1]))
    return None, match[2], "" if path == "-" else path, "gnu"


def _is_other_digest(word: str, digest: str) -> bool:
    return len(word) == len(digest) and bool(_ANY_RUN.fullmatch(word)) and word.lower() != digest.lower()


def _unescaped(path: str, is_escaped: bool) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPES[found[0]], path) if is_escaped else path


def _anywhere(content: str, algorithm: str) -> Iterator[Entry]:
    """Every digest of a text in which no line states one: in remarks, and under the name of another algorithm."""
    for number, line in enumerate(text.lines(content), 1):
        for digest in _runs(line, DIGITS[algorithm]):
            yield Entry(digest.lower(), algorithm, "", number)


def _list_members(lines: list[str]) -> list[tuple[int, str, str]]:
    """The `Name : value` members of PowerShell's list form, values joined where the console broke them."""
    members: list[tuple[int, str, str]] = []
    last = -1
    for number, line in enumerate(lines, 1):
        if match := _LIST_MEMBER.fullmatch(line.strip()):
            members.append((number, match[1], match[2].strip()))
            last = number
        elif line.startswith(_CONTINUED) and last == number - 1 and len(members[-1][2]) < _PATH_LIMIT:
            at, name, value = members[-1]
            members[-1] = (at, name, value + line.strip())
            last = number
    return members


def _from_list(members: list[tuple[int, str, str]], algorithm: str) -> Iterator[Entry]:
    stated, digest, at = algorithm, "", 0
    for number, name, value in [*members, (0, "Algorithm", "")]:
        if name == "Path" and digest:
            yield Entry(digest, algorithm, value, at, "powershell-list")
            digest = ""
        elif name == "Hash":
            runs = _runs(value, DIGITS[algorithm]) if stated == algorithm else []
            digest, at = (runs[0].lower() if runs else ""), number
        elif name == "Algorithm":
            if digest:
                yield Entry(digest, algorithm, "", at, "powershell-list")
            stated, digest = value.lower(), ""


def _runs(line: str, digits: int) -> list[str]:
    """The runs of exactly so many hex digits."""
    return [run for run in _ANY_RUN.findall(line) if len(run) == digits]


def _fault(content: str, algorithm: str) -> str:
    """Why there is no digest, with what the text looks like instead."""
    wanted = f"no {TITLES[algorithm]} digest ({DIGITS[algorithm]} hex digits) in it"
    if not content.strip():
        return f"{wanted}: it is empty"
    longest = max((len(run) for run in _ANY_RUN.findall(content)), default=0)
    for name, digits in DIGITS.items():
        if longest == digits:
            return f"{wanted}: {digits} hex digits look like {TITLES[name]}"
    return f"{wanted}: the longest run has {longest}" if longest >= 24 else wanted
