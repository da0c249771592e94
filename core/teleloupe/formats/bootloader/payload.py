"""Base64 payloads as the producer decodes them (Bootloader specification, section 5)."""

from __future__ import annotations

import base64
import binascii
import string

from teleloupe.formats.bootloader.shapes import Kernel

_FOREIGN = {code: None for code in range(128) if chr(code) not in string.ascii_letters + string.digits + "+/"}


def kernel_of(text: str) -> Kernel:
    """The payload of a base64 text, canonical or not."""
    payload = strict(text)
    return Kernel(text, lenient(text), is_canonical=False) if payload is None else Kernel(text, payload)


def strict(text: str) -> bytes | None:
    """What a canonical base64 text holds; None when it is not canonical."""
    try:
        payload = binascii.a2b_base64(text, strict_mode=True) if text else b""
    except ValueError:
        return None
    return payload if encoded(payload) == text else None


def lenient(text: str) -> bytes:
    """What the producer makes of any text: foreign characters skipped, the first `=` ends it, whole bytes only."""
    body = text.partition("=")[0].encode("ascii", "ignore").decode("ascii").translate(_FOREIGN)
    body = body[: len(body) - (len(body) % 4 == 1)]
    return binascii.a2b_base64(body + "=" * (-len(body) % 4))


def file_text(kernel: Kernel) -> str:
    """What a kernel file beside the report holds: the payload in canonical base64, however the report writes it."""
    return kernel.text if kernel.is_canonical else encoded(kernel.payload)


def encoded(payload: bytes) -> str:
    """Canonical base64 of a payload."""
    return base64.b64encode(payload).decode("ascii")
