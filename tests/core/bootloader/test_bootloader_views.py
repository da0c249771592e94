"""The bootloader's views: exact cells over a make-believe run, and what can be made of a report."""

from __future__ import annotations

import hashlib
import json
import math

from bootloader_machine import Machine, run_texts
from msgspec import structs

from teleloupe import formats
from teleloupe.formats import bootloader
from teleloupe.formats.bootloader.shapes import History
from teleloupe.model import DIRECTORY, Blob, Chart, Document, Place, Table
from view_reading import cells

TEXTS = run_texts(9, seed=7, failing=(5,))
REPORTS = list(Machine(7, (5,)).run(9))
ROOT = Document(".", kind=DIRECTORY)
FOLDER = "seq/20260301_060000"


def loaded(path: str, data: bytes, mtime_ns: int = 0) -> Document:
    return formats.load(Blob(path, data, len(data), mtime_ns, hashlib.sha256(data).hexdigest()))


def run_of(texts: list[bytes], folder: str = FOLDER) -> dict[str, Document]:
    paths = [f"{folder}/gen_{number}.txt" for number in range(1, len(texts) + 1)]
    return {path: loaded(path, data) for path, data in zip(paths, texts, strict=True)}


RUN = run_of(TEXTS)


def path_of(number: int, folder: str = FOLDER) -> str:
    return f"{folder}/gen_{number}.txt"


def table(name: str, documents: dict[str, Document], document: Document = ROOT) -> Table:
    return next(view for view in bootloader.FORMAT.views if view.id == name).table(document, documents)


def charts(name: str, documents: dict[str, Document], document: Document = ROOT) -> tuple[Chart, ...]:
    return next(view for view in bootloader.FORMAT.views if view.id == name).charts(document, documents)


def history_of(number: int) -> History:
    found = REPORTS[number - 1].history
    assert found is not None
    return found


def sizes() -> list[int]:
    return [len(report.kernel.payload) for report in REPORTS if report.kernel]


def test_generations_are_rows_with_what_led_to_them() -> None:
    found = table("generations", RUN)

    assert [row[0] for row in cells(found, "n")] == list(range(1, 10))
    assert cells(found, "size", "change")[:2] == [(sizes()[0], None), (sizes()[1], sizes()[1] - sizes()[0])]
    assert cells(found, "n", "state", "repairs", "revisions", "trap")[3:6] == [
        (4, "ok", 0, 1, ""),
        (5, "repaired", 1, 2, "trap"),
        (6, "ok", 0, 1, ""),
    ]
    seconds = REPORTS[3].values["duration"]
    assert cells(found, "duration", "as_written")[3] == (seconds, f"{seconds:g} ms, counts seconds")
    assert cells(found, "duration", "as_written")[0] == (None, "")
    assert cells(found, "hash", "issues", "run")[0] == (RUN[path_of(1)].header["kernel"]["sha256"][:12], 0, FOLDER)
    assert found.locate(8) == Place(path_of(9))


def test_a_generation_in_several_files_is_one_row_and_many_repairs_are_stuck() -> None:
    text = TEXTS[3].decode()
    failed = "[GEN 4000] 06:01:00.000 | REPAIR     | FAIL | Kernel Panic: again\n"
    end = text.index("-" * 80 + "\nEND OF REPORT")
    stuck = (text[:end] + failed * 5 + text[end:]).encode()
    packed = f"{path_of(4)}.gz"
    blob = Blob(packed, TEXTS[3], 9, 1, "", packing="gzip")
    documents = RUN | {path_of(4): loaded(path_of(4), stuck, mtime_ns=2), packed: formats.load(blob)}

    rows = cells(table("generations", documents), "n", "state", "repairs", "revisions", "files", "trap")

    assert rows[3] == (4, "stuck", 5, 6, 2, "panic")


