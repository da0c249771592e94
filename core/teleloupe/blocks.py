"""Big content in blocks of about a megabyte, cut at record boundaries and proven by parsing.

One msgspec call holds the interpreter's lock for its whole length, so a live application decodes by the block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from teleloupe.lazy import Lazy

BLOCK_BYTES = 1 << 20  # about 3 ms of decoding
CUTS_TRIED = 16  # places that look like the end of a record inside a string or a nested value, before giving up

T = TypeVar("T")
_BOUNDARY = re.compile(rb"\}[ \t\r\n]*,(?=[ \t\r\n]*\{)")
_OPENING = re.compile(rb"[ \t\r\n]*\[")
_elements = msgspec.json.Decoder(list[msgspec.Raw])


class Block(Struct, Generic[T], frozen=True):
    """Whole elements of an array: bytes `start` to `end` of the content, as an array of their own in `array`.

    `value` is what `decode` made of them, None when it could not. `is_proven` is false for the last block when no
    boundary could be proven any more: its array runs to the end of the content and need not be JSON.
    """

    start: int
    end: int
    array: bytes
    value: T | None
    is_proven: bool = True


def array_blocks(
    content: bytes, decode: Callable[[bytes], T | None], block_bytes: int = BLOCK_BYTES
) -> Iterator[Block[T]]:
    """The blocks of a JSON array of objects, in order; together they cover it. Linear in the size of the content.

    A prefix of an array's elements that parses on its own ends between two elements: that is the proof of a cut.
    """
    opening = _OPENING.match(content)
    start = opening.end() if opening else 0
    while opening:
        block = _cut(content, start, decode, block_bytes)
        if block is None:
            break
        yield block
        start = block.end + 1
    rest = b"[" + content[start:] if opening else content
    value = decode(rest)
    yield Block(start, len(content), rest, value, value is not None)


def line_spans(content: bytes, start: int = 0, block_bytes: int = BLOCK_BYTES) -> Iterator[tuple[int, int]]:
    """Spans of whole lines, each of about `block_bytes`; the last may lack its line feed."""
    size = len(content)
    while start < size:
        feed = content.find(b"\n", min(start + block_bytes, size - 1))
        end = feed + 1 if feed >= 0 else size
        yield start, end
        start = end


class Head(Lazy[T]):
    """The first `length` items of a list or array that only grows."""

    def __init__(self, items: Sequence[T], length: int) -> None:
        self._items, self._length = items, length

    def __len__(self) -> int:
        return self._length

    def made(self, index: int) -> T:
        """The item, which is there."""
        return self._items[index]

    def __iter__(self) -> Iterator[T]:
        return (self._items[at] for at in range(self._length))


def _cut(content: bytes, start: int, decode: Callable[[bytes], T | None], block_bytes: int) -> Block[T] | None:
    """The next block, or None when the rest is small or nothing proves a boundary in it."""
    at, view = start + block_bytes, memoryview(content)
    for _ in range(CUTS_TRIED):
        boundary = _BOUNDARY.search(content, at) if at < len(content) else None
        if boundary is None:
            return None
        end = boundary.end() - 1
        array = b"".join((b"[", view[start:end], b"]"))
        value = decode(array)
        if value is not None or _is_array(array):
            return Block(start, end, array, value)
        at = boundary.end()
        if at - start > 2 * block_bytes:
            return None
    return None


def _is_array(array: bytes) -> bool:
    try:
        _elements.decode(array)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True
