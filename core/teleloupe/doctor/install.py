"""Versions: Teleloupe's, Python's, and those of the libraries that it stands on."""

from __future__ import annotations

import importlib.metadata as metadata
import platform
import re
import sys
from collections.abc import Iterator

from teleloupe import __version__
from teleloupe.doctor.findings import Finding

OLDEST_PYTHON = (3, 11)
LIBRARIES = ("click", "msgspec", "rfc8785", "rich", "textual", "watchfiles")
REINSTALL = "install Teleloupe anew, which brings what it needs: pipx reinstall teleloupe"

_BOUND = re.compile(r"(>=|<)\s*([0-9][0-9.]*)")


def findings() -> Iterator[Finding]:
    """The versions, each against what is needed."""
    yield Finding("install", "teleloupe", "ok", __version__)
    is_new = sys.version_info[:2] >= OLDEST_PYTHON
    oldest = ".".join(map(str, OLDEST_PYTHON))
    python = f"{platform.python_version()} ({platform.python_implementation()})"
    yield Finding("install", "python", "ok" if is_new else "problem", python, "" if is_new else f"needs {oldest}")
    yield Finding("install", "platform", "ok", platform.platform())
    bounds = _bounds()
    for name in LIBRARIES:
        yield _library(name, bounds.get(name, ""))


def fits(version: str, bounds: str) -> bool:
    """Whether a version is within bounds such as `>=6,<9`; other kinds of bounds are not looked at."""
    number = _number(version)
    return all((number < _number(limit)) is (sign == "<") for sign, limit in _BOUND.findall(bounds))


def _library(name: str, bounds: str) -> Finding:
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding("install", name, "problem", "not installed", REINSTALL)
    if fits(version, bounds):
        return Finding("install", name, "ok", version)
    return Finding("install", name, "problem", f"{version}; wanted is {bounds}", REINSTALL)


def _bounds() -> dict[str, str]:
    """The bounds by library; none where Teleloupe runs from its sources."""
    try:
        requirements = metadata.requires("teleloupe") or []
    except metadata.PackageNotFoundError:
        return {}
    found = (re.match(r"([A-Za-z0-9_-]+)([^;]*)", line) for line in requirements if "extra ==" not in line)
    return {match[1].lower(): match[2].strip() for match in found if match}


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])
