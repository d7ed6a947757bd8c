"""From an answer to its request, to what the kernel points at there, and back; through the messages of an exchange."""

from __future__ import annotations

from tests.helpers.paths import CAPTURES
from tests.helpers.viewer_pilot import Screen, run


def frame(at: Screen) -> int:
    entry = at.app.packets.entry
    return 0 if entry is None else entry.number


def note(at: Screen) -> str:
    return "".join(text for _, text in at.app.status.note or [])


async def go(at: Screen, number: int) -> None:
    row = at.app.store.row_of_frame(number)
    assert row is not None
    at.app.packets.aim(row)
    await at.until(lambda: at.app.details.items and at.app.details.items[0].pieces[0][1] == f"Frame {number}")


def test_from_a_refusal_to_the_attribute_at_fault_and_back() -> None:
    """ip link add bond0 type bond mode active-backup lacp_rate fast: the rate stands in bytes 68 to 72 of frame 1."""

    async def steps(at: Screen) -> None:
        await at.write("error")
        await at.until(lambda: at.frames[:3] == [2, 6, 8])
        await go(at, 2)
        refused = at.frames
        await at.press("r")
        await at.until(lambda: frame(at) == 1)
        item = at.app.details.item
        assert item is not None and "IFLA_BOND_AD_LACP_RATE" == item.name
        await at.until(lambda: at.app.hexdump.lit == (16 + 68, 16 + 73))
        assert "IFLA_BOND_AD_LACP_RATE: option not supported in mode; the filter was switched off" in note(at)
        await at.press("r")
        await at.until(lambda: frame(at) == 2)
        assert refused == at.frames

    run(CAPTURES / "refusals.pcap", steps)


def test_to_the_nest_that_lacks_an_attribute() -> None:
    """Statistics of a page pool without its id; the one before names no page pool at all."""

    async def steps(at: Screen) -> None:
        await go(at, 11)
        await at.press("r")
        await at.until(lambda: frame(at) == 10)
        item = at.app.details.item
        assert item is not None and "NETDEV_A_PAGE_POOL_STATS_INFO" == item.name
        assert "NETDEV_A_PAGE_POOL_STATS_INFO.NETDEV_A_PAGE_POOL_ID is missing here" in note(at)
        await go(at, 9)
        await at.press("r")
        await at.until(lambda: frame(at) == 8)
        assert "NETDEV_A_PAGE_POOL_STATS_INFO is missing in this request" == note(at)

    run(CAPTURES / "missing_attribute.pcap", steps)


def test_from_a_request_to_its_answer_and_through_a_dump() -> None:
    """bridge link set: a dump of links in frames 57 to 61, two messages in 58 and in 59."""

    async def steps(at: Screen) -> None:
        await go(at, 57)
        await at.press("r")
        await at.until(lambda: frame(at) == 61)
        assert "the answer; r goes back to the request" == note(at)
        await at.press("r")
        await at.until(lambda: frame(at) == 57)
        for number, place in ((58, 1), (58, 2), (59, 1), (59, 2), (60, 1), (61, 1)):
            await at.press("full_stop")
            await at.until(lambda: at.app.packets.entry.place == place and frame(at) == number)  # type: ignore[union-attr]  # noqa: B023
        assert "message 7 of 7 of exchange 29" == note(at)
        await at.press("full_stop")
        await at.until(lambda: "nothing in the capture" in note(at))
        await at.press("comma", "comma")
        await at.until(lambda: frame(at) == 59)

    run(CAPTURES / "errors.pcap", steps)


def test_the_next_key_gives_a_jump_up() -> None:
    """The messages are joined in steps; a key that comes before the last of them is the one that counts."""

    async def steps(at: Screen) -> None:
        await go(at, 12)
        at.app.worker.put("jump", iter(lambda: True, False))
        assert at.app.worker.busy("jump")
        await at.press("j")
        await at.until(lambda: not at.app.worker.busy("jump"))
        assert 13 == frame(at)

    run(CAPTURES / "errors.pcap", steps)


def test_all_that_tells_of_one_object() -> None:
    """captures/topics/link_flap.sh: what the kernel tells of `left` has its name; `ip link del left` only its index."""

    async def steps(at: Screen) -> None:
        capture = at.app.store.capture
        named = capture.filter('IFLA_IFNAME == "left" and direction != "to kernel"').rows().tolist()
        deleted = at.app.store.row_of_frame(69)
        assert deleted is not None
        about = sorted([*named, deleted])
        row = named[-1]
        at.app.packets.aim(row)
        await at.until(lambda: at.app.packets.row == row)
        await at.press("B")
        await at.until(lambda: "ifi_index == " in at.app.filtering.text)
        await at.until(lambda: at.app.packets.count == len(about))
        assert about == at.app.packets.shown.all().tolist()

    run(CAPTURES / "link_flap.pcap", steps)


def test_from_a_table_to_a_message_that_is_hidden() -> None:
    """The request of what `error` shows; a part of a dump that is folded, from its number too."""

    async def steps(at: Screen) -> None:
        await at.write("error")
        await at.until(lambda: at.frames[:2] == [4, 12])
        await at.press("9")
        await at.until(lambda: any("Exchanges: 19 lines of error" in line for line in at.text))
        await at.press("enter")
        await at.until(lambda: frame(at) == 3)
        assert "it was switched off" in note(at)
        await at.press("D")
        await at.until(lambda: 59 not in at.frames)
        await at.press("colon", "5", "9", "enter")
        await at.until(lambda: frame(at) == 59)

    run(CAPTURES / "errors.pcap", steps)
