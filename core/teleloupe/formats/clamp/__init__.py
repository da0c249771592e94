"""Clamp telemetry: session files, their summary, and the provenance snapshot beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from teleloupe.columns import column, columns_of, key_of
from teleloupe.formats import Format, Kind, Product
from teleloupe.formats.clamp.detection import detect
from teleloupe.formats.clamp.directory import replaced
from teleloupe.formats.clamp.live_summary import summary_products
from teleloupe.formats.clamp.regeneration import regenerate
from teleloupe.formats.clamp.relations import relate
from teleloupe.formats.clamp.rewriting import session_products
from teleloupe.formats.clamp.rules import RULES
from teleloupe.formats.clamp.session import parse_session, validate_session
from teleloupe.formats.clamp.shapes import TaggedSession
from teleloupe.formats.clamp.summary import parse_snapshot, parse_summary, validate_summary
from teleloupe.formats.clamp.views import VIEWS
from teleloupe.model import Blob, Detection, Document, Issue

_PARSERS = {"session": parse_session, "summary": parse_summary, "snapshot": parse_snapshot}
_JUDGES = {"session": validate_session, "summary": validate_summary}

_SUMMARY_FIELDS = (
    column("source_directory", "the session directory, absolute, on the machine that made the summary"),
    column("session_count", "records counted, in spite of the name", type="integer"),
    column("mean_stability", "mean of the counted scores", type="number"),
    column("stability_variance", "sample variance (n-1) of the counted scores", type="number"),
    column("drift_index", "latest less earliest acquisition", unit="ms", type="number"),
    column("build_info", "the provenance snapshot at the time, copied", type="json"),
    column("sourceDirectory", "other spelling of source_directory"),
    column("sessionCount", "other spelling of session_count", type="integer"),
    column("meanStability", "other spelling of mean_stability", type="number"),
    column("stabilityVariance", "other spelling of stability_variance", type="number"),
    column("variance", "earlier spelling of stability_variance", type="number"),
    column("driftPercentile", "95th percentile of durations (earlier revisions)", unit="ms", type="number"),
    column("sample_count", "records counted (alpha revision)", type="integer"),
    column("stability_mean", "mean of scores (alpha revision)", type="number"),
    column("drift_ms", "range of record indexes, in spite of the name (alpha revision)", type="number"),
)
_SNAPSHOT_FIELDS = (
    column("image", "the container image the build ran in"),
    column("digest", "the image's digest, as recorded; not judged here"),
    column("resolved_at", "when the image was resolved, UTC"),
    column("policy_mode", "the policy under which it was resolved"),
    column("signer", "who signed for it, as recorded; not judged here"),
)


def parse(blob: Blob, detection: Detection) -> Document:
    """The document of any bytes; a file that nothing tells the kind of is taken for a session."""
    if not detection.kind:
        detection = Detection("session", detection.why, is_certain=False)
    return _PARSERS[detection.kind](blob, detection)


def validate(document: Document) -> Iterable[Issue]:
    """The further issues of one file."""
    judge = _JUDGES.get(document.kind or "")
    return judge(document) if judge else ()


def products(document: Document, documents: Mapping[str, Document]) -> Iterator[Product]:
    """The directory's summary, and a session's own records written anew."""
    yield from summary_products(document, documents)
    yield from session_products(document, documents)


FORMAT = Format(
    id="clamp",
    title="Clamp",
    source="formats/clamp.md",
    kinds=(
        Kind("session", "Session telemetry", tuple(one for one in columns_of(TaggedSession) if one.name != "records")),
        Kind("summary", "Directory summary", _SUMMARY_FIELDS),
        Kind("snapshot", "Provenance snapshot", _SNAPSHOT_FIELDS),
    ),
    rules=RULES,
    detect=detect,
    parse=parse,
    validate=validate,
    relate=relate,
    views=VIEWS,
    products=products,
    regenerate=regenerate,
    replaced=replaced,
    key=key_of({"session": ("context", "seed", "acquired_at")}),
)
