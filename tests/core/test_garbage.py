"""The search for garbage while values are made that stay."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor

import pytest

from teleloupe import garbage


def test_old_objects_are_left_alone_meanwhile_and_searched_again_afterwards() -> None:
    usual = gc.get_threshold()

    with garbage.kept():
        assert gc.get_threshold()[0] == usual[0]
        assert min(gc.get_threshold()[1:]) > 1000 * usual[2]

    assert gc.get_threshold() == usual


def test_the_usual_search_comes_back_when_the_last_of_several_ends() -> None:
    usual = gc.get_threshold()
    first, second = garbage.kept(), garbage.kept()

    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold() != usual
    second.__exit__(None, None, None)

    assert gc.get_threshold() == usual


def test_a_failure_brings_the_usual_search_back() -> None:
    usual = gc.get_threshold()

    with pytest.raises(ValueError, match="no"), garbage.kept():
        raise ValueError("no")

    assert gc.get_threshold() == usual


def test_threads_do_not_disturb_each_other() -> None:
    usual = gc.get_threshold()

    def hold(_: int) -> None:
        with garbage.kept():
            assert gc.get_threshold() != usual

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hold, range(400)))

    assert gc.get_threshold() == usual
