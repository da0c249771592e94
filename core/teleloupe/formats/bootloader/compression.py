"""Compressed reports (Bootloader specification, section 9)."""

from __future__ import annotations

import zlib

_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"  # deflate, no flags, no time, best compression, unknown system
_RAW_DEFLATE = -zlib.MAX_WBITS


def compressed(content: bytes) -> bytes:
    """One gzip member of level 9 without time and name: the same content gives the same bytes everywhere."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE)
    trailer = zlib.crc32(content).to_bytes(4, "little") + (len(content) & 0xFFFFFFFF).to_bytes(4, "little")
    return _HEADER + deflater.compress(content) + deflater.flush() + trailer
