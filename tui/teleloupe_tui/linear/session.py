"""What a line of input asks for, and the lines that answer it."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Callable, Iterator
from typing import Any, get_args

from msgspec import structs

from teleloupe import detail, export, figures, formats, searching, stats, tables
from teleloupe.disk import Unreadable
from teleloupe.export import Form
from teleloupe.model import Document, Query, Snapshot, SortKey, Table, UsageError
from teleloupe.provenance.causes import causes
from teleloupe.safe import safe
from teleloupe.text import decode
from teleloupe_tui import accounts, issue_pages
from teleloupe_tui.cells import amount
from teleloupe_tui.linear import wording
from teleloupe_tui.source import Source, name_of
from teleloupe_tui.tally import tally

PAGE = 20  # rows of one answer
LISTS = ("files", "records", "issues", "sums")
SHOWN = {
    "files": ("path", "state", "sum", "format", "kind", "records", "errors", "warnings"),
    "issues": ("severity", "code", "path", "at", "message", "expected", "actual"),
    "sums": ("verdict", "subject", "kind", "claimant", "message"),
}
FIGURES = ("column", "unit", "count", "nulls", "distinct", "min", "median", "mean", "p95", "max", "top")
Lines = Iterator[str]


class Session:
    """One reader's way through a directory. `clock` gives seconds since 1970."""

    def __init__(self, source: Source, snapshot: Snapshot, clock: Callable[[], float], export_dir: str = "") -> None:
        self.source = source
        self.snapshot = snapshot
        self.listed = "files"
        self.path: str | None = None
        self.is_over = False
        self.wants_to_watch: float | None = None
        self._clock = clock
        self._export_dir = export_dir
        self._queries = dict.fromkeys(LISTS, Query())
        self._next_row = 0
        self._found: tuple[str, int] | None = None

    def answer(self, line: str) -> Lines:
        """The lines that answer a line. Raises UsageError for one that asks for nothing that can be done."""
        name, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        if not name:
            yield from self._rows(self._next_row, self._next_row + PAGE)
            return
        command = COMMANDS.get(name.lower())
        if command is None:
            near = [known for known in COMMANDS if known.startswith(name.lower())]
            raise UsageError(f"no command {safe(name)}", f"did you mean {near[0]}?" if near else "help lists them")
        yield from command[0](self, rest)

    def greet(self) -> Lines:
        """What is here."""
        yield from wording.summary(self.name, self.snapshot, tally(self.snapshot))
        yield "type help for the commands"

    @property
    def name(self) -> str:
        """What the directory is called."""
        return name_of(self.source.roots)

    # lists

    def summary(self, _rest: str) -> Lines:
        """What is here, is it valid, do the sums hold."""
        yield from wording.summary(self.name, self.snapshot, tally(self.snapshot))

    def list_(self, name: str, rest: str) -> Lines:
        """A list, or some rows of it."""
        self.listed, self._found = name, None
        first, last = _range(rest) if rest else (1, PAGE)
        yield from self._rows(first - 1, last)

    def _rows(self, first: int, last: int) -> Lines:
        table = self._table()
        count = len(table.rows)
        if not count:
            yield f"{self._called()}: none"
            return
        if first >= count:
            yield f"{self._called()}: no more than {count}"
            return
        last = min(last, count)
        self._next_row = last
        yield f"{self._called()}: {first + 1} to {last} of {count}{self._asked(table)}"
        yield from wording.rows(self._worded(table), range(first, last))
        if last < count:
            yield f"{count - last} more; an empty line goes on"

    def _table(self, name: str = "") -> Table:
        """A list as it was asked for."""
        listed = name or self.listed
        return tables.arranged(self._whole(listed), self._queries[listed])

    def _whole(self, listed: str) -> Table:
        if listed == "records":
            return tables.records(self._document())
        if listed == "issues":
            return tables.issues(self.snapshot)
        return tables.claims(self.snapshot) if listed == "sums" else tables.ledger(self.snapshot)

    def _worded(self, table: Table) -> Table:
        return wording.only(table, SHOWN[self.listed]) if self.listed in SHOWN else table

    def _called(self) -> str:
        return f"{self.listed} of {safe(self._document().path)}" if self.listed == "records" else self.listed

    def _asked(self, table: Table) -> str:
        query = self._queries[self.listed]
        hidden = f", filter {safe(query.filter)} keeps these of {table.total}" if query.filter else ""
        keys = ", ".join(f"{safe(key.column)}{' descending' * key.is_descending}" for key in query.sort)
        return f"{hidden}{f', sorted by {keys}' if keys else ''}"

    # one thing

    def open(self, rest: str) -> Lines:
        """A file becomes the one whose records are listed."""
        if not rest:
            raise UsageError("open needs a file's number or path")
        path = rest if rest in self.snapshot.documents else self._numbered("files", rest).document.path
        if path != self.path:
            self._queries["records"] = Query()
        self.path, self.listed, self._next_row = path, "records", 0
        yield from wording.fields(accounts.artefact(self.snapshot, self._document(), None, self._clock()))
        yield "records lists its records" if self._document().records else "it holds no records"

    def record(self, rest: str) -> Lines:
        """A record of the open file, field by field."""
        document = self._document()
        index = _number(rest, len(document.records), "record") - 1
        notes = formats.notes(document, index, self.snapshot.documents)
        yield f"record {index + 1} of {len(document.records)}"
        yield from wording.fields(detail.fields(document, index, self._content(document), notes))

    def issue(self, rest: str) -> Lines:
        """An issue in full, with the lines around its place."""
        found = self._numbered("issues", rest)
        document = self.snapshot.documents.get(found.path)
        yield from wording.fields(issue_pages.page(self.snapshot, found, self._content(document) if document else None))

    def sum(self, rest: str) -> Lines:
        """A checksum in full: what was tried, the proof, the commands that mend it."""
        found = self._numbered("sums", rest)
        yield from wording.fields(accounts.verdict(found))
        for cause in causes((found,)) if found.word != "ok" else ():
            yield from (f"fix: {safe(fix)}" for fix in cause.fixes)

    def _numbered(self, listed: str, rest: str) -> Any:
        rows = self._whole(listed).rows
        return rows[_number(rest, len(rows), listed.removesuffix("s")) - 1]

    def _document(self) -> Document:
        document = self.snapshot.documents.get(self.path) if self.path is not None else None
        if document is None:
            gone = f"{safe(self.path)} is not there any more" if self.path is not None else "no file is open"
            raise UsageError(gone, "files lists them, open N opens one")
        return document

    def _content(self, document: Document) -> str | None:
        """The file's text; None where it cannot be read."""
        try:
            return decode(self.source.read(document.path).data).text
        except Unreadable:
            return None

    # asking

    def filter(self, rest: str) -> Lines:
        """Keep the rows of the list that fit; an empty filter keeps all."""
        self._ask(filter=rest)
        yield from self._rows(0, PAGE)

    def sort(self, rest: str) -> Lines:
        """Order by columns, `-` before one that descends; by none is file order."""
        self._ask(sort=tuple(SortKey(word.lstrip("-"), word.startswith("-")) for word in rest.split()))
        yield from self._rows(0, PAGE)

    def _ask(self, **changes: Any) -> None:
        wanted = structs.replace(self._queries[self.listed], **changes)
        tables.arranged(self._whole(self.listed), wanted)
        self._queries[self.listed] = wanted
        self._next_row, self._found = 0, None

    def find(self, rest: str) -> Lines:
        """The first row of the list with a text in it."""
        if not rest:
            raise UsageError("find needs a text")
        self._found = (rest, -1)
        yield from self.next("")

    def next(self, _rest: str) -> Lines:
        """The next row with that text, around the end."""
        if self._found is None:
            raise UsageError("nothing is searched for yet", "find TEXT starts a search")
        wanted, last = self._found
        table = self._worded(self._table())
        row = searching.search(table, wanted, last + 1)
        if row is None:
            yield f"{self._called()}: {safe(wanted)} is not there"
            return
        self._found = (wanted, row)
        if row <= last:
            yield "from the start again"
        yield from wording.rows(table, (row,))

    def stats(self, _rest: str) -> Lines:
        """Every column of the list in figures."""
        table = figures.summaries_table(self._called(), stats.summaries(self._table()))
        yield f"columns of {self._called()}: {len(table.rows)}"
        yield from wording.rows(wording.only(table, FIGURES), range(len(table.rows)))

    # taking along

    def export(self, rest: str) -> Lines:
        """The list as it stands, to a file."""
        words = _words(rest)
        form = words.pop(0) if words and words[0] in export.FORMS else "csv"
        known: tuple[Form, ...] = get_args(Form)
        chosen = next(one for one in known if one == form)
        if len(words) > 1:
            raise UsageError("export takes a form and a path", f"forms: {', '.join(export.FORMS)}")
        table = self._table()
        path = os.path.expanduser(words[0]) if words else self._default_path(chosen)
        saved = export.save(export.encode(table, chosen), path, len(table.rows))
        yield f"wrote {safe(saved.path)}: {amount(saved.rows, 'row')}, and its checksum"

    def _default_path(self, form: Form) -> str:
        root = self.source.root
        wanted = self._export_dir
        roots = self.source.roots
        is_free = wanted and not any(export.is_inside(wanted, one) for one in roots)
        folder = wanted if wanted and is_free else export.default_folder(roots[0])
        stem = self._document().path if self.listed == "records" else os.path.basename(os.path.realpath(root))
        when = time.strftime("%Y%m%dT%H%M%S", time.localtime(self._clock()))
        return os.path.join(folder, export.file_name(stem, self.listed, form, when))

    # going on

    def watch(self, rest: str) -> Lines:
        """Changes as they come, until a line is entered or so many seconds are over."""
        try:
            self.wants_to_watch = float(rest) if rest else float("inf")
        except ValueError:
            raise UsageError(f"watch takes seconds, not {safe(rest)}") from None
        yield "watching; an empty line ends it"

    def help(self, _rest: str) -> Lines:
        """The commands."""
        for _, usage, words in COMMANDS.values():
            yield f"{usage}: {words}"
        yield "an empty line: the next rows of the list"

    def quit(self, _rest: str) -> Lines:
        """The end."""
        self.is_over = True
        yield from ()


