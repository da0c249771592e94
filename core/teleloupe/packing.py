"""Gzip content, unpacked within bounds: no file decides how much memory or time it takes."""

from __future__ import annotations

import zlib
from io import BytesIO

from teleloupe.model import GZIP_CUT, GZIP_TOO_LARGE

EXPANSION_LIMIT_BYTES = 256 << 20  # no producer writes more
HEAD_BYTES = 64 * 1024  # what is kept of content beyond that
MEMBER_LIMIT = 10_000  # of one file; a tool that appends writes one member a run
_STEP_BYTES = 16 * 1024  # fed at a time: what a member leaves over is copied


def is_gzip(data: bytes) -> bool:
    """Whether bytes begin as gzip members do."""
    return data[:2] == b"\x1f\x8b"


def expand(data: bytes) -> tuple[bytes, str]:
    """Gzip content, of every member, and why it is not whole ("" when it is); all before a fault is kept."""
    content, at = BytesIO(), 0
    for _ in range(MEMBER_LIMIT):
        at, fault = _member(data, at, content)
        if fault.startswith(GZIP_TOO_LARGE):
            return content.getvalue()[:HEAD_BYTES], fault
        if fault or _is_over(data, at):
            return content.getvalue(), fault
    return content.getvalue(), f"more than {MEMBER_LIMIT} gzip members"


def _is_over(data: bytes, at: int) -> bool:
    """Whether nothing follows but the zeros that some tools pad with."""
    return at >= len(data) or (data[at] == 0 and not data[at:].strip(b"\0"))


def _member(data: bytes, at: int, content: BytesIO) -> tuple[int, str]:
    """Unpack the member at an offset: where it ends, and its fault."""
    inflater = zlib.decompressobj(wbits=31)
    while not inflater.eof:
        step = data[at : at + _STEP_BYTES]
        if not step:
            return at, GZIP_CUT
        before = inflater.copy()
        try:
            content.write(inflater.decompress(step, EXPANSION_LIMIT_BYTES - content.tell() + 1))
        except zlib.error as fault:
            _salvage(before, step, content)
            return at, f"gzip data is damaged: {fault}"
        if content.tell() > EXPANSION_LIMIT_BYTES:
            return at, f"{GZIP_TOO_LARGE} {EXPANSION_LIMIT_BYTES} bytes"
        at += len(step) - len(inflater.unused_data)
    return at, ""


def _salvage(inflater: zlib._Decompress, step: bytes, content: BytesIO) -> None:
    """Unpack byte by byte up to the damage."""
    try:
        content.writelines(inflater.decompress(step[index : index + 1], HEAD_BYTES) for index in range(len(step)))
    except zlib.error:
        return