def test_the_evolution_of_a_run_is_drawn_over_its_generations() -> None:
    rows = cells(table("evolution", RUN), "n", "size", "inserted", "modified", "appended", "removed", "repairs")
    drawn = {chart.title.partition(",")[0]: chart for chart in charts("evolution", RUN)}

    assert rows[8] == (9, sizes()[8], 3, 2, 2, history_of(9).tally.removed, 0)
    kernel = drawn["Kernel size"]
    assert (kernel.shape, kernel.x, kernel.y) == ("line", "generation", "bytes")
    assert [one.label for one in kernel.series] == ["kernel", "smallest", "largest"]
    assert kernel.series[0].points == tuple(enumerate(map(float, sizes()), 1))
    assert drawn["Duration"].series[0].points[0] == (2, REPORTS[1].values["duration"])
    assert drawn["Repairs"].series[0].points[4] == (5, 1)
    report, limit = drawn["Report size"].series
    assert report.points[8] == (9, len(TEXTS[8]))
    assert limit.points == ((1, 65536), (9, 65536))
    assert "reaches the limit at generation" in next(chart.title for chart in charts("evolution", RUN)[-1:])


def test_a_number_that_no_float_holds_is_listed_and_not_drawn() -> None:
    report = b'{"generation": 2, "kernelSize": 71, "kernelSizeMin": 68, "kernelSizeMax": %s, "history": []}'
    documents = run_of([TEXTS[0], report % (b"9" * 400)])

    largest = cells(table("evolution", documents), "largest")[-1][0]
    drawn = [point for chart in charts("evolution", documents) for one in chart.series for point in one.points]

    assert largest == int("9" * 400)
    assert drawn
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in drawn)


def test_only_the_newest_of_several_runs_is_drawn_and_all_are_listed() -> None:
    documents = RUN | run_of(TEXTS[:2], "seq/20260302060000")

    assert len(cells(table("generations", documents), "n")) == 11
    assert {row[0] for row in cells(table("evolution", documents), "run")} == {"seq/20260302060000"}
    assert len(table("evolution", documents, documents[path_of(3)]).rows) == 9
    assert len(table("generations", documents, Document("seq/20260302060000", kind=DIRECTORY)).rows) == 2


def test_a_change_is_shown_beside_the_text_that_explains_it() -> None:
    found = table("change", RUN, RUN[path_of(2)])

    mutation = history_of(2).rows[-1].details
    first = cells(found)[0]
    assert (first[0], first[3]) == ("explained", mutation)
    assert first[4].startswith("the payloads differ from byte ")
    inserted = [row for row in cells(found) if row[0] == "inserted"]
    before, after = len(REPORTS[0].instructions), len(REPORTS[1].instructions)
    assert [row[2] for row in inserted] == list(range(before, after))
    assert inserted[0][3].startswith("i32.const 0x")
    assert cells(found)[1] == ("same", None, None, "", f"{before - 3} unchanged")
    assert [row[1] for row in cells(found)[2:5]] == [before - 3, before - 2, before - 1]
    assert found.locate(0).at.startswith("line ")


def test_a_change_that_the_text_does_not_explain_is_called_so() -> None:
    documents = RUN | {path_of(1): loaded(path_of(1), TEXTS[0])}
    other = run_texts(9, seed=8)[0]
    documents[path_of(1)] = loaded(path_of(1), other)

    assert cells(table("change", documents, documents[path_of(2)]), "change")[0] == ("not explained",)


def test_a_change_across_a_repair_or_without_a_predecessor_is_not_judged() -> None:
    repaired = cells(table("change", RUN, RUN[path_of(6)]))[0]
    alone = cells(table("change", RUN, RUN[path_of(1)]))

    assert repaired[0] == "not judged"
    assert repaired[4].endswith("a repair replaced the kernel")
    assert alone == [("not judged", None, None, "", "no report of the preceding generation is here")]


def test_representations_name_the_first_byte_that_disagrees() -> None:
    path, file = path_of(4), f"{FOLDER}/kernel_4.b64"
    documents = RUN | {
        path: loaded(path, TEXTS[3].replace(b"0x0020  02", b"0x0020  03")),
        file: loaded(file, b"AGFz"),
    }

    found = table("representations", documents, documents[path])

    names = ("n", "representation", "state", "first_byte", "note")
    count = sizes()[3]
    assert cells(found, *names) == [
        (4, "payload", "agrees", None, ""),
        (4, "dump", "differs", 0x20, f"{count} bytes against {count}"),
        (4, "sequence", "agrees", None, ""),
        (4, "table", "agrees", None, ""),
        (4, "kernel file", "differs", None, "4 bytes with another digest"),
    ]
    assert cells(found, "payload")[1][0].startswith("02 ")
    assert found.locate(1) == Place(path, documents[path].body.at("HEX DUMP"))
    assert found.locate(4) == Place(file)
    assert len(table("representations", documents).rows) == 9 * 5