def _listing(name: str) -> Callable[[Session, str], Lines]:
    return lambda session, rest: session.list_(name, rest)


COMMANDS: dict[str, tuple[Callable[[Session, str], Lines], str, str]] = {
    "summary": (Session.summary, "summary", "what is here, is it valid, do the sums hold"),
    "files": (_listing("files"), "files [N-M]", "every file with its state"),
    "open": (Session.open, "open N or PATH", "what is known of a file; its records are listed from then on"),
    "records": (_listing("records"), "records [N-M]", "the records of the open file"),
    "record": (Session.record, "record N", "a record field by field"),
    "issues": (_listing("issues"), "issues [N-M]", "what is wrong"),
    "issue": (Session.issue, "issue N", "an issue: the rule, what was expected, the lines around it"),
    "sums": (_listing("sums"), "sums [N-M]", "what became of each checksum"),
    "sum": (Session.sum, "sum N", "a checksum: what was tried, what proves it, what mends it"),
    "filter": (
        Session.filter,
        "filter EXPRESSION",
        "keeps rows of the list: status=failure count>10; none: all",
    ),
    "sort": (Session.sort, "sort COLUMN ...", "orders the list, -COLUMN descending; none: file order"),
    "find": (Session.find, "find TEXT", "the first row of the list with this text in it"),
    "next": (Session.next, "next", "the next row found"),
    "stats": (Session.stats, "stats", "every column of the list in figures"),
    "export": (Session.export, "export [FORM] [PATH]", f"writes the list: {', '.join(export.FORMS)}"),
    "watch": (Session.watch, "watch [SECONDS]", "a line for every change, until a line is entered"),
    "help": (Session.help, "help", "these commands"),
    "quit": (Session.quit, "quit", "the end; so is the end of the input"),
}


def _number(text: str, count: int, noun: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= count:
        have = f"there are {count}" if count else "there are none"
        raise UsageError(f"{noun} needs a number" if not text else f"no {noun} {safe(text)}", have)
    return int(text)


def _range(text: str) -> tuple[int, int]:
    first, dash, last = (part.strip() for part in text.partition("-"))
    if not first.isdecimal() or int(first) < 1 or (dash and last and not last.isdecimal()):
        raise UsageError(f"no rows {safe(text)}", "write them as 21-40, 21- or 21")
    start = int(first)
    return start, int(last) if last else start + PAGE - 1 if dash else start


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as fault:
        raise UsageError(f"{safe(text)}: {str(fault).lower()}") from None
