"""The configuration file: what it asks for, and what is said of what is wrong in it."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import Feed, foundry, inspector, text
from textual.keys import _character_to_key

from teleloupe.model import UsageError
from teleloupe_tui import config, keymap, keys
from teleloupe_tui.config import Config, parsed


@pytest.fixture(autouse=True)
def _the_keys_of_the_table() -> Iterator[None]:
    yield
    keymap.use({})


def read(text: str) -> tuple[Config, list[str]]:
    return parsed(text.encode())


def test_a_whole_file_is_read() -> None:
    found, faults = read(
        '[keys]\nexport = "ctrl+e"\nhelp = ["?", "f1", "h"]\nleft = "left"\n'
        '[look]\ntheme = "teleloupe-light"\nascii = true\ntips = false\n'
        '[clipboard]\nway = "file"\n[export]\ndir = "/data/out"\n'
    )

    assert faults == []
    assert found == Config(
        {"export": "ctrl+e", "help": "question_mark,f1,h", "left": "left"},
        "teleloupe-light",
        is_ascii=True,
        clipboard="file",
        export_dir="/data/out",
        has_tips=False,
    )


def test_an_empty_file_asks_for_nothing() -> None:
    assert read("") == (Config(), [])


def test_every_fault_is_named_with_its_line_and_the_rest_is_used() -> None:
    found, faults = read(
        "[keys]\n"
        'exprt = "x"\n'
        'copy = "ctrl+hyper+k"\n'
        "mark = 3\n"
        'versions = "ctrl+v"\n'
        "\n"
        "[look]\n"
        'ascii = "yes"\n'
        'colour = "red"\n'
        "[clipbord]\n"
        'way = "file"\n'
        "[clipboard]\n"
        'way = "smoke"\n'
        "[export]\n"
        'dir = "out"\n'
    )

    assert faults == [
        ":2: no key id 'exprt'; did you mean export?",
        ":3: copy: no key is called 'ctrl+hyper+k'",
        ':4: mark is a key or a list of keys: "x" or ["x", "ctrl+x"]',
        ":8: look.ascii is true or false",
        ":9: nothing in [look] is called 'colour'",
        ":10: no table [clipbord]; did you mean clipboard?",
        ":13: no clipboard way 'smoke'; auto, osc52, native, file",
        ":15: export.dir 'out' is no whole path; begin it with / or ~",
    ]
    assert found == Config({"versions": "ctrl+v"})


def test_two_ids_on_one_key_in_one_pane_are_a_fault_that_names_both() -> None:
    found, faults = read('[keys]\nexport = "y"\ncopy = "y"\nmark = "ctrl+k"\n')

    assert faults == [":2: export and copy are both on y", ":3: export and copy are both on y"]
    assert found.keys == {"mark": "ctrl+k"}


def test_a_key_taken_from_another_id_is_a_fault_unless_that_one_moves_too() -> None:
    taken, faults = read('[keys]\nexport = "y"\n')
    swapped, none = read('[keys]\nexport = "y"\ncopy = "x"\n')

    assert (taken.keys, faults) == ({}, [":2: export and copy are both on y"])
    assert (swapped.keys, none) == ({"export": "y", "copy": "x"}, [])


def test_one_key_may_mean_two_things_in_panes_that_never_meet() -> None:
    found, faults = read('[keys]\nequal = "w"\n')

    assert (found.keys, faults) == ({"equal": "w"}, [])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[keys]\nexport = \n", ":2: invalid value"),
        ("[keys\n", ":1: "),
        ("[look]\nascii = true\nascii = false\n", ":3: cannot overwrite a value"),
    ],
)
def test_text_that_is_no_toml_is_told_with_its_line(text: str, fault: str) -> None:
    found, faults = read(text)

    assert found == Config()
    assert len(faults) == 1
    assert faults[0].startswith(fault)


def test_bytes_that_are_no_text_are_told_with_their_line() -> None:
    assert parsed(b'[keys]\nexport = "\xff"\n') == (Config(), [":2: not UTF-8 text"])


@given(st.binary(max_size=200) | st.text(alphabet='[]keyslo."=\n #{},x1', max_size=60).map(str.encode))
def test_any_bytes_are_read_without_a_crash(data: bytes) -> None:
    found, faults = parsed(data)

    assert isinstance(found, Config)
    assert all(fault.startswith(":") for fault in faults)


def test_dotted_names_and_inline_tables_have_lines_too() -> None:
    assert read('\nkeys.exprt = "x"\n')[1] == [":2: no key id 'exprt'; did you mean export?"]
    assert read('\n\nkeys = {exprt = "x"}\n')[1] == [":3: no key id 'exprt'; did you mean export?"]
    assert read("keys = 3\n")[1] == [":1: keys is a table: write [keys] above its lines"]


def test_names_from_the_file_are_shown_safely() -> None:
    assert read('[keys]\n"a\\u001b[2J" = "x"\n')[1] == [":1: no key id 'a\\x1b[2J'"]


@pytest.mark.parametrize("character", string.punctuation + string.ascii_letters + string.digits)
def test_a_character_has_the_name_that_the_terminal_library_gives_it(character: str) -> None:
    name = keymap.key_named(character)

    assert name == _character_to_key(character)
    assert keymap.spelt(str(name)) == character


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ctrl+k", "ctrl+k"),
        ("pgup", "pageup"),
        ("Esc", "escape"),
        ("shift+alt+x", "alt+shift+x"),
        ("ctrl++", "ctrl+plus"),
        ("ctrl+i", "tab"),
        ("f12", "f12"),
        ("slash", "slash"),
        ("f25", None),
        ("hyper+x", None),
        ("ctrl+ctrl+x", None),
        ("", None),
        ("nonsense", None),
    ],
)
def test_keys_are_written_as_people_write_them(written: str, name: str | None) -> None:
    assert keymap.key_named(written) == name


def test_every_key_of_the_table_can_be_written_in_the_file() -> None:
    for key in keys.KEYS:
        for name in key.now:
            assert keymap.key_named(keymap.spelt(name)) == name


def test_arguments_choose_the_file(tmp_path: Path) -> None:
    file = tmp_path / "teleloupe" / "config.toml"
    file.parent.mkdir()
    file.write_text("[look]\nascii = true\nx = 1\n")
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}

    rest, loaded = config.asked(["--as", "svr", "a"], environment)
    assert (rest, loaded.config.is_ascii) == (["--as", "svr", "a"], True)
    assert loaded.faults == (f"{file}:3: nothing in [look] is called 'x'",)

    assert config.asked(["--no-config", "a"], environment) == (["a"], config.Loaded())
    assert config.asked(["--ascii"], {"XDG_CONFIG_HOME": "/none"})[1].config.is_ascii
    assert config.asked(["--", "--no-config"], {"XDG_CONFIG_HOME": "/none"})[0] == ["--", "--no-config"]
    missing = config.asked([f"--config={tmp_path}/none.toml"], environment)[1]
    assert missing.faults == (f"{tmp_path}/none.toml: no such file or directory",)
    with pytest.raises(UsageError):
        config.asked(["--config", "a", "--no-config"], environment)
    with pytest.raises(UsageError):
        config.asked(["--config"], environment)


async def test_remapped_keys_work_and_are_shown_wherever_keys_are_shown() -> None:
    feed = Feed()
    feed.send(foundry())
    wanted = Config({"help": "h", "left": "left", "issues": "I", "turn": "T", "open": "ctrl+k,enter"})
    async with inspector(feed, (120, 40), config=wanted) as (screen, pilot):
        assert "h help" in text(pilot)
        assert "ctrl+k open" in text(pilot)

        await pilot.press("3")
        assert screen.screen_name == "files"
        await pilot.press("I")
        assert screen.screen_name == "issues"
        assert "I Issues 3" in text(pilot)
        assert "3 Issues" not in text(pilot)

        await pilot.press("h")
        await pilot.pause()
        assert "ctrl+k, enter" in text(pilot)


async def test_texts_that_name_a_key_name_the_remapped_one() -> None:
    feed = Feed()
    feed.send(foundry())
    async with inspector(feed, (120, 40), config=Config({"undo-export": "U", "export": "ctrl+e"})) as (_screen, pilot):
        await pilot.press("U")
        await pilot.pause()

        assert "nothing was exported yet: ctrl+e writes this view" in text(pilot)


async def test_faults_are_told_when_the_inspector_opens() -> None:
    feed = Feed()
    feed.send(foundry())
    async with inspector(feed, (120, 40), faults=["config.toml:2: no key id 'exprt'"]) as (_screen, pilot):
        await pilot.pause()

        assert "config.toml:2: no key id 'exprt'" in text(pilot)


async def test_one_key_on_two_ids_does_what_fits_the_pane() -> None:
    feed = Feed()
    feed.send(foundry())
    async with inspector(feed, (120, 40), config=Config({"next-chart": "t"})) as (screen, pilot):
        await pilot.press("t")

        assert screen.here.asked.form == "tree"


@pytest.mark.parametrize(
    ("environment", "encoding", "theme", "is_ascii"),
    [
        ({"TERM": "xterm-256color"}, "utf-8", "light", False),
        ({"TERM": "vt100"}, "UTF8", "teleloupe-monochrome", False),
        ({"TERM": "vt100", "COLORTERM": "truecolor"}, "utf-8", "light", False),
        ({"TERM": "xterm-256color"}, "iso8859-1", "light", True),
        ({"TERM": "nobody-knows-it"}, "utf-8", "light", False),
    ],
)
def test_the_look_fits_the_terminal(environment: dict[str, str], encoding: str, theme: str, is_ascii: bool) -> None:
    found = config.fitted(Config(theme="light"), environment, encoding)

    assert (found.theme, found.is_ascii) == (theme, is_ascii)


async def test_a_greeting_names_the_keys_as_they_are() -> None:
    feed = Feed()
    feed.send(foundry())
    wanted = Config({"sums": "f4"})
    async with inspector(feed, (120, 40), config=wanted, greeting="{sums:<7}checksums") as (_screen, pilot):
        await pilot.pause()

        assert "f4     checksums" in text(pilot)