def test_traps_stand_at_the_generation_where_they_happened() -> None:
    found = table("traps", RUN)

    [row] = cells(found, "n", "attempt", "kind", "state", "reason")
    assert row == (5, 1, "trap", "shown", "wasm3 call 'run': [trap] integer overflow")
    assert found.locate(0).path == path_of(9)
    assert found.locate(0).at.startswith("line ")
    [chart] = charts("traps", RUN)
    assert [(one.label, one.points) for one in chart.series] == [("trap", ((5, 6),))]
    assert len(table("traps", RUN, RUN[path_of(4)]).rows) == 0


def test_opcodes_are_counted_for_the_last_generations() -> None:
    found = table("opcodes", RUN, RUN[path_of(3)])

    assert [column.name for column in found.columns] == ["opcode", "name", "sum", "g1", "g2", "g3"]
    rows = {row[1]: row for row in cells(found)}
    counted = [sum(each[0] == 0x41 for each in report.instructions) for report in REPORTS[:3]]
    assert rows["i32.const"] == ("0x41", "i32.const", sum(counted), *counted)
    [chart] = charts("opcodes", RUN, RUN[path_of(3)])
    assert chart.title == "Opcodes of generation 3"
    assert {one.label: one.points for one in chart.series}["i32.const"] == ((0x41, counted[2]),)


def test_the_history_of_a_run_is_that_of_its_newest_report() -> None:
    found = table("boot-history", RUN)

    assert len(found.rows) == len(RUN[path_of(9)].records)
    failed = [row for row in cells(found, "n", "action", "state", "details") if row[2] != "ok"]
    assert failed == [(5, "REPAIR", "trap", "wasm3 call 'run': [trap] integer overflow")]
    assert found.locate(0) == Place(path_of(9), RUN[path_of(9)].record_at(0))


def test_json_text_and_module_are_made_of_a_whole_report() -> None:
    packed = f"{path_of(2)}.gz"
    documents = {path_of(1): RUN[path_of(1)], packed: formats.load(Blob(packed, TEXTS[1], 9, 0, "", packing="gzip"))}
    assert bootloader.FORMAT.products is not None

    found = {product.path: product.data for product in bootloader.FORMAT.products(ROOT, documents)}

    assert list(found) == [
        *(f"{FOLDER}/{name}" for name in ("gen_1.json", "gen_1.txt", "kernel_1.wasm")),
        *(f"{FOLDER}/{name}" for name in ("gen_2.json", "gen_2.txt", "kernel_2.wasm")),
    ]
    assert found[path_of(2)] == TEXTS[1]
    assert json.loads(found[f"{FOLDER}/gen_1.json"])["generation"] == 1
    assert found[f"{FOLDER}/kernel_1.wasm"].startswith(b"\0asm")


def test_of_a_cut_report_only_its_module_is_made() -> None:
    cut = loaded(path_of(2), TEXTS[1][:-200])
    assert bootloader.FORMAT.products is not None

    assert [product.path for product in bootloader.FORMAT.products(cut, {})] == [f"{FOLDER}/kernel_2.wasm"]


def test_a_stray_report_is_looked_at_alone() -> None:
    stray = loaded(f"{FOLDER}/quine_telemetry_gen3.txt", TEXTS[2])

    assert cells(table("generations", RUN | {stray.path: stray}, stray), "n") == [(3,)]


def test_empty_directories_and_unjudged_reports_have_empty_views() -> None:
    crashed = structs.replace(RUN[path_of(1)], body=None)
    pending = loaded(path_of(1), b"")

    for view in bootloader.FORMAT.views:
        assert len(view.table(ROOT, {}).rows) == 0
        assert view.charts(ROOT, {}) == ()
        assert len(view.table(crashed, {crashed.path: crashed}).rows) == 0
        assert len(view.table(pending, {pending.path: pending}).rows) <= 1
