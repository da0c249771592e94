"""Verdicts in a sentence: the fact first, then what it means or what to do."""

from __future__ import annotations

from teleloupe.provenance.forms import CRLF, LF, Form, line_ends

OF_SIZE = "nothing explains the size: no other line ends give it"

_PARTS = {
    CRLF: "with CRLF line ends",
    LF: "with LF line ends",
    "last-lf->crlf": "with CRLF on the last line alone",
    "all-but-last-lf->crlf": "with CRLF on all lines but the last",
    "add-bom": "with a byte order mark",
    "strip-bom": "without the byte order mark",
    "add-final-newline": "with a final newline",
    "strip-final-newline": "without the final newline",
    "utf16le-bom": "as UTF-16 with its mark",
    "utf16->utf8": "as UTF-8",
    "gunzip": "of the unpacked content",
    "canonical-json": "as canonical JSON",
}


def in_words(form: Form) -> str:
    """A form as a phrase: `with CRLF line ends and with a byte order mark`."""
    return " and ".join(_part(part) for part in form)


def of_own_bytes(form: Form, data: bytes) -> str:
    """Why the digest differs although the content is all there."""
    if form[-1].startswith("first-"):
        length = int(form[-1].split("-")[1])
        ends = f" {_PARTS[CRLF]}" if CRLF in form else ""
        if not length:
            return "the digest was taken when the file was empty"
        return f"the digest is of the first {length} bytes{ends}; the file has grown since, {len(data)} bytes now"
    if form in ((CRLF,), (LF,)):
        now, count = line_ends(data), data.count(b"\n")
        has = {"mixed": "mixed ones"}.get(now, now)
        taken = "CRLF" if form == (CRLF,) else "LF"
        return f"content unchanged; the digest was taken with {taken} line ends ({count} lines), the file now has {has}"
    unchanged = "values" if _is_layout(form) else "content"
    return f"{unchanged} unchanged; the digest was taken {in_words(form)}"


def of_version(path: str, commit: str, when: str, form: Form, *, is_own: bool) -> str:
    """Which version in git has the digest."""
    what = "an older version of this file" if is_own else f"a version of {path}"
    taken = f", {in_words(form)}" if form else ""
    return f"the digest is of {what}: commit {commit} of {when[:10]}{taken}"


def of_other(path: str, form: Form, *, is_gone: bool) -> str:
    """Which other file here has the digest."""
    taken = f" {in_words(form)}" if form else ""
    if is_gone:
        return f"the file is not here, but {path} has this digest{taken}; moved or renamed"
    return f"the digest is that of {path}{taken}; copied or swapped checksum"


def of_regeneration(source: str, form: Form) -> str:
    """That the producer's own rules give the expected bytes."""
    taken = f", {in_words(form)}" if form else ""
    return f"the digest is of what the producer makes of {source}{taken}; the file was changed since"


def of_memory(when: str) -> str:
    """That the bytes were seen, with a checksum that held, before."""
    return f"the digest is of bytes verified here on {when[:10]} and remembered; the file was changed since"


def of_nothing(history: str) -> str:
    """That nothing explains a digest."""
    return f"nothing explains the digest: no other form of these bytes, no other file here; git: {history}"


def _is_layout(form: Form) -> bool:
    return any(part not in _PARTS or part == "canonical-json" for part in form)


def _part(part: str) -> str:
    return _PARTS.get(part, f"as JSON laid out {part}")
