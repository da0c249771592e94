"""What the aggregator's builds write of the session files here (sections 5.2 and 5.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from teleloupe.formats.clamp.build_info import recorded_by
from teleloupe.formats.clamp.comparison import reading
from teleloupe.formats.clamp.export import summary_text
from teleloupe.formats.clamp.figures import BUILDS
from teleloupe.formats.clamp.live_summary import sessions_of_view
from teleloupe.formats.clamp.relations import snapshot_beside
from teleloupe.formats.clamp.summary import SummaryBody
from teleloupe.model import Document


def regenerate(path: str, documents: Mapping[str, Document]) -> Iterator[tuple[str, bytes]]:
    """A summary's bytes as each build makes them of the session files, with the snapshot beside it and without."""
    document = documents.get(path)
    if document is None or not isinstance(document.body, SummaryBody):
        return
    snapshot = snapshot_beside(path.rpartition("/")[0], documents)
    stated = document.body.values.get("source_directory")
    for one in sessions_of_view(document, documents):
        place = stated if isinstance(stated, str) else one.directory
        for build in BUILDS:
            numbers = reading(one.files, build) if one.folder is not None else None
            if numbers is None:
                continue
            yield f"{one.directory} ({build} build)", summary_text(place, numbers, build)
            if snapshot is None:
                continue
            recorded = recorded_by(build, snapshot.body.text, snapshot.body.root)
            if recorded is not None:
                made = summary_text(place, numbers, build, recorded)
                yield f"{one.directory} and {snapshot.path} ({build} build)", made
