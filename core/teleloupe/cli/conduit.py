"""`teleloupe conduit`: WeftEnd's pull-only conduit, its arguments and exit codes as that specification has them.

Exit 0: a snapshot was made, also under the floor. 1: usage, or writing failed. 40: refused, nothing written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

import click
from click.shell_completion import CompletionItem
from msgspec import Struct

from teleloupe import disk
from teleloupe.cli.completing import FOLDER, of_names
from teleloupe.cli.output import print_json
from teleloupe.formats.weftend import canonical, conduit, grammar
from teleloupe.formats.weftend.constants import DEFAULT_TTL_TICKS, MAX_TTL_TICKS, SNAPSHOT_NAME
from teleloupe.formats.weftend.problems import Problem, told
from teleloupe.formats.weftend.release import MANIFEST_FILE, PULSES_FILE, STORE_FILE, TARTARUS_FILE, ReleaseFiles
from teleloupe.model import UsageError
from teleloupe.safe import safe
from teleloupe.streams import say, write_stdout

DONE, FAILED, REFUSED = 0, 1, 40
MAX_K = 2**31 - 1
USAGE = (
    "usage: teleloupe conduit RELEASE_DIR --out DIR --k N [--preview|--apply] [--stream ID] [--ttl TICKS]\n"
    "                         [--output json] [--quiet]\n"
    "\n"
    "Makes one k-anonymous chunk of the pulses that a release gathered since the last run. --preview, the default,\n"
    "prints the snapshot and writes nothing; --apply writes it to DIR, and the store into the release.\n"
    "\n"
    "Exit status, which is the producer's:\n"
    "  0   a snapshot was made, also under the floor\n"
    "  1   wrong use, or writing failed\n"
    "  40  refused, nothing written\n"
    "\n"
    "Examples:\n"
    "  teleloupe conduit weftend/release --out published --k 25\n"
    "      look at what a run would publish\n"
    "  teleloupe conduit weftend/release --out published --k 25 --apply\n"
    "      publish it\n"
)
_VALUED = {"--out": "out", "--k": "k", "--stream": "stream", "--ttl": "ttl", "--output": "output"}
_FLAGS = {"--preview": "preview", "--apply": "apply", "--quiet": "quiet", "--help": "help", "-h": "help"}


class Halt(Exception):
    """The run ends here: the status and what is said on stderr."""

    def __init__(self, status: int, *lines: str) -> None:
        super().__init__(status)
        self.status = status
        self.lines = lines


class Request(Struct, frozen=True):
    """What the command line asks for, every value checked; paths are resolved."""

    release: str
    out: str
    settings: conduit.Settings
    is_apply: bool
    is_json: bool
    is_quiet: bool


class _Words(click.Command):
    """A command whose options click does not know, but offers."""

    def shell_complete(self, _context: click.Context, incomplete: str) -> list[CompletionItem]:
        """The options of the contract."""
        return of_names([*_VALUED, *_FLAGS], incomplete)


@click.command("conduit", cls=_Words, add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED, shell_complete=FOLDER.shell_complete)
def conduit_command(words: tuple[str, ...]) -> int:
    """WeftEnd: the pull-only telemetry conduit."""
    try:
        request = _request(words)
        outcome = _computed(request)
        if request.is_apply:
            _apply(request, outcome)
        _answer(request, outcome)
    except Halt as halt:
        for line in halt.lines:
            say(line)
        return halt.status
    except UsageError as fault:
        say(f"teleloupe: {fault}")
        return FAILED
    return DONE


def _request(words: Sequence[str]) -> Request:
    """The request in the words of a command line. Raises Halt (section 7.1)."""
    values, flags, places = _parsed(words)
    if "help" in flags or not any(places):
        raise Halt(FAILED, USAGE)
    for name, shown in (("out", "--out <dir>"), ("k", "--k <minCount>")):
        if name not in values:
            raise Halt(FAILED, f"[INPUT_INVALID] {shown} is required.")
    if {"preview", "apply"} <= flags:
        raise _invalid("--preview and --apply exclude each other.")
    if values.get("output", "json") != "json":
        raise _invalid("--output takes json.")
    release, out = (os.path.realpath(place) for place in (places[0], values["out"]))
    settings = _settings(values)
    _check_places(release, out)
    return Request(release, out, settings, "apply" in flags, "output" in values, "quiet" in flags)


def _parsed(words: Sequence[str]) -> tuple[dict[str, str], set[str], list[str]]:
    """Options with values, flags and the rest. Raises Halt for what is unknown, repeated or incomplete."""
    values: dict[str, str] = {}
    flags: set[str] = set()
    places: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        option, is_joined, joined = word.partition("=")
        if option in _VALUED:
            if not is_joined and (not rest or rest[0].startswith("--")):
                raise _invalid(f"{option} needs a value.")
            if _VALUED[option] in values:
                raise _invalid(f"{option} is given twice.")
            value = joined if is_joined else rest.pop(0)
            if not value:
                raise _invalid(f"{option} needs a value.")
            values[_VALUED[option]] = value
        elif word in _FLAGS:
            if _FLAGS[word] in flags:
                raise _invalid(f"{word} is given twice.")
            flags.add(_FLAGS[word])
        elif word.startswith("-"):
            raise _invalid(f"{safe(word)} is not an option.")
        else:
            places.append(word)
    if len(places) > 1:
        raise _invalid("one release directory is expected.")
    return values, flags, places


def _settings(values: dict[str, str]) -> conduit.Settings:
    k = _integer(values["k"], "--k", MAX_K)
    ttl_ticks = _integer(values["ttl"], "--ttl", MAX_TTL_TICKS) if "ttl" in values else DEFAULT_TTL_TICKS
    stream_id = values.get("stream")
    if stream_id is not None and not grammar.is_stream_id(stream_id):
        raise _invalid("--stream is no stream id, such as telemetry.release.v0.")
    return conduit.Settings(k, stream_id, ttl_ticks)


def _integer(word: str, option: str, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", word, re.ASCII) or not 1 <= int(word) <= most:
        raise _invalid(f"{option} takes an integer from 1 to {most}.")
    return int(word)


def _invalid(message: str) -> Halt:
    return Halt(REFUSED, f"[INPUT_INVALID] {message}")


def _check_places(release: str, out: str) -> None:
    """The release must be there, and nothing of it may lie in the output or the other way round."""
    if not os.path.isdir(release):
        raise Halt(REFUSED, "[INPUT_MISSING] the release directory is not there.")
    if os.path.commonpath([release, out]) in (release, out):
        raise Halt(REFUSED, "[TELEMETRY_CONDUIT_OUT_CONFLICTS_RELEASE_DIR] --out must lie beside the release.")
    place = out
    while not os.path.lexists(place):
        place = os.path.dirname(place)
    if not os.path.isdir(place):
        raise Halt(REFUSED, "[TELEMETRY_CONDUIT_OUT_PATH_NOT_DIRECTORY] --out is not a directory.")


def _computed(request: Request) -> conduit.Outcome:
    """The next state. Raises Halt when it is refused."""
    problems: list[Problem] = []
    names = (MANIFEST_FILE, PULSES_FILE, TARTARUS_FILE, STORE_FILE)
    files = ReleaseFiles(*(_read(request.release, name, problems) for name in names))
    found = conduit.Refusal(tuple(problems)) if problems else conduit.run(files, request.settings)
    if isinstance(found, conduit.Outcome):
        return found
    if request.is_json:
        problem_json = [{"code": one.code, "file": one.file, "path": one.path} for one in found.problems]
        print_json({"schema": "teleloupe.conduit/1", "status": REFUSED, "problems": problem_json})
    raise Halt(REFUSED, *told(found.problems))


def _read(release: str, name: str, problems: list[Problem]) -> bytes | None:
    """A file's bytes; None when it is not there."""
    try:
        return disk.read(os.path.join(release, name), name).data
    except disk.Unreadable as fault:
        if not fault.is_gone:
            problems.append(Problem("INPUT_INVALID", name, "", fault.reason))
        return None


