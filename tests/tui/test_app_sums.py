"""Sums and differences under the reader's keys, over a real directory in a real git repository."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from ledgers import NEW, NOW, OLD, build, crlf, pretty, rituals, sha256
from scenes import Feed, Opened, export, inspector, lines, press, settled, snapshot_of, text, until
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from teleloupe.diff.comparison import compared
from teleloupe.disk import Unreadable
from teleloupe.model import Blob, Claim, Verdict
from teleloupe_tui import differences
from teleloupe_tui.app import Teleloupe
from teleloupe_tui.launch import Directory, Start, start_of
from teleloupe_tui.line_views import visible_lines
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.screens.picker import Picker
from teleloupe_tui.screens.signing import fresh

MIDDLE, SMALL = (120, 40), (80, 24)


def said(screen: Inspector) -> str:
    """The last toast."""
    return [notification.message for notification in screen.app._notifications][-1]


@asynccontextmanager
async def opened(root: Path, size: tuple[int, int] = MIDDLE, **start: Any) -> AsyncIterator[Opened]:
    """The app over a directory, once all of it was read."""
    source = Directory(Start(str(root), has_memory=False, **start))
    async with inspector(source, size) as (screen, pilot):
        await until(pilot, lambda: screen.is_read and bool(screen.snapshot.verdicts))
        await settled(pilot)
        yield screen, pilot


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return build(tmp_path)


async def go_to(screen: Inspector, pilot: Pilot[Any], word: str) -> None:
    """The cause of a word, on the screen of sums."""
    await press(pilot, "4", "g")
    words = [reason.word for reason in screen.panes["sums"].table.rows]
    await press(pilot, *["j"] * words.index(word))


async def test_the_header_counts_artefacts_by_their_worst_word(root: Path) -> None:
    async with opened(root) as (_screen, pilot):
        assert "6 sums: 1 ok, 3 line ends, 1 older version, 1 unexplained" in lines(pilot)[0]


async def test_a_small_terminal_tells_the_tally_in_short_words(root: Path) -> None:
    async with opened(root, SMALL) as (_screen, pilot):
        assert "6 sums: 1 ok 3 eol 1 STALE 1 unknown" in lines(pilot)[0]


async def test_a_tally_of_too_many_words_says_how_many_hold() -> None:
    words = ("ok", "bom", "encoding", "final-newline", "line-endings", "older-version", "truncated", "twin")
    documents = [export(f"{word}.json") for word in words]
    found = [
        Verdict(Claim(f"{word}.json.sha256", "sidecar", f"{word}.json", "0" * 64), f"{word}.json", "1" * 64, word)
        for word in words
    ]
    feed = Feed()
    feed.send(snapshot_of(documents, verdicts=tuple(found)))
    async with inspector(feed, SMALL) as (_screen, pilot):
        assert "8 sums: 1 ok 7 explained 0 unknown" in lines(pilot)[0]


async def test_three_line_end_findings_are_one_row_with_three_places_and_a_fix(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "line-endings")
        reason = screen.panes["sums"].row

        assert reason.paths == ("batch_a.json", "batch_b.json", "batch_c.json")
        assert reason.fixes[0] == "echo '/batch_a.json text eol=crlf' >> .gitattributes"
        assert "git add --renormalize ." in text(pilot)


async def test_t_turns_between_causes_and_single_claims_and_enter_lists_those_of_a_cause(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await press(pilot, "4", "t")
        assert screen.panes["sums"].count == len(screen.snapshot.verdicts)

        await press(pilot, "t")
        await go_to(screen, pilot, "line-endings")
        await press(pilot, "enter")
        subjects = [verdict.subject for verdict in screen.panes["sums"].table.rows]
        assert subjects == ["batch_a.json", "batch_b.json", "batch_c.json"]


async def test_files_that_nobody_vouches_for_are_told(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "unvouched")

        assert screen.panes["sums"].row.paths == ("loose.json",)


async def test_claimants_that_contradict_each_other_are_told(root: Path) -> None:
    (root / "SHA256SUMS").write_text(f"{sha256(b'another')}  composite_export.json\n")
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "contradiction")

        assert screen.panes["sums"].row.paths == ("composite_export.json",)
        assert "composite_export.json.sha256 holds" in " ".join(screen.panes["sums"].row.sentences)


async def test_the_page_of_a_claim_explains_it_and_says_what_changed(root: Path) -> None:
    async with opened(root, (120, 60)) as (screen, pilot):
        await go_to(screen, pilot, "older-version")
        await until(pilot, lambda: bool(screen.evidence))
        await settled(pilot)
        page = [row.value for row in screen.panes["verdict"].table.rows]

        assert "sha256 by build_info.json.sha256 line 2 (powershell-table)" in page
        assert "no   CRLF line ends" in page
        assert "YES  2 versions of this file in git" in page
        assert any(value.startswith("blob ") and value.endswith("with CRLF line ends") for value in page)
        assert "~ build_id  canary-b1 -> order030-b1" in page
        assert "- source" in page
        assert "+ retention_days" in page
        assert "line ends: CRLF -> LF (6 lines)" in page
        assert any(value.startswith("the file was changed on 2025-10-21") for value in page)


async def test_d_compares_with_the_bytes_that_the_sum_was_taken_of(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "older-version")
        await press(pilot, "d")

        assert screen.screen_name == "diff"
        assert screen.diff is not None
        assert screen.diff.before == crlf(pretty(OLD))
        rows = screen.pane("diff").table.rows
        assert [(row.sign, row.field) for row in rows] == [
            ("≈", "line ends"), ("~", "build_id"), ("-", "source"), ("~", "timestamp"), ("+", "retention_days"),
            ("⋯", "equal"),
        ]  # fmt: skip
        assert f"sha256 {sha256(crlf(pretty(OLD)))[:10]} of build_info.json.sha256: git " in text(pilot)
        assert "also: line ends: CRLF -> LF (6 lines) (not counted as changes)" in text(pilot)
        assert lines(pilot)[0].endswith("2 ~  1 -  1 +  1 =")


async def test_tab_turns_between_records_lines_and_bytes_and_o_shows_what_is_equal(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "older-version")
        await press(pilot, "d", "o")
        assert any(row.sign == "=" and row.field == "issuer" for row in screen.pane("diff").table.rows)

        await press(pilot, "o", "tab")
        assert '+    "build_id": "order030-b1",↓' in text(pilot)
        assert '-    "build_id": "canary-b1",←↓' in text(pilot)

        await press(pilot, "tab")
        assert "22 62 75 69 6c 64" in text(pilot)

        await press(pilot, "tab")
        assert "[record] lines bytes" in text(pilot)
        await press(pilot, "shift+tab")
        assert "record lines [bytes]" in text(pilot)


async def test_n_walks_the_changes_and_finds_while_something_is_searched_for(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "older-version")
        await press(pilot, "d", "tab", "g", "n")
        pane = screen.pane("diff")
        assert pane.row.sign == "-"
        first = pane.cursor

        await press(pilot, "n")
        assert pane.cursor > first
        await press(pilot, "N")
        assert pane.cursor == first

        await press(pilot, "slash", *"retention", "enter", "n")
        assert "retention" in pane.row.text


async def test_sums_that_differ_by_encoding_alone_say_so_first(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await press(pilot, "1")
        screen.pane("files").feed(screen.context(), row="batch_a.json")
        await settled(pilot)
        await press(pilot, "d")

        assert "only the encoding differs: line ends: CRLF -> LF (26 lines)" in text(pilot)
        await press(pilot, "tab")
        assert "[←↓ -> ↓" in text(pilot)


async def test_two_marked_files_are_compared_with_each_other(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        for path in ("batch_a.json", "batch_b.json"):
            screen.pane("files").feed(screen.context(), row=path)
            await press(pilot, "m")
        await press(pilot, "d")

        assert screen.diff is not None
        assert screen.diff.sides == ("batch_a.json", "batch_b.json")
        assert [(row.sign, row.field, row.before, row.after) for row in screen.pane("diff").table.rows][:1] == [
            ("~", "duration_ms", 0, 1)
        ]


async def test_a_file_without_a_failing_sum_is_compared_with_one_that_is_chosen(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        screen.pane("files").feed(screen.context(), row="loose.json")
        await press(pilot, "d")
        picker = screen.app.screen
        assert isinstance(picker, Picker)

        picker.query_one(Input).value = "odd.json  "
        await pilot.pause()
        assert picker.query_one(OptionList).option_count == 1
        await pilot.press("enter")
        await settled(pilot)

        assert screen.diff is not None
        assert (screen.diff.comparison.before, screen.diff.comparison.after) == ("odd.json", "loose.json")


async def test_bytes_that_nothing_gives_back_are_told_and_another_file_is_offered(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "mismatch")
        await pilot.press("d")
        await until(pilot, lambda: isinstance(screen.app.screen, Picker))

        assert said(screen).startswith("the expected bytes are not to be had: nothing explains the digest")


async def test_v_compares_with_a_version_in_git(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        screen.pane("files").feed(screen.context(), row="build_info.json")
        await settled(pilot)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(screen.app.screen, Picker))
        await pilot.press("down", "enter")
        await until(pilot, lambda: screen.screen_name == "diff")

        assert screen.diff is not None
        assert screen.diff.before == pretty(OLD)
        assert screen.diff.sides[0].endswith("2025-10-16")


async def test_a_difference_follows_its_file(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "older-version")
        await press(pilot, "d")
        (root / "build_info.json").write_bytes(pretty({**NEW, "issuer": "another"}))
        pane = screen.pane("diff")
        await until(pilot, lambda: any(row.field == "issuer" for row in pane.table.rows))


async def test_w_writes_a_fresh_sum_in_its_own_style_after_a_yes_and_u_takes_it_back(root: Path) -> None:
    path = root / "build_info.json.sha256"
    before = path.read_bytes()
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "older-version")
        await pilot.press("w")
        await until(pilot, lambda: len(screen.app.screen_stack) > 1)
        assert sha256(pretty(NEW)).upper()[:40] in text(pilot)
        assert path.read_bytes() == before

        await press(pilot, "y")
        old, new = sha256(crlf(pretty(OLD))).upper(), sha256(pretty(NEW)).upper()
        assert path.read_bytes() == before.decode("utf-16").replace(old, new).encode("utf-16")
        await until(pilot, lambda: dict(screen.tally.sums).get("older-version", 0) == 0)

        await press(pilot, "u")
        assert path.read_bytes() == before


async def test_w_writes_nothing_without_a_yes(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        before = (root / "odd.json.sha256").read_bytes()
        await go_to(screen, pilot, "mismatch")
        for key in ("escape", "n", "q"):
            await pilot.press("w")
            await until(pilot, lambda: len(screen.app.screen_stack) > 1)
            await pilot.press("enter", key)
            await until(pilot, lambda: len(screen.app.screen_stack) == 1)
        assert (root / "odd.json.sha256").read_bytes() == before


async def test_w_does_nothing_when_read_only(root: Path) -> None:
    async with opened(root, is_read_only=True) as (screen, pilot):
        await go_to(screen, pilot, "older-version")
        await press(pilot, "w")

        assert said(screen) == "started with --read-only: nothing is written here"
        assert "w writes" not in text(pilot)


async def test_w_asks_for_a_single_claim(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "line-endings")
        await press(pilot, "w")

        assert said(screen) == "t lists single sums; w renews the one under the cursor"


def test_a_sidecar_that_is_a_link_out_of_the_directory_is_not_touched(tmp_path: Path, root: Path) -> None:
    outside = tmp_path / "outside.sha256"
    outside.write_bytes((root / "odd.json.sha256").read_bytes())
    (root / "odd.json.sha256").unlink()
    (root / "odd.json.sha256").symlink_to(outside)
    claim = Claim("odd.json.sha256", "sidecar", "odd.json", sha256(b"nobody knows"), "line 1")

    with pytest.raises(Unreadable, match="link out of the watched directory"):
        fresh(str(root), Verdict(claim, "odd.json", "", "mismatch"))


async def test_x_writes_the_verdicts_as_json_and_a_difference_as_markdown(tmp_path: Path, root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "older-version")
        await press(pilot, "x", "d", "x")
        names = sorted(path.name for path in (tmp_path / "teleloupe-exports").glob("*") if path.suffix != ".sha256")

        assert names == ["build_info.json.diff.20251022T140000.md", "exports.sums.20251022T140000.json"]
        report = json.loads((tmp_path / "teleloupe-exports" / names[1]).read_bytes())
        assert report["summary"] == {
            "artefacts": 6, "ok": 1, "line-endings": 3, "older-version": 1, "mismatch": 1
        }  # fmt: skip
        assert (
            "| ~ |  | build\\_id | canary-b1 | order030-b1 |" in (tmp_path / "teleloupe-exports" / names[0]).read_text()
        )


@pytest.mark.parametrize(
    ("letter", "name", "start"),
    [
        ("j", "build_info.json.diff.20251022T140000.json", b"{"),
        ("u", "build_info.json.diff.20251022T140000.diff", b"--- expected (git)\n+++ actual\n@@ "),
        ("e", "build_info.json.expected.20251022T140000.json", crlf(pretty(OLD))),
    ],
)
async def test_the_export_dialog_writes_a_difference_in_other_forms(
    tmp_path: Path, root: Path, letter: str, name: str, start: bytes
) -> None:
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "older-version")
        await press(pilot, "d", "X", letter)

        assert (tmp_path / "teleloupe-exports" / name).read_bytes().startswith(start)


async def test_y_copies_hash_and_fix(root: Path) -> None:
    from teleloupe_tui.screens.copying import copies

    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "older-version")
        assert copies(screen, screen.here)["h"] == sha256(pretty(NEW))

        await go_to(screen, pilot, "line-endings")
        assert copies(screen, screen.here)["f"].startswith(
            "echo '/batch_a.json text eol=crlf' >> .gitattributes && echo"
        )


def test_bytes_and_lines_rows_cover_both_versions_whatever_is_hidden() -> None:
    old, new = pretty(rituals(40)), pretty(rituals(40, status="failure")).replace(b"units", b"parts", 1)
    diff = differences.made(
        compared(Blob("a.json", old, 0, 0, ""), Blob("a.json", new, 0, 0, ""), "a", "b"), "a", ("a", "b")
    )

    rows = list(differences.byte_rows(diff, 8, has_all=True))
    assert b"".join(row.before_bytes for row in rows) == old
    assert b"".join(row.after_bytes for row in rows) == new
    hidden = list(differences.byte_rows(diff, 8, has_all=False))
    assert len(hidden) < len(rows)
    assert sum(len(row.before_bytes) + row.left_out for row in hidden) == len(old)
    every = list(differences.table(diff, "lines+").rows)
    assert [row.text for row in every if row.sign != "+"] == visible_lines(old)
    assert [row.text for row in every if row.sign != "-"] == visible_lines(new)


def test_hundred_thousand_records_are_compared_within_two_seconds() -> None:
    records = [{**rituals(2)[0], "batch_id": f"alfa-{index:010d}-11223344"} for index in range(100_000)]
    old = json.dumps(records).encode()
    for index in range(0, 100_000, 100):
        records[index] = {**records[index], "duration_ms": 5}
    new = json.dumps(records).encode()
    blobs = [Blob("a.json", data, len(data), 0, "") for data in (old, new)]

    started = time.process_time()
    found = compared(blobs[0], blobs[1], "a", "b")
    taken = time.process_time() - started

    assert found.changes.counts()["changed"] == 1000
    assert taken < 6  # the benchmark has the figure; this guards against another order of growth


LOOKS = {
    "causes": ("4", "j", "j"),
    "claim": ("4", "j", "enter", "enter"),
    "record": ("4", "j", "d"),
    "lines": ("4", "j", "d", "tab"),
    "bytes": ("4", "j", "d", "tab", "tab"),
    "fresh": ("4", "j", "w"),
}


@pytest.mark.parametrize("size", [SMALL, MIDDLE, (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("look", LOOKS)
def test_sums_and_differences_look_as_drawn(snap_compare: Any, root: Path, look: str, size: tuple[int, int]) -> None:
    app = Teleloupe(Directory(Start(str(root), has_memory=False)), clock=lambda: NOW)

    async def act(pilot: Pilot[Any]) -> None:
        screen = pilot.app.screen_stack[0]
        assert isinstance(screen, Inspector)
        await until(pilot, lambda: screen.is_read and bool(screen.snapshot.verdicts))
        await settled(pilot)
        await press(pilot, *LOOKS[look])
        await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=act)


def test_flags_may_stand_anywhere_before_two_hyphens(root: Path) -> None:
    assert start_of([str(root), "--read-only"]) == Start(str(root), is_read_only=True)
    assert start_of(["--no-memory", str(root)]) == Start(str(root), has_memory=False)
    with pytest.raises(Unreadable, match="no such file"):
        start_of(["--", "--read-only"])


async def test_bytes_that_held_once_are_recalled_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "exports"
    root.mkdir()
    signed = pretty(rituals(3))
    (root / "a.json").write_bytes(signed)
    (root / "a.json.sha256").write_text(f"{sha256(signed)}  a.json\n")
    async with inspector(Directory(Start(str(root))), MIDDLE) as (screen, pilot):
        await until(pilot, lambda: dict(screen.tally.sums).get("ok") == 1)
        (root / "a.json").write_bytes(pretty(rituals(3, duration_ms=7)))
        await until(pilot, lambda: dict(screen.tally.sums).get("older-version") == 1)
        await settled(pilot)
        await press(pilot, "d")

        assert screen.diff is not None
        assert screen.diff.before == signed
        assert screen.diff.sides == ("expected (memory)", "actual")


async def test_w_gives_a_file_that_nobody_vouches_for_its_first_sidecar(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "unvouched")
        await press(pilot, "w")
        assert isinstance(pilot.app.screen, Picker)
        await press(pilot, "enter")
        assert "a new file" in text(pilot)
        await press(pilot, "y")
        await until(pilot, lambda: bool(screen.exports))

        (path,) = [Path(saved.path) for saved in screen.exports]
        subject = path.with_suffix("")
        assert path.read_text() == f"{sha256(subject.read_bytes())}  {subject.name}\n"

        await press(pilot, "u")
        assert not path.exists()


async def test_a_first_sidecar_never_replaces_one_that_came_meanwhile(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await go_to(screen, pilot, "unvouched")
        await press(pilot, "w", "enter")
        subject = screen.panes["sums"].row.paths[0]
        (root / f"{subject}.sha256").write_text("precious")
        await press(pilot, "y")

        assert "it is there already" in said(screen)
        assert (root / f"{subject}.sha256").read_text() == "precious"


async def test_w_makes_a_first_checksum_where_there_is_none_at_all(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(pretty(rituals(3)))
    async with inspector(Directory(Start(str(tmp_path), has_memory=False)), SMALL) as (screen, pilot):
        await until(pilot, lambda: screen.is_read)
        await press(pilot, "4")
        assert "w makes a first checksum for one of them: a.json, b.json" in text(pilot)
        assert "w first sum" in text(pilot)

        await press(pilot, "t")
        assert "no checksums speak of these files" in text(pilot)
        await press(pilot, "w", *"b.json", "enter", "y")
        await until(pilot, lambda: screen.tally.sums == (("ok", 1), ("mismatch", 0)))

    assert (tmp_path / "b.json.sha256").read_text() == f"{sha256(pretty(rituals(3)))}  b.json\n"
    assert not (tmp_path / "a.json.sha256").exists()


async def test_where_nothing_may_be_written_no_first_checksum_is_offered(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(pretty(rituals(3)))
    source = Directory(Start(str(tmp_path), has_memory=False, is_read_only=True))
    async with inspector(source, SMALL) as (screen, pilot):
        await until(pilot, lambda: screen.is_read)
        await press(pilot, "4", "w")

        assert "first checksum" not in text(pilot)
        assert said(screen) == "started with --read-only: nothing is written here"
