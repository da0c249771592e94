"""Looks: what is read is readable under every theme of ours, without colour, and in ASCII."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from scenes import fed, inspector, lines, settled, text
from textual.color import Color

from teleloupe_tui import asciis, cells, themes, tones
from teleloupe_tui.config import Config
from teleloupe_tui.themes import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, MONOCHROME

TEXTS = (
    *("foreground", "muted", "primary"),
    *("text-primary", "text-success", "text-error", "text-warning", "text-accent"),
)
GROUNDS = ("background", "surface", "panel", "cursor")
FRAMES = ((80, 24), (120, 40), (200, 60))


def luminance(color: Color) -> float:
    shares = (part / 255 for part in (color.r, color.g, color.b))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of the web's accessibility guidelines (WCAG 2.2, 1.4.3)."""
    darker, lighter = sorted((luminance(Color.parse(one)), luminance(Color.parse(other))))
    return (lighter + 0.05) / (darker + 0.05)


def variables(name: str) -> dict[str, str]:
    theme = next(theme for theme in themes.themes() if theme.name == name)
    return {**theme.to_color_system().generate(), **theme.variables}


@pytest.mark.parametrize(
    ("name", "least"), [(DARK, 4.5), (LIGHT, 4.5), (CONTRAST_DARK, 7.0), (CONTRAST_LIGHT, 7.0), (MONOCHROME, 7.0)]
)
def test_every_text_is_readable_on_every_ground(name: str, least: float) -> None:
    found = variables(name)

    for text_token, ground in product(TEXTS, GROUNDS):
        ratio = contrast(found[text_token], found[ground])
        assert ratio >= least, (text_token, ground, round(ratio, 2))
    assert contrast(found["background"], found["accent"]) >= least, "what was found"
    assert contrast(found["primary"], found["background"]) >= 3, "the border of the focus (WCAG 2.2, 1.4.11)"


def test_grids_and_stylesheets_use_no_other_texts_and_grounds() -> None:
    assert {tone.text for tone in tones.TONES.values()} <= {*TEXTS, "", "background"}
    assert {tone.background for tone in tones.TONES.values()} <= {*GROUNDS, "", "accent"}


@pytest.mark.parametrize("name", [DARK, LIGHT, CONTRAST_DARK, CONTRAST_LIGHT])
def test_grounds_of_cursor_and_page_differ(name: str) -> None:
    found = variables(name)

    assert contrast(found["cursor"], found["background"]) >= 1.2


def test_without_colours_no_two_states_of_a_line_look_the_same() -> None:
    found = {name: tones.style(name, {}, has_colours=False) for name in ("", "cursor", "cell", "current", "header")}

    assert len({str(style) for style in (found[""], found["cursor"], found["cell"], found["current"])}) == 4


async def drawn(name: str, size: tuple[int, int], *pressed: str, config: Config | None = None) -> list[Any]:
    """The segments of a screen under a theme."""
    async with inspector(fed(), size, config=config or Config(theme=name)) as (_screen, pilot):
        for key in pressed:
            await pilot.press(key)
            await settled(pilot)
        return [segment for strip in pilot.app.screen._compositor.render_strips() for segment in strip]


@pytest.mark.parametrize("pressed", [(), ("3",), ("4",), ("question_mark",), ("X",), ("y",), ("ctrl+p",)])
async def test_the_monochrome_theme_draws_no_colour_at_all(pressed: tuple[str, ...]) -> None:
    segments = await drawn(MONOCHROME, (120, 40), *pressed)

    assert not [one for one in segments if one.style and (one.style.color or one.style.bgcolor)]
    assert any(one.style and one.style.reverse for one in segments)


