"""Build info and manifests in every shape that was found (Toyfoundry specification, sections 2.8, 2.9 and 8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from teleloupe.formats import document_of
from teleloupe.formats.toyfoundry import digests, rules
from teleloupe.formats.toyfoundry.conversions import UnusableTime, instant_of
from teleloupe.formats.toyfoundry.reading import read_document, shown, type_name
from teleloupe.formats.toyfoundry.shapes import ARTEFACT_COLUMNS, Artefact
from teleloupe.formats.toyfoundry.writing import Eol, eol_of
from teleloupe.jsontext import pointer
from teleloupe.model import Blob, Claim, Detection, Document, Issue

TIME_KEYS = {"build-info": "timestamp", "manifest": "generated_at"}
OLD_SCHEMA = "build-info@1.0"


class MetadataBody(Struct, frozen=True):
    """The shape of a metadata document in the specification's numbering, "" for an unknown one, and its line ends."""

    shape: str
    eol: Eol = "lf"


def parse_metadata(blob: Blob, detection: Detection) -> Document:
    """The document of a build info or manifest, with every issue that it has on its own."""
    reading = read_document(blob)
    root: dict[str, Any] = reading.value if isinstance(reading.value, dict) else {}
    issues = list(reading.issues)
    if reading.is_complete and not isinstance(reading.value, dict):
        words = f"a {detection.kind} is an object, this is {type_name(reading.value)}"
        issues.append(rules.WRONG_ROOT.issue("", words, expected="object", actual=type_name(reading.value)))
    shape = _build_info_shape(root) if detection.kind == "build-info" else _manifest_shape(root)
    claims = digests.embedded_claims(blob.path, root)
    if reading.is_complete and isinstance(reading.value, dict):
        issues += [*_time_issues(detection.kind, shape, root), *_shape_issues(detection.kind, shape, claims)]
    listed = list(_artefacts(root))
    return document_of(
        blob,
        "toyfoundry",
        detection,
        header=root,
        records=[artefact for _, artefact in listed],
        columns=ARTEFACT_COLUMNS,
        issues=tuple(issues),
        claims=claims,
        record_at=[at for at, _ in listed].__getitem__,
        body=MetadataBody(shape, eol_of(blob.data)),
        is_complete=reading.is_complete,
    )


def parse_schema(blob: Blob, detection: Detection) -> Document:
    """The document of a JSON Schema."""
    reading = read_document(blob)
    header = reading.value if isinstance(reading.value, dict) else {}
    return document_of(
        blob, "toyfoundry", detection, header=header, issues=reading.issues, is_complete=reading.is_complete
    )


def artefact_name(entry: Mapping[str, Any]) -> str:
    """The name an artefact is listed under: its file name, else its path; "" for none."""
    for key in ("filename", "path"):
        if isinstance(entry.get(key), str):
            return str(entry[key])
    return ""


def _build_info_shape(root: Mapping[str, Any]) -> str:
    """Section 2.8: S1 standard, S2 canary, S3 map, S4 flat canary, S5 minimal, S6 old."""
    artefacts = root.get("artifacts")
    if root.get("schema") == OLD_SCHEMA:
        return "S6"
    if isinstance(artefacts, dict):
        return "S3"
    if isinstance(artefacts, list):
        is_canary = "retention_days" in root or "rollback_plan" in root
        return ("S4" if "build_id" in root else "S2") if is_canary else "S1" if "build_id" in root else ""
    return "S5" if "build_id" in root and artefacts is None else ""


def _manifest_shape(root: Mapping[str, Any]) -> str:
    """Section 2.9: M1 the root manifest, M2 a canary's, M3 files and checksums."""
    if isinstance(root.get("files"), list) and isinstance(root.get("checksums"), dict):
        return "M3"
    if isinstance(root.get("artifacts"), list):
        return "M1" if "batch_summary" in root else "M2"
    return ""


def _shape_issues(kind: str, shape: str, claims: Sequence[Claim]) -> Iterator[Issue]:
    if not shape:
        yield rules.META_SHAPE.issue("", f"a {kind} of no known shape")
    elif shape == "S5":
        yield rules.META_SHAPE.issue("", "the build info names no artefact and states no digest")
    elif not any(claim.algorithm == "sha256" for claim in claims):
        yield rules.META_SHAPE.issue("", "it states no digest of any file that it lists")


def _time_issues(kind: str, shape: str, root: Mapping[str, Any]) -> Iterator[Issue]:
    key = "build_timestamp" if shape == "S6" else TIME_KEYS[kind]
    if root.get(key) in (None, ""):
        if shape != "M3":
            yield rules.META_TIME.issue(pointer(key), f"{key} is missing; nothing tells when it was written")
        return
    try:
        instant_of(root[key])
    except UnusableTime as fault:
        yield rules.META_TIME.issue(pointer(key), str(fault), expected="date-time", actual=shown(root[key]))


def _artefacts(root: Mapping[str, Any]) -> Iterator[tuple[str, Artefact]]:
    """What the document lists, whichever way it does, with the place."""
    for key in ("artifacts", "checksums", "sha256"):
        listed = root.get(key)
        if isinstance(listed, dict):
            for name, digest in listed.items():
                yield pointer(key, name), Artefact(name, _text(digest), digest)
        for index, entry in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(entry, dict):
                yield pointer(key, index), Artefact(artefact_name(entry), _text(entry.get("sha256")), entry)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
