"""Byte forms: what editors, git, PowerShell and JSON writers do to a file without changing what it says.

Each form is a list of named transforms, applied in that order; the names stand in proofs, also in the answers of
`verify --output json`. Toyfoundry specification, section 6.3, gives the order of the search: cheap to dear, likely to
unlikely.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

import rfc8785

SIZE_LIMIT_BYTES = 16 << 20  # larger files are compared, not transformed
JSON_LIMIT_BYTES = 512 << 10  # a dozen layouts of a larger file would take seconds
LINE_LIMIT = 200_000  # beginnings of a file that are tried

Form = tuple[str, ...]
Transform = Callable[[bytes], bytes | None]
Attempt = tuple[str, Iterator[tuple[Form, bytes]]]

CRLF, LF = "lf->crlf", "crlf->lf"
LINE_END_FORMS = frozenset({CRLF, LF, "last-lf->crlf", "all-but-last-lf->crlf"})
_WORDS = {
    "add-bom": "bom",
    "strip-bom": "bom",
    "add-final-newline": "final-newline",
    "strip-final-newline": "final-newline",
    "utf16le-bom": "encoding",
    "utf16->utf8": "encoding",
    "gunzip": "encoding",
}
_PREFIX = re.compile(r"first-(\d+)-bytes")
_BOM = codecs.BOM_UTF8


def measure(data: bytes, algorithm: str) -> str:
    """The lower-case hex digest, or for `size` the number of bytes."""
    if algorithm == "sha256":
        return hashlib.sha256(data).hexdigest()  # three times as quick as by name
    return str(len(data)) if algorithm == "size" else hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


def word_of(form: Form) -> str:
    """The verdict's word for a form of the file's own bytes: that of the first part that is no line-end form."""
    part = next((part for part in form if part not in LINE_END_FORMS), None)
    if part is None:
        return "line-endings" if form else "ok"
    return "truncated" if _PREFIX.fullmatch(part) else _WORDS.get(part, "canonical-form")


def apply(form: Form, data: bytes) -> bytes | None:
    """The bytes that a form makes of others; None where it cannot be applied."""
    rebuilt: bytes | None = data
    for name in form:
        if rebuilt is None:
            return None
        if match := _PREFIX.fullmatch(name):
            rebuilt = rebuilt[: int(match[1])]
        else:
            rebuilt = _TRANSFORMS[name](rebuilt) if name in _TRANSFORMS else None
    return rebuilt


def simple_forms(data: bytes) -> Iterator[tuple[Form, bytes]]:
    """Line ends, mark and final newline in every combination but the bytes as they are, none of them twice."""
    seen = {hash(data)}
    made: dict[Form, bytes | None] = {(): data}  # what longer forms go on from
    for form in _SIMPLE_FORMS:
        before = made[form[:-1]]
        rebuilt = _TRANSFORMS[form[-1]](before) if before is not None else None
        if form[-1] not in LINE_END_FORMS:
            made[form] = rebuilt
        if rebuilt is not None and (mark := hash(rebuilt)) not in seen:
            seen.add(mark)
            yield form, rebuilt


def attempts(data: bytes) -> Iterator[Attempt]:
    """What is tried on a file's own bytes: a label for each step and the forms it consists of, cheap to dear."""
    seen = {hash(data)}  # not the bytes: a dozen copies of a large file would stay in memory
    for label, forms in _STEPS:
        yield label, _each(data, forms, seen)
    if data.startswith(b"\x1f\x8b"):
        yield "content of the gzip file", _each(data, (("gunzip",), ("gunzip", CRLF), ("gunzip", LF)), seen)
    if len(data) <= JSON_LIMIT_BYTES and data.lstrip(_BOM + b" \t\r\n")[:1] in (b"{", b"["):
        yield "JSON in another layout or key order", _layouts(data, seen)


def beginning(data: bytes, expected: str, algorithm: str) -> Form | None:
    """The form of a beginning of the file, up to a line end, that has the expected digest; CRLF line ends as well."""
    for before, content in (((), data), ((CRLF,), _crlf(data))):
        if before and content == data:
            return None
        length = _prefix_length(content, expected, algorithm)
        if length is not None:
            return (*before, f"first-{length}-bytes")
    return None


def line_ends(data: bytes) -> str:
    """Which line ends a file has: `LF`, `CRLF`, `mixed` or "" for none."""
    crlf = data.count(b"\r\n")
    lone = data.count(b"\n") - crlf
    return "mixed" if crlf and lone else "CRLF" if crlf else "LF" if lone else ""


def _prefix_length(data: bytes, wanted: str, algorithm: str) -> int | None:
    state = hashlib.new(algorithm, usedforsecurity=False)
    if state.hexdigest() == wanted:
        return 0
    start = 0
    for _ in range(LINE_LIMIT):
        end = data.find(b"\n", start) + 1
        if not end or end == len(data):
            return None
        state.update(data[start:end])
        if state.copy().hexdigest() == wanted:
            return end
        start = end
    return None


def _each(data: bytes, forms: tuple[Form, ...], seen: set[int]) -> Iterator[tuple[Form, bytes]]:
    for form in forms:
        rebuilt = apply(form, data)
        if rebuilt is not None and (mark := hash(rebuilt)) not in seen:
            seen.add(mark)
            yield form, rebuilt


def _layouts(data: bytes, seen: set[int]) -> Iterator[tuple[Form, bytes]]:
    value = _decoded(data)
    for layout, write in _LAYOUTS.items() if value else ():
        plain = write(value[0]) if value else None
        rebuilds = ((tail, apply(tail, plain)) for tail in _TAILS) if plain is not None else ()
        for tail, rebuilt in rebuilds:
            if rebuilt is not None and (mark := hash(rebuilt)) not in seen:
                seen.add(mark)
                yield (layout, *tail), rebuilt


