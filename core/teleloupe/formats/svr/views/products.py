"""The files that belong beside a session, made of it: bundle, recomputed bundle, CSV profiles, summary (section 10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from teleloupe.formats import Product
from teleloupe.formats.svr import outcome
from teleloupe.formats.svr.canonical import export_json
from teleloupe.formats.svr.csvtext import event_csv
from teleloupe.formats.svr.judging import judged_faults
from teleloupe.formats.svr.views.seen import Seen, all_seen, seen
from teleloupe.model import DIRECTORY, Document


def products(document: Document, documents: Mapping[str, Document]) -> Iterator[Product]:
    """What a session exports to; of a directory, the summary of the sessions in it.

    A bundle keeps what it claims and gets what it lacks; the recomputed one has score and report from the evidence.
    """
    if document.kind == DIRECTORY:
        yield from _summary(document.path, documents)
        return
    session = seen(document, documents)
    if session is None:
        return
    stem = document.path.removesuffix(".jsonl").removesuffix(".ndjson").removesuffix(".json")
    yield Product(f"{stem}.csv", event_csv(session.session.elements, "timeline"))
    yield Product(f"{stem}.full.csv", event_csv(session.session.elements, "full"))
    yield Product(f"{stem}.json", export_json(_bundle(session)))
    if (recomputed := _recomputed(session)) is not None:
        yield Product(f"{stem}.recomputed.json", recomputed)


def regenerate(path: str, documents: Mapping[str, Document]) -> Iterator[tuple[str, bytes]]:
    """What the sessions here give an exported file: the bundle itself, recomputed, a CSV of its stem, a summary."""
    document = documents.get(path)
    if document is None or document.format != "svr":
        return
    folder = path.rpartition("/")[0]
    if document.kind == "summary-csv":
        yield from ((folder or ".", made.data) for made in _summary(folder, documents) if made.path == path)
        return
    stem = path.removesuffix(".csv").removesuffix(".full").removesuffix(".json")
    for source in (documents.get(f"{stem}{ending}") for ending in (".json", ".jsonl", ".ndjson")):
        if source is not None:
            names = (path, path.replace(".json", ".recomputed.json"))
            yield from ((source.path, made.data) for made in products(source, documents) if made.path in names)


def _bundle(session: Seen) -> Mapping[str, object]:
    return session.whole.bundle if session.session.is_bundle else outcome.built(session.whole, session.contract)


def _recomputed(session: Seen) -> bytes | None:
    """The bundle with the score and report that its events give; None where they do not give them in full."""
    given = outcome.evidence(session.whole, session.contract)
    if not given["available"]:
        return None
    return export_json({**session.whole.bundle, "score": given["score"], "report": given["report"]})


def _summary(folder: str, documents: Mapping[str, Document]) -> Iterator[Product]:
    below = f"{folder}/" if folder not in ("", ".") else ""
    those = (doc for path, doc in documents.items() if path.startswith(below))
    rows = []
    for session in all_seen(those, documents):
        if session.session.is_bundle:
            issues = [*session.document.issues, *judged_faults(session.session, session.contract)]
            row = outcome.summary_row(session.session, session.contract, issues)
            rows.append((session.document.path, row))
    if rows:
        yield Product(f"{below}sessions.csv", outcome.summary_csv(rows))
