"""Checksum sidecars: kind `sidecar`, its records and claims. Toyfoundry specification, sections 6.1 and 8."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from teleloupe import sidecar
from teleloupe.columns import column
from teleloupe.formats import Kind, document_of
from teleloupe.formats.toyfoundry.digests import AMBIGUOUS, SIDECAR_PATH, UNREADABLE
from teleloupe.model import Blob, Claim, Detection, Document, Issue
from teleloupe.sketch import Sketch

COLUMNS = (
    column("digest", "the digest, in lower case whatever the file has"),
    column("algorithm", "the digest's algorithm"),
    column("path", "the path as the file has it; empty where it names none"),
    column("line", "the line it stands in", type="integer"),
    column("style", "the dialect of the line"),
)
KIND = Kind(
    "sidecar",
    "checksum sidecar",
    (
        column("artefact", "the file that the sidecar's name stands for; empty for a list of files"),
        column("algorithm", "the algorithm that the sidecar's name tells"),
        column("style", "the dialect it is written in"),
    ),
)


KEPT_BYTES = 64 * 1024  # beyond, a sidecar is a list of many files


class SidecarBody(Struct, frozen=True):
    """The file as it is, for writing a new digest in its style; None for a large one."""

    content: bytes | None


def detect(sketch: Sketch) -> Detection | None:
    """A checksum file by its name; any content may be in it."""
    algorithm = sidecar.algorithm_of(sketch.name)
    return (
        Detection(KIND.name, f"named as {sidecar.TITLES[algorithm]} sums are", is_certain=False) if algorithm else None
    )


def parse(blob: Blob, detection: Detection) -> Document:
    """The entries of a checksum file as records, and what it claims of which file."""
    algorithm = sidecar.algorithm_of(blob.name) or "sha256"
    checksums = sidecar.parse(blob.data, algorithm)
    targets, fault = sidecar.targets(checksums, blob.name)
    entries = checksums.entries
    header = {
        "artefact": sidecar.artefact_of(blob.name) or "",
        "algorithm": algorithm,
        "style": entries[0].style if entries else "",
    }
    return document_of(
        blob,
        "toyfoundry",
        detection,
        kind=KIND.name,
        header=header,
        records=entries,
        columns=COLUMNS,
        issues=tuple(_issues(blob.path, checksums, targets, fault)),
        claims=tuple(_claims(blob.path, checksums, targets, fault)),
        record_at=lambda index: f"line {entries[index].line}",
        body=SidecarBody(blob.data if len(blob.data) <= KEPT_BYTES else None),
    )


def _claims(
    path: str, checksums: sidecar.Checksums, targets: tuple[sidecar.Target, ...], fault: str
) -> Iterator[Claim]:
    name = path.rpartition("/")[2]
    subject = sidecar.artefact_of(name) or ""
    algorithm = sidecar.algorithm_of(name) or "sha256"
    if checksums.fault:
        yield Claim(path, "sidecar", subject, "", "", algorithm, fault="unreadable-claim", note=checksums.fault)
    elif fault:
        yield Claim(path, "sidecar", subject, "", "", algorithm, fault="ambiguous-claim", note=fault)
    for target in targets:
        entry = target.entry
        yield Claim(path, "sidecar", target.subject, entry.digest, f"line {entry.line}", entry.algorithm)


def _issues(
    path: str, checksums: sidecar.Checksums, targets: tuple[sidecar.Target, ...], fault: str
) -> Iterator[Issue]:
    if checksums.fault:
        yield UNREADABLE.issue("", checksums.fault)
    elif fault:
        yield AMBIGUOUS.issue("", fault, actual=", ".join(entry.digest for entry in checksums.entries[:4]))
    folder, _, name = path.rpartition("/")
    for target in targets:
        written, own = target.entry.path, sidecar.artefact_of(name)
        if own == target.subject and written and (remark := _path_remark(written, folder, own)):
            yield SIDECAR_PATH.issue(f"line {target.entry.line}", remark, expected=own, actual=written)


def _path_remark(written: str, folder: str, own: str) -> str:
    """What is to be said of the path inside a sidecar that goes with `own`; "" where `sha256sum -c` finds it."""
    if sidecar.base_name(written) != own:
        return f"the path inside names another file than {own}, which the sidecar's name stands for"
    parts = [part for part in written.replace("\\", "/").split("/") if part != "."]
    if len(parts) == 1:
        return ""
    place = [*folder.split("/"), own] if folder else [own]
    if "\\" not in written and parts[-len(place) :] == place[-len(parts) :]:
        above = "/".join(place[: -len(parts)]) or ("the watched directory" if len(parts) == len(place) else "")
        where = above or "a directory above the watched one"
        return f"the path inside holds only from {where}; sha256sum -c fails elsewhere"
    return "the path inside does not resolve from here; only its base name was used"
