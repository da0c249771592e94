"""The bootloader's own looks at reports and runs."""

from __future__ import annotations

from teleloupe.formats import View
from teleloupe.formats.bootloader.change_view import change_table
from teleloupe.formats.bootloader.evolution_view import evolution_charts, evolution_table
from teleloupe.formats.bootloader.history_view import history_table, traps_charts, traps_table
from teleloupe.formats.bootloader.opcode_view import opcodes_charts, opcodes_table
from teleloupe.formats.bootloader.reading import KIND
from teleloupe.formats.bootloader.run_view import generations_table
from teleloupe.formats.bootloader.tellings_view import representations_table
from teleloupe.model import DIRECTORY

_ALL = (KIND, DIRECTORY)

VIEWS = (
    View(
        "generations",
        "Generations",
        "One row a generation: look for jumps in size, repairs, stuck generations, and the unit of the duration.",
        _ALL,
        generations_table,
    ),
    View(
        "evolution",
        "Evolution",
        "Kernel, mutations, repairs and report size over the generations: look for spikes and for the 64 KB line.",
        _ALL,
        evolution_table,
        evolution_charts,
    ),
    View(
        "change",
        "Change",
        "The last mutation, instruction by instruction: look for a change that its EVOLVE text does not explain.",
        _ALL,
        change_table,
    ),
    View(
        "representations",
        "Representations",
        "Payload, dump, opcode sequence, disassembly and kernel file: look for the first byte that differs.",
        _ALL,
        representations_table,
    ),
    View(
        "traps",
        "Traps",
        "Every failed boot with the generation where it happened: the header shows the last one for ever.",
        _ALL,
        traps_table,
        traps_charts,
    ),
    View(
        "opcodes",
        "Opcodes",
        "How often each opcode occurs in the last generations: look for what grows.",
        _ALL,
        opcodes_table,
        opcodes_charts,
    ),
    View(
        "boot-history",
        "History",
        "Boots, mutations and repairs in order, the newest report's history holding all others.",
        _ALL,
        history_table,
    ),
)
