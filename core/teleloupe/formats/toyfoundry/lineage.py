"""Which artefact is made of which: feeds, rollup, export, metadata, by where they lie (section 1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from teleloupe.formats.toyfoundry.detection import named
from teleloupe.formats.toyfoundry.digests import listed_artefacts
from teleloupe.model import Document

MINT_FEED_NAME, RITUAL_FEED_NAME = "forge_mint_alfa.jsonl", "forge_rituals.jsonl"
QUILT, EXPORTS = "quilt", "exports"
EXPORT_NAME, TABLE_NAME = "composite_export.json", "composite_export.csv"


class Feeds(Struct, frozen=True):
    """The feeds that a rollup is woven from; without ritual feed there were no events."""

    mint: Document
    ritual: Document | None

    @property
    def line_count(self) -> int:
        """How many usable lines both have."""
        return len(self.mint.records) + (len(self.ritual.records) if self.ritual else 0)


class Lineage:
    """Finds relatives among the documents of one snapshot."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._by_kind: dict[str, list[Document]] = {}
        self._by_folder: dict[tuple[str, str], list[Document]] = {}
        for document in documents.values():
            if document.format == "toyfoundry" and document.kind and _is_parsed(document):
                self._by_kind.setdefault(document.kind, []).append(document)
                self._by_folder.setdefault((folder_of(document.path), document.kind), []).append(document)

    def of_kind(self, *kinds: str) -> Iterator[Document]:
        """Every document of these kinds."""
        for kind in kinds:
            yield from self._by_kind.get(kind, ())

    def feeds_of(self, rollup: Document) -> Feeds | None:
        """The feeds beside a rollup, or above the quilt's directory; None when there are none or too many."""
        folder = folder_of(rollup.path)
        for place in (folder, folder_of(folder)) if _name(folder) == QUILT else (folder,):
            mint = self._only(place, "mint-feed", MINT_FEED_NAME)
            if mint:
                return Feeds(mint, self._only(place, "ritual-feed", RITUAL_FEED_NAME))
        return None

    def rollup_of(self, export: Document) -> Document | None:
        """The composite rollup that an export is made of: beside it, or above its directory `exports`."""
        folder = folder_of(export.path)
        places = (folder_of(folder),) if _name(folder) == EXPORTS and folder else (folder,)
        found = [rollup for place in places for rollup in self._by_folder.get((place, "rollup"), ())]
        return found[0] if len(found) == 1 and export.name in (EXPORT_NAME, TABLE_NAME) else None

    def telemetry_of(self, document: Document) -> Feeds | None:
        """The feeds of the telemetry directory that a document of `quilt/exports` belongs to."""
        quilt = folder_of(folder_of(document.path))
        if _name(folder_of(document.path)) != EXPORTS or _name(quilt) != QUILT:
            return None
        mint = self._documents.get(joined(folder_of(quilt), MINT_FEED_NAME))
        ritual = self._documents.get(joined(folder_of(quilt), RITUAL_FEED_NAME))
        if mint is None or mint.kind != "mint-feed" or not _is_parsed(mint):
            return None
        return Feeds(mint, ritual if ritual and ritual.kind == "ritual-feed" and _is_parsed(ritual) else None)

    def feeds_of_export(self, export: Document) -> Feeds | None:
        """The feeds an export is made of where no rollup stands between.

        Those of its telemetry directory, those beside it, or a mint feed named after the export's directory.
        """
        folder = folder_of(export.path)
        if export.name in (EXPORT_NAME, TABLE_NAME) and (feeds := self.telemetry_of(export)):
            return feeds
        if mint := self._only(folder, "mint-feed", MINT_FEED_NAME):
            return Feeds(mint, self._only(folder, "ritual-feed", RITUAL_FEED_NAME))
        wanted = f"{_name(folder)}_mint.jsonl"
        found = [feed for feed in self.of_kind("mint-feed") if folder and feed.name == wanted]
        return Feeds(found[0], None) if len(found) == 1 else None

    def feeds_around(self, export: Document) -> Feeds | None:
        """The nearest feeds above an export, which tell of its records even where it was made of a part of them."""
        folder = folder_of(export.path)
        while True:
            mint = self._documents.get(joined(folder, MINT_FEED_NAME))
            if mint and mint.kind == "mint-feed" and _is_parsed(mint):
                return Feeds(mint, self._only(folder, "ritual-feed", RITUAL_FEED_NAME))
            if not folder:
                return None
            folder = folder_of(folder)

    def pair_of(self, feed: Document) -> tuple[Document | None, Document | None]:
        """A feed of either kind and the one that the loom reads with it: the mint feed, the ritual feed."""
        folder = folder_of(feed.path)
        if feed.kind == "mint-feed":
            return feed, self._only(folder, "ritual-feed", RITUAL_FEED_NAME)
        return self._only(folder, "mint-feed", MINT_FEED_NAME), feed

    def in_folder(self, folder: str, *kinds: str) -> list[Document]:
        """Every document of these kinds in a directory, by path."""
        return [found for kind in kinds for found in self._by_folder.get((folder, kind), ())]

    def export_of(self, metadata: Document) -> Document | None:
        """The JSON export that a build info or manifest speaks of: one that it lists, else the one beside it.

        None where it lists an export that is not here: it does not speak of another one then.
        """
        exports = {found.name: found for found in self.in_folder(folder_of(metadata.path), "export")}
        paths = [artefact.name for artefact in metadata.records]
        paths += [path for _, path in listed_artefacts(metadata.header)]
        names = [_json_name(path) for path in paths]
        if listed := next((exports[name] for name in names if name in exports), None):
            return listed
        suggested = {found.kind for name in names if (found := named(name))}
        return exports.get(EXPORT_NAME) if "export" not in suggested else None

    def twin_of(self, table: Document) -> Document | None:
        """The JSON document that a CSV export has beside it under the same name."""
        twin = self._documents.get(table.path.removesuffix(".csv") + ".json")
        return twin if twin and twin.format == "toyfoundry" and f"{twin.kind}-csv" == table.kind else None

    def _only(self, folder: str, kind: str, usual: str) -> Document | None:
        """The feed under its usual name, else the only one of its kind in a directory."""
        found = self._by_folder.get((folder, kind), [])
        named = [feed for feed in found if _name(feed.path) == usual]
        return named[0] if named else found[0] if len(found) == 1 else None


