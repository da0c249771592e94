"""Writes docs/screens/*.svg: pictures of the inspector on the demo directory, the same whenever they are made."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from msgspec import Struct, structs

from teleloupe import disk
from teleloupe.demo.layout import lay_out
from teleloupe.model import Snapshot, Watching
from teleloupe.workspace import Workspace
from teleloupe_tui.app import Teleloupe
from teleloupe_tui.launch import Directory, Start
from teleloupe_tui.screens.inspector import Inspector

HERE = Path(__file__).parent / "screens"
NAME = "telemetry"
SEED = 1
NOW = 1_772_449_200  # 2026-03-02T11:00:00Z
AGE_S = 240  # of every file
PATIENCE = 2_000  # looks at whether the app has settled, a hundredth of a second apart
_FONT_FACE = re.compile(r"\s*@font-face \{.*?\n    \}\n", re.DOTALL)


class Scene(Struct, frozen=True):
    """A picture: the file to begin with, the keys to press, the size in cells."""

    select: str
    keys: tuple[str, ...]
    size: tuple[int, int] = (112, 30)


SCENES = {
    "files": Scene("checksums/line-ends/composite_export.json", ()),
    "sums": Scene("checksums/utf-16/composite_export.json", ("4", *("j",) * 10)),
    "diff": Scene("checksums/older-version/composite_export.json", ("d",)),
    "issues": Scene("checksums/twin/composite_export.csv", ("3",)),
}


class Still(Directory):
    """A directory as it is, as the app's source; changes are neither waited for nor told."""

    def __init__(self, root: str) -> None:
        super().__init__(Start(root, has_memory=False, has_state=False))
        self._snapshot = structs.replace(Workspace(root).refresh(), watching=Watching("native"))

    def snapshots(self, stop: Event) -> Iterator[Snapshot]:
        """The one there is."""
        yield self._snapshot
        stop.wait()

    def mode(self) -> str:
        """As if changes were told by the kernel."""
        return "native"


async def picture(source: Still, scene: Scene) -> str:
    """The inspector in a scene as SVG, without the fonts that a browser would fetch from elsewhere."""
    app = Teleloupe(source, clock=lambda: float(NOW), select=scene.select)
    async with app.run_test(size=scene.size) as pilot:
        screen = app.screen_stack[0]
        if not isinstance(screen, Inspector):
            raise TypeError("the first screen is the inspector")

        async def settle() -> None:
            for _ in range(PATIENCE):
                await pilot.pause(0.01)
                if screen.snapshot.generation and screen.is_settled:
                    return
            raise TimeoutError(f"{scene} does not settle")

        await settle()
        for key in scene.keys:
            await pilot.press(key)
            await settle()
        await pilot.pause()
        svg = app.export_screenshot(title="teleloupe")
    return _FONT_FACE.sub("\n", svg).replace("Fira Code", "ui-monospace, Menlo, Consolas").rstrip() + "\n"


async def pictures() -> dict[str, str]:
    """Every picture by name. Raises OSError where git does not answer, whose history belongs to the demo."""
    with tempfile.TemporaryDirectory() as above:
        root = os.path.join(above, NAME)
        os.mkdir(root)
        if not lay_out(root, SEED):
            raise OSError("git does not answer")
        for entry in disk.walk(root):
            os.utime(os.path.join(root, entry.path), (NOW - AGE_S, NOW - AGE_S))
        os.chdir(above)  # the directory has the same name wherever it lies
        source = Still(NAME)
        return {name: await picture(source, scene) for name, scene in SCENES.items()}


def main() -> int:
    """Write the pictures, to the directory that is named or to their place."""
    place = Path(sys.argv[1] if len(sys.argv) > 1 else HERE).absolute()
    for name, svg in asyncio.run(pictures()).items():
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.svg").write_text(svg, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
