"""What the digests stated beside an artefact say of it, as far as documents alone can tell (section 6)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Literal

from teleloupe import sidecar
from teleloupe.formats.toyfoundry.lineage import folder_of
from teleloupe.formats.toyfoundry.memo import Memo
from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.formats.toyfoundry.writing import encoded, export_csv, export_json
from teleloupe.model import Claim, Document

Light = Literal["ok", "line ends", "differs", "unreadable", "missing"]

DIGEST_LIMIT = 50_000  # records beyond which no bytes are made only to be hashed

_memo: Memo[tuple[str, ...]] = Memo()
_latest: list[tuple[Mapping[str, Document], dict[tuple[str, str], Claim]]] = []


def sidecar_light(path: str, documents: Mapping[str, Document]) -> tuple[Light, str]:
    """What the sidecar of an artefact says of it, and the sidecar's path ("" for none)."""
    claim = _stated(documents).get((folder_of(path), path.rpartition("/")[2]))
    if claim is None:
        return "missing", ""
    return claim_light(claim, documents[path]), claim.claimant


def claim_light(claim: Claim, document: Document) -> Light:
    """Whether a stated digest is the document's, or that of the same records with other line ends."""
    if not claim.expected:
        return "unreadable"
    if claim.expected == document.sha256:
        return "ok"
    return "line ends" if claim.expected in loom_digests(document) else "differs"


def loom_digests(document: Document) -> tuple[str, ...]:
    """SHA-256 of the loom's bytes for the records of an export, with LF and with CRLF; none for an unclean export."""
    return _memo.get("digests", _loom_digests, document)


def _loom_digests(document: Document) -> tuple[str, ...]:
    records = document.records
    if len(records) > DIGEST_LIMIT or not all(isinstance(record, Record) for record in records):
        return ()
    if document.kind not in ("export", "export-csv") or not document.is_complete:
        return ()
    text = "".join((export_json if document.kind == "export" else export_csv)(records)).replace("\r\n", "\n")
    return tuple(hashlib.sha256(encoded(text, eol)).hexdigest() for eol in ("lf", "crlf"))


def _stated(documents: Mapping[str, Document]) -> dict[tuple[str, str], Claim]:
    """The claims of sidecars by directory and name of what they speak of."""
    if not _latest or _latest[0][0] is not documents:
        found: dict[tuple[str, str], Claim] = {}
        for document in documents.values():
            if document.kind == "sidecar":
                for claim in document.claims:
                    if claim.algorithm == "sha256":
                        found.setdefault((folder_of(document.path), sidecar.base_name(claim.subject)), claim)
        _latest[:] = [(documents, found)]
    return _latest[0][1]