_latest: list[tuple[Mapping[str, Document], Lineage]] = []


def lineage_of(documents: Mapping[str, Document]) -> Lineage:
    """The lineage of these documents; that of the mapping that was asked about last is kept."""
    if not _latest or _latest[0][0] is not documents:
        _latest[:] = [(documents, Lineage(documents))]
    return _latest[0][1]


def _is_parsed(document: Document) -> bool:
    """Whether a document has what its relatives ask for; one that a bug of ours left bare has not."""
    return document.body is not None or document.kind in ("export", "clerk", "wide", "schema", "sidecar")


def reach(path: str) -> int:
    """How many directories above its own the relatives of an artefact lie, told by its absolute path (section 1)."""
    folders = folder_of(path).split("/")[-3:]
    if folders[-2:] == [QUILT, EXPORTS]:
        return 2
    if folders[-3:-1] == [QUILT, EXPORTS]:
        return 3
    return 1 if folders[-1] in (QUILT, EXPORTS) else 0


def folder_of(path: str) -> str:
    """The directory of a path; "" for the root."""
    return path.rpartition("/")[0]


def _json_name(path: str) -> str:
    """The base name of a path with either separator; of an export as CSV, that of its JSON form."""
    name = _name(path.replace("\\", "/"))
    return f"{name.removesuffix('.csv')}.json" if name.endswith(".csv") else name


def joined(folder: str, name: str) -> str:
    """A name below a directory."""
    return f"{folder}/{name}" if folder else name


def _name(path: str) -> str:
    return path.rpartition("/")[2]