def _crlf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _lf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def _add_bom(data: bytes) -> bytes | None:
    return None if data.startswith((_BOM, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else _BOM + data


def _strip_bom(data: bytes) -> bytes | None:
    return data[len(_BOM) :] if data.startswith(_BOM) else None


def _add_final_newline(data: bytes) -> bytes:
    """The file's own line end is added, LF where it has none; also to a last line that has one."""
    return data + (b"\r\n" if line_ends(data) == "CRLF" else b"\n")


def _strip_final_newline(data: bytes) -> bytes | None:
    if not data.endswith(b"\n"):
        return None
    return data[:-2] if data.endswith(b"\r\n") else data[:-1]


def _last_crlf(data: bytes) -> bytes | None:
    plain = _lf(data)
    head, newline, tail = plain.rpartition(b"\n")
    return head + b"\r\n" + tail if newline else None


def _all_but_last_crlf(data: bytes) -> bytes | None:
    head, newline, tail = _lf(data).rpartition(b"\n")
    return _crlf(head) + b"\n" + tail if newline else None


def _to_utf16(data: bytes) -> bytes | None:
    try:
        return codecs.BOM_UTF16_LE + data.removeprefix(_BOM).decode("utf-8").encode("utf-16-le")
    except UnicodeDecodeError:
        return None


def _from_utf16(data: bytes) -> bytes | None:
    if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    try:
        return data.decode("utf-16").encode("utf-8")
    except UnicodeError:
        return None


def _gunzip(data: bytes) -> bytes | None:
    inflater = zlib.decompressobj(wbits=31)
    try:
        content = inflater.decompress(data, SIZE_LIMIT_BYTES)
    except zlib.error:
        return None
    return content if inflater.eof and not inflater.unused_data else None


def _decoded(data: bytes) -> tuple[Any] | None:
    """The value of a JSON file in a tuple; None when it is none."""
    try:
        return (json.loads(data.removeprefix(_BOM).decode("utf-8")),)
    except (ValueError, RecursionError):
        return None


def _canonical(value: Any) -> bytes | None:
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, ValueError, RecursionError):
        return None


def _laid_out(value: Any, **options: Any) -> bytes | None:
    try:
        return json.dumps(value, **options).encode("utf-8")
    except (ValueError, TypeError, RecursionError):
        return None


def _layout_writers() -> Iterator[tuple[str, Callable[[Any], bytes | None]]]:
    yield "canonical-json", _canonical
    shapes: tuple[tuple[str, dict[str, Any]], ...] = (
        ("indent-2", {"indent": 2}),
        ("indent-4", {"indent": 4}),
        ("one-line", {}),
        ("compact", {"separators": (",", ":")}),
        ("indent-tab", {"indent": "\t"}),
    )
    for (name, shape), is_sorted, is_ascii in product(shapes, (True, False), (True, False)):
        full = f"{'sorted-' if is_sorted else ''}{name}{'' if is_ascii else '-unicode'}"
        yield full, partial(_laid_out, **shape, sort_keys=is_sorted, ensure_ascii=is_ascii)


def _layout_transform(write: Callable[[Any], bytes | None]) -> Transform:
    def lay_out(data: bytes) -> bytes | None:
        value = _decoded(data)
        return write(value[0]) if value else None

    return lay_out


_LAYOUTS = dict(_layout_writers())
_TRANSFORMS: dict[str, Transform] = {
    CRLF: _crlf,
    LF: _lf,
    "last-lf->crlf": _last_crlf,
    "all-but-last-lf->crlf": _all_but_last_crlf,
    "add-bom": _add_bom,
    "strip-bom": _strip_bom,
    "add-final-newline": _add_final_newline,
    "strip-final-newline": _strip_final_newline,
    "utf16le-bom": _to_utf16,
    "utf16->utf8": _from_utf16,
    "gunzip": _gunzip,
    **{name: _layout_transform(write) for name, write in _LAYOUTS.items()},
}
_ENDS: tuple[Form, ...] = ((), (CRLF,), (LF,))
_MARKS: tuple[Form, ...] = ((), ("strip-bom",), ("add-bom",))
_NEWLINES: tuple[Form, ...] = ((), ("strip-final-newline",), ("add-final-newline",))
_SIMPLE_FORMS: tuple[Form, ...] = tuple(
    sorted(((*mark, *newline, *ends) for mark, newline, ends in product(_MARKS, _NEWLINES, _ENDS)), key=len)
)[1:]
_STEPS: tuple[tuple[str, tuple[Form, ...]], ...] = (
    ("CRLF line ends", ((CRLF,),)),
    ("LF line ends", ((LF,),)),
    ("byte order mark added or dropped", _MARKS[1:]),
    ("final newline added or dropped", _NEWLINES[1:]),
    ("several of these together", tuple(form for form in _SIMPLE_FORMS if len(form) > 1)),
    (
        "UTF-16 or UTF-8",
        (
            *((*ends, "utf16le-bom") for ends in ((CRLF,), (), (LF,))),
            *(("utf16->utf8", *ends) for ends in ((), (LF,), (CRLF,))),
        ),
    ),
    ("one line end alone", (("last-lf->crlf",), ("all-but-last-lf->crlf",))),
)
_TAILS: tuple[Form, ...] = (("add-final-newline",), (), ("add-final-newline", CRLF), (CRLF,))
