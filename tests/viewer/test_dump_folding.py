"""Dumps folded to one line in the list: errors.pcap has a dump of links in frames 58 to 61, asked for in frame 57."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.paths import CAPTURES
from tests.helpers.viewer_pilot import Screen, run


def line(at: Screen, frame: int) -> str:
    return next(one for one in at.lines(at.app.packets) if one.split()[0] == str(frame))


def status(at: Screen) -> str:
    return "".join(text for _, text in at.app.status.left)


def test_a_dump_is_one_line_that_says_how_many_more_there_are() -> None:
    async def steps(at: Screen) -> None:
        everything = at.frames
        await at.press("D")
        await at.until(lambda: len(at.frames) < len(everything))
        place = at.frames.index(57)
        assert [57, 58, 62, 63] == at.frames[place : place + 4]
        assert "RTM_NEWLINK   + 5 parts  lo #1 <UP,LOOPBACK" in line(at, 58)
        assert "parts" not in line(at, 57) + line(at, 62)
        assert f"{len(everything)} messages, dumps folded: {len(at.frames)} lines" in status(at)
        at.app.packets.aim(at.app.store.row_of_frame(58))
        await at.press("plus")
        await at.until(lambda: [57, 58, 58, 59, 59, 60, 61, 62] == at.frames[place : place + 8])
        assert "parts" not in line(at, 58)
        await at.press("j", "j", "plus")
        await at.until(lambda: [57, 58, 62] == at.frames[place : place + 3])
        assert 58 == at.app.packets.entry.number and 1 == at.app.packets.entry.place
        await at.press("D")
        await at.until(lambda: at.frames == everything)

    run(CAPTURES / "errors.pcap", steps)


def test_of_a_filtered_dump_the_first_part_that_is_shown_stays() -> None:
    """Of the four links of the dump, three are no loopback; filters, views and copies know all of them."""

    async def steps(at: Screen) -> None:
        await at.write("frame.number in {57..61} and ifi_index > 1")
        await at.until(lambda: at.frames == [58, 59, 59, 60])
        await at.press("D")
        await at.until(lambda: at.frames == [58])
        assert "+ 3 parts  d0 #2" in line(at, 58)
        assert 4 == len(at.app.scene().rows())

    run(CAPTURES / "errors.pcap", steps)


def test_how_a_dump_ended_is_said_where_that_is_not_well() -> None:
    """An address was added while 253 of them were listed: captures/dump_interrupted.pcap"""

    async def steps(at: Screen) -> None:
        await at.press("D")
        await at.until(lambda: at.frames[:3] == [1, 2, 4])
        assert "+ 252 parts, interrupted  127.0.0.1/8" in line(at, 2)

    run(CAPTURES / "dump_interrupted.pcap", steps, size=(140, 40))


def test_a_jump_or_a_search_into_a_folded_dump_opens_it() -> None:
    async def steps(at: Screen) -> None:
        await at.press("D")
        await at.until(lambda: 61 not in at.frames and 57 in at.frames)
        at.app.packets.aim(at.app.store.row_of_frame(57))
        await at.press("r")
        await at.until(lambda: at.app.packets.entry.number == 61)
        assert "NLMSG_DONE" in line(at, 61)
        await at.press("plus")
        await at.until(lambda: 61 not in at.frames)
        at.app.packets.aim(at.app.store.row_of_frame(57))
        await at.press("s", *"nlmon0", "enter")
        await at.until(lambda: at.app.packets.entry.number == 59)
        assert 59 in at.frames

    run(CAPTURES / "errors.pcap", steps)


def test_a_file_that_grows_is_folded_again(tmp_path: Path) -> None:
    """The dump's end comes later."""
    whole = (CAPTURES / "errors.pcap").read_bytes()
    path = tmp_path / "growing.pcap"
    path.write_bytes(whole)
    sizes: list[int] = []

    async def measure(at: Screen) -> None:
        sizes.append(int(at.app.store.capture.frames["at"][59]))

    run(path, measure)
    path.write_bytes(whole[: sizes[0] - 16])

    async def steps(at: Screen) -> None:
        assert 59 == at.frames[-1]
        await at.press("D")
        await at.until(lambda: at.frames[-2:] == [57, 58])
        assert "+ 3 parts, unfinished" in line(at, 58)
        with path.open("ab") as file:
            file.write(whole[sizes[0] - 16 :])
        await at.until(lambda: "+ 5 parts" in line(at, 58) and at.frames[at.frames.index(58) + 1] == 62)

    run(path, steps)
