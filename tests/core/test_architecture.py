"""The map of the modules and the contract about their layers, against the modules that are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path.stem for path in (ROOT / "core/teleloupe").iterdir() if path.suffix in ("", ".py") and path.name[0] != "_"
)


@pytest.fixture(scope="module")
def layers() -> set[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (found,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    return {name.strip() for layer in found for name in layer.split("|")}


@pytest.fixture(scope="module")
def drawn() -> set[str]:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("    teleloupe.")]
    named = [match for line in lines for match in re.finditer(r"teleloupe\.(\w+(?:, \w+)*)|(\w+):", line)]
    return {name for match in named for name in (match[1] or match[2]).split(", ")}


def test_every_module_of_the_core_has_a_layer(layers: set[str]) -> None:
    assert {f"teleloupe.{module}" for module in MODULES} == layers - {"teleloupe_tui"}


def test_every_module_of_the_core_is_on_the_map(drawn: set[str]) -> None:
    assert set(MODULES) - drawn == set()