def _apply(request: Request, outcome: conduit.Outcome) -> None:
    """Write the store, then the snapshot: if only the store gets through, the next run makes the snapshot from it."""
    files = [
        (os.path.join(request.release, STORE_FILE), outcome.store_bytes),
        (os.path.join(request.out, SNAPSHOT_NAME), outcome.snapshot_bytes),
    ]
    try:
        disk.write_in_order(files)
    except OSError as fault:
        reason = (fault.strerror or "the files could not be written").lower()
        raise Halt(FAILED, f"[TELEMETRY_CONDUIT_FINALIZE_FAILED] {reason}") from None


def _answer(request: Request, outcome: conduit.Outcome) -> None:
    """The snapshot on stdout for a preview, a summary for who asks for one; a word on stderr after writing."""
    snapshot = outcome.snapshot
    if request.is_json:
        print_json(
            {
                "schema": "teleloupe.conduit/1",
                "status": DONE,
                "applied": request.is_apply,
                "streamId": snapshot["streamId"],
                "headChunkId": snapshot["headChunkId"],
                "chunks": len(snapshot["chunks"]),
                "dropped": snapshot["dropped"],
                "reasonCodes": snapshot.get("reasonCodes", []),
                "snapshotDigest": canonical.digest(outcome.snapshot_bytes[:-1]),
            }
        )
    elif not request.is_apply:
        write_stdout(outcome.snapshot_bytes)
    elif not request.is_quiet:
        left_out = ", ".join(f"{name} {count}" for name, count in snapshot["dropped"].items() if count)
        say(f"chunks {len(snapshot['chunks'])}{left_out and f', {left_out}'}")