async def test_the_theme_can_be_changed_to_no_colours_and_back() -> None:
    async with inspector(fed(), (80, 24)) as (_screen, pilot):
        before = [segment for strip in pilot.app.screen._compositor.render_strips() for segment in strip]
        pilot.app.theme = MONOCHROME
        await settled(pilot)
        colourless = [segment for strip in pilot.app.screen._compositor.render_strips() for segment in strip]
        pilot.app.theme = DARK
        await settled(pilot)
        after = [segment for strip in pilot.app.screen._compositor.render_strips() for segment in strip]

    assert not [one for one in colourless if one.style and (one.style.color or one.style.bgcolor)]
    assert any(one.style and one.style.color for one in before)
    assert after == before


@pytest.mark.parametrize("value", ["1", ""])
async def test_no_color_counts_when_it_is_not_empty(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("NO_COLOR", value)

    segments = await drawn(DARK, (80, 24))

    assert any(one.style and one.style.color for one in segments) == (value == "")


async def test_every_theme_of_the_terminal_library_draws_the_screen() -> None:
    async with inspector(fed(), (120, 40)) as (_screen, pilot):
        for name in pilot.app.available_themes:
            pilot.app.theme = name
            await settled(pilot)
            assert "composite_export.json" in text(pilot), name


async def test_a_theme_that_is_not_there_is_told() -> None:
    async with inspector(fed(), (120, 40), config=Config(theme="teleloupe-drak")) as (_screen, pilot):
        await pilot.pause()

        assert pilot.app.theme == DARK
        assert "look.theme: no theme teleloupe-drak" in text(pilot)


async def test_a_theme_is_named_with_or_without_our_prefix() -> None:
    async with inspector(fed(), (80, 24), config=Config(theme="light")) as (_screen, pilot):
        assert pilot.app.theme == LIGHT


@pytest.mark.parametrize("size", FRAMES)
async def test_ascii_alone_is_drawn_where_it_is_asked_for(size: tuple[int, int]) -> None:
    for pressed in ((), ("t",), ("2",), ("3",), ("4",), ("6",), ("s",), ("question_mark",), ("X",), ("ctrl+p",)):
        segments = await drawn("", size, *pressed, config=Config(is_ascii=True))
        found = {one for segment in segments for one in segment.text if not one.isascii()}
        assert not found, (pressed, found)


async def test_ascii_takes_the_same_room() -> None:
    async with inspector(fed(), (200, 60)) as (_screen, pilot):
        fancy = lines(pilot)
    async with inspector(fed(), (200, 60), config=Config(is_ascii=True)) as (_screen, pilot):
        plain = lines(pilot)

    assert [asciis.plain(line).rstrip() for line in fancy] == [line.rstrip() for line in plain]


@pytest.mark.parametrize("name", ["─│┌└▁▂▃▄▅▆▇█", "⠁⣿⠿", "…·→", "é", "日本", "a\N{COMBINING ACUTE ACCENT}"])
def test_stand_ins_are_as_wide_as_what_they_stand_for(name: str) -> None:
    assert asciis.plain(name).isascii()
    assert cells.width(asciis.plain(name)) == cells.width(name)


def test_signs_that_stand_in_one_column_keep_different_stand_ins() -> None:
    for signs in ("~-+>≈=⋯", "+~-…", "▼▲", "▸▾"):
        assert len({asciis.plain(sign) for sign in signs}) == len(signs), signs


@pytest.mark.parametrize("word", [*cells.TONES, "line-endings", "final-newline", "bom", "encoding", "twin"])
def test_every_state_is_a_word_beside_its_colour(word: str) -> None:
    assert cells.tone(word) in tones.TONES
    assert cells.shown(word).strip()


async def test_what_a_colour_says_is_said_in_words_too() -> None:
    feed = fed()
    async with inspector(feed, (80, 24), config=Config(theme=MONOCHROME)) as (_screen, pilot):
        screen_text = text(pilot)

        assert all(word in screen_text for word in ("error", "warning", "ok", "unknown", "eol", "MISFIT", "LIVE"))
        assert screen_text.count(" > ") == 1, "the row of the cursor"
        await pilot.press("m")
        assert "1 marked" in text(pilot)
