"""Cells that give nothing away: what is outside its grammar may be a leak and is told by its length (section 13)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from teleloupe.formats.weftend import grammar, privacy, proof
from teleloupe.formats.weftend.constants import MAPS
from teleloupe.formats.weftend.places import length
from teleloupe.model import Column, Place, Table

_SHORT_ID_LENGTH = len("sha256:") + 12


def short_id(chunk_id: str | None) -> str | None:
    """The beginning of a chunk id; None without one."""
    told = full_id(chunk_id)
    return told[:_SHORT_ID_LENGTH] if grammar.is_strict_digest(chunk_id) and told else told


def full_id(chunk_id: str | None) -> str | None:
    """A chunk id; None without one."""
    if chunk_id is None or grammar.is_strict_digest(chunk_id):
        return chunk_id
    return f"no digest ({length(chunk_id)})"


def stream(name: str | None) -> str | None:
    """A stream's name; None without one."""
    return name if name is None or proof.is_clean_stream(name) else f"no stream name ({length(name)})"


def reasons(codes: Sequence[str]) -> str:
    """Reason codes, one after the other."""
    return ", ".join(code if _is_clean_code(code) else f"no code ({length(code)})" for code in codes)


def map_name(name: str) -> str:
    """The name of a count map, also of one that is not known."""
    return name if name in MAPS or proof.is_clean_key("", name) else f"unknown map ({length(name)})"


def key(of_map: str, name: str) -> str:
    """The key of a count map."""
    return name if proof.is_clean_key(of_map, name) else f"no key ({length(name)})"


def table_of(title: str, columns: tuple[Column, ...], rows: Sequence[Any], place: Callable[[Any], Place]) -> Table:
    """A table of rows that each know their place."""
    return Table(title, columns, rows, lambda index: place(rows[index]), len(rows))


def _is_clean_code(code: str) -> bool:
    return grammar.is_reason_code(code) and not any(privacy.of_string(code, "", is_in_grammar=True))
