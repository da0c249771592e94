"""Whether each artefact is what its source gives today: feeds, rollups, exports, sidecars, metadata (section 10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Annotated, Literal

from msgspec import Meta, Struct

from teleloupe import subjects
from teleloupe.columns import table_of
from teleloupe.formats.toyfoundry.lights import Light, claim_light, sidecar_light
from teleloupe.formats.toyfoundry.lineage import (
    EXPORT_NAME,
    EXPORTS,
    MINT_FEED_NAME,
    QUILT,
    Lineage,
    folder_of,
    joined,
    lineage_of,
)
from teleloupe.formats.toyfoundry.relations import export_counts, feed_counts, twin_state
from teleloupe.formats.toyfoundry.staleness import (
    STALE_LIMIT,
    Difference,
    export_differences,
    feed_differences,
    rollup_differences,
)
from teleloupe.formats.toyfoundry.views.scope import prefix_of
from teleloupe.model import Claim, Document, Place, Table

Change = Literal["added", "removed", "changed"]
State = Literal["in step", "stale", "missing", "line ends", "not told", "added", "removed", "changed"]

LISTED = 200  # differences of one link that get a row each
_ROLLUPS: tuple[tuple[str, str], ...] = (("mint-rollup", "quilt_rollup.json"), ("rollup", "quilt_rollup_all.json"))
_METADATA: tuple[tuple[str, str], ...] = (("build-info", "build_info.json"), ("manifest", "export_manifest.json"))


class Row(Struct, frozen=True):
    """A link from a source to what is made of it; below a stale one, what a regeneration would do to it."""

    link: Annotated[str, Meta(description="from what to what")]
    state: Annotated[
        State, Meta(description="in step, stale, missing, line ends (nothing else differs), not told; or a difference")
    ]
    what: Annotated[str, Meta(description="what differs, or how much of it")]
    target: Annotated[str, Meta(description="the artefact that is judged")]
    source: Annotated[str, Meta(description="what it is made of")]
    place: Place


class Link(Struct, frozen=True):
    """A link with its differences; `what` says more where there are none."""

    name: str
    source: str
    target: str
    state: State
    what: str = ""
    differences: Sequence[Difference] = ()


def table(directory: Document, documents: Mapping[str, Document]) -> Table:
    """Every link that ends in or below a directory, and below each what differs."""
    prefix = prefix_of(directory)
    links = [link for link in _links(lineage_of(documents), documents) if link.target.startswith(prefix)]
    rows = [row for link in links for row in _rows(link, documents)]
    counts = Counter(link.state for link in links)
    told = ", ".join(f"{count} {state}" for state, count in counts.most_common())
    return table_of(f"{len(links)} links: {told}" if links else "no links", Row, rows)


def _links(lineage: Lineage, documents: Mapping[str, Document]) -> Iterator[Link]:
    for kind, _ in _ROLLUPS:
        for rollup in lineage.of_kind(kind):
            yield _rollup_link(rollup, lineage)
    yield from _missing_rollups(lineage, documents)
    for export in lineage.of_kind("export"):
        yield _export_link(export, lineage)
        yield from _beside(export, lineage, documents)
    yield from _missing_exports(lineage)


def _rollup_link(rollup: Document, lineage: Lineage) -> Link:
    feeds = lineage.feeds_of(rollup)
    if feeds is None:
        return Link("feeds to rollup", "", rollup.path, "not told", "no feed is at hand")
    source = " + ".join(feed.path for feed in (feeds.mint, feeds.ritual) if feed)
    if not rollup.is_complete or feeds.line_count > STALE_LIMIT:
        why = "too many lines" if rollup.is_complete else "the rollup cannot be read to its end"
        return Link("feeds to rollup", source, rollup.path, "not told", why)
    found = rollup_differences(rollup, feeds.mint, feeds.ritual)
    return _judged("feeds to rollup", source, rollup.path, found)


def _missing_rollups(lineage: Lineage, documents: Mapping[str, Document]) -> Iterator[Link]:
    """The rollups of usual feeds that have a quilt, or at least the other rollup."""
    fed = {
        (kind, feeds.mint.path)
        for kind, _ in _ROLLUPS
        for rollup in lineage.of_kind(kind)
        if (feeds := lineage.feeds_of(rollup))
    }
    for feed in lineage.of_kind("mint-feed"):
        home = joined(folder_of(feed.path), QUILT)
        has_quilt = any(path.startswith(f"{home}/") for path in documents)
        for kind, name in _ROLLUPS:
            is_expected = has_quilt or any((other, feed.path) in fed for other, _ in _ROLLUPS)
            if feed.name == MINT_FEED_NAME and is_expected and (kind, feed.path) not in fed:
                target = joined(home if has_quilt else folder_of(feed.path), name)
                yield Link("feeds to rollup", feed.path, target, "missing", "it was not written, or not kept")


def _export_link(export: Document, lineage: Lineage) -> Link:
    rollup = lineage.rollup_of(export)
    feeds = None if rollup else lineage.feeds_of_export(export)
    name = "feeds to export" if feeds else "rollup to export"
    sources = (rollup,) if rollup else (feeds.mint, feeds.ritual) if feeds else ()
    source = " + ".join(found.path for found in sources if found)
    is_too_long = len(export.records) > STALE_LIMIT or (feeds is not None and feeds.line_count > STALE_LIMIT)
    why = (
        "neither rollup nor feed is at hand" if not source
        else "the export cannot be read to its end" if not export.is_complete
        else "the rollup cannot be read to its end" if rollup and not rollup.is_complete
        else "too many records" if is_too_long
        else ""
    )  # fmt: skip
    if why:
        return Link(name, source, export.path, "not told", why)
    if rollup:
        return _judged(name, source, export.path, export_differences(export, rollup))
    return _judged(name, source, export.path, feed_differences(export, feeds.mint, feeds.ritual) if feeds else ())


def _beside(export: Document, lineage: Lineage, documents: Mapping[str, Document]) -> Iterator[Link]:
    """What goes with an export: its CSV, the sidecars of both, build info and manifest."""
    table_path = f"{export.path.removesuffix('.json')}.csv"
    twin = twin_state(export.path, documents)
    states: dict[str, State] = {"same": "in step", "differs": "stale", "missing": "missing"}
    what = "its records are not those of the JSON export" if twin == "differs" else ""
    yield Link("export to CSV", export.path, table_path, states.get(twin, "not told"), what)
    for path in (export.path, table_path):
        if path in documents:
            yield _sidecar_link(path, documents)
    for kind, usual in _METADATA:
        folder = folder_of(export.path)
        found = [one for one in lineage.in_folder(folder, kind) if lineage.export_of(one) is export]
        for metadata in found:
            yield _metadata_link(metadata, export, lineage, documents)
        if not found and export.name == EXPORT_NAME:
            yield Link("export to metadata", export.path, joined(folder, usual), "missing")


def _sidecar_link(path: str, documents: Mapping[str, Document]) -> Link:
    light, claimant = sidecar_light(path, documents)
    told: dict[str, tuple[State, str]] = {
        "ok": ("in step", ""),
        "line ends": ("line ends", "the digest is of the same records with other line ends"),
        "differs": ("stale", "the digest is of other bytes"),
        "unreadable": ("stale", "no digest can be read in it"),
    }
    state, what = told.get(light, ("missing", "nothing vouches for the artefact's bytes"))
    return Link("artefact to sidecar", path, claimant or f"{path}.sha256", state, what)


def _metadata_link(metadata: Document, export: Document, lineage: Lineage, documents: Mapping[str, Document]) -> Link:
    name = "export to metadata"
    if not metadata.is_complete:
        return Link(name, export.path, metadata.path, "not told", "it cannot be read to its end")
    feeds = lineage.telemetry_of(metadata)
    issues = [*export_counts(metadata, export), *(feed_counts(metadata, feeds.mint, feeds.ritual) if feeds else ())]
    stale = [Difference("changed", issue.at, issue.message) for issue in issues]
    ends: list[Difference] = []
    for claim in metadata.claims:
        light, words = _claim_told(claim, metadata, documents)
        if light != "ok":
            (ends if light == "line ends" else stale).append(Difference("changed", claim.at, words))
    state: State = "stale" if stale else "line ends" if ends else "in step"
    return Link(name, export.path, metadata.path, state, _summed([*stale, *ends]), [*stale, *ends])


def _claim_told(claim: Claim, metadata: Document, documents: Mapping[str, Document]) -> tuple[Light, str]:
    """What a digest or size in a metadata document is worth today, and in words."""
    path = subjects.find(claim.subject, metadata.path, documents).path
    document = documents.get(path) if path else None
    if document is None:
        return "missing", f"{claim.subject} is not at hand"
    if claim.kind == "size":
        light: Light = "ok" if claim.expected == str(document.size) else "differs"
        return light, f"{document.name} has {document.size} bytes today"
    light = claim_light(claim, document)
    of_what = "the same records with other line ends" if light == "line ends" else "other bytes"
    return light, f"the digest of {document.name} is of {of_what}"


def _missing_exports(lineage: Lineage) -> Iterator[Link]:
    """The usual export of every composite rollup of a quilt."""
    made = {rollup.path for export in lineage.of_kind("export") if (rollup := lineage.rollup_of(export))}
    for rollup in lineage.of_kind("rollup"):
        folder = folder_of(rollup.path)
        if rollup.path not in made and folder.rpartition("/")[2] == QUILT:
            target = joined(joined(folder, EXPORTS), EXPORT_NAME)
            yield Link("rollup to export", rollup.path, target, "missing", "it was not written, or not kept")


def _judged(name: str, source: str, target: str, differences: Sequence[Difference]) -> Link:
    state: State = "stale" if differences else "in step"
    return Link(name, source, target, state, _summed(differences), differences)


def _summed(differences: Iterable[Difference]) -> str:
    counts = Counter(found.change for found in differences)
    return ", ".join(f"{count} {change}" for change, count in sorted(counts.items()))


def _rows(link: Link, documents: Mapping[str, Document]) -> Iterator[Row]:
    target = link.target if link.target in documents else link.source.partition(" + ")[0]
    yield Row(link.name, link.state, link.what, link.target, link.source, Place(target))
    for found in islice(link.differences, LISTED):
        place = Place(target, found.at)
        yield Row("", found.change, found.message, link.target, link.source, place)
    if len(link.differences) > LISTED:
        more = f"and {len(link.differences) - LISTED} more"
        yield Row("", link.differences[LISTED].change, more, link.target, link.source, Place(target))
