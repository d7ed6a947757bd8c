"""The viewer over a live capture in the real kernel, over a file that grows, over standard input."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

from tests.helpers.paths import ROOT

PROGRAM = """
import argparse, asyncio, json, os, subprocess
from nldissect.capture import CaptureConfig, CaptureProcess
from nldissect.viewer.live.control import CaptureControl

live = CaptureControl(lambda: CaptureProcess(CaptureConfig(room=1 << 19)), private=True)
state = live.start()
from tests.helpers.viewer_pilot import Screen
from nldissect.viewer.app import Viewer
from nldissect.viewer.model.capture_model import open_store

options = argparse.Namespace(families=[], order=None, own=False)
def opened(path, hidden):
    return open_store(path, options, None, hidden)

def ip(*words):
    subprocess.run(["ip", *words], check=True)

told = {"device": state.device}
saved = os.environ["SAVED"]

async def main():
    viewer = Viewer(opened(state.files[0]["name"], state.preamble), live=live, reopen=opened)
    async with viewer.run_test(size=(100, 30)) as pilot:
        screen, pane = Screen(viewer, pilot), viewer.packets
        def names():
            return [line for line in screen.lines(pane, 100) if "RTM_NEWLINK" in line and "dummy" in line]
        told["first"] = screen.lines(pane)
        ip("link", "add", "d0", "type", "dummy")
        await screen.until(lambda: any("d0" in line for line in names()))
        told["cursor at the end"] = pane.cursor == pane.count - 1
        told["status"] = screen.text[-1]
        await screen.press("k")
        at = pane.cursor
        ip("link", "add", "d1", "type", "dummy")
        await screen.until(lambda: any("d1" in line for line in names()))
        told["stays"] = pane.cursor == at
        await screen.press("G")
        ip("link", "add", "d2", "type", "dummy")
        await screen.until(lambda: any("d2" in line for line in names()))
        await screen.until(lambda: pane.cursor == pane.count - 1)
        await screen.press("c")
        await screen.until(lambda: "stopped" in screen.text[-1])
        count = pane.count
        await screen.press("R")
        await screen.until(lambda: viewer.prompt.has_class("asking"))
        told["question"] = screen.text[-1]
        viewer.prompt._input.value = saved
        await screen.press("enter")
        await screen.until(lambda: "live on" in screen.text[-1])
        told["saved"] = count
        told["anew"] = [line for line in names() if "d0" in line]
        await screen.until(lambda: not viewer.details.count and not viewer.hexdump.count)
        ip("link", "add", "d3", "type", "dummy")
        await screen.until(lambda: any("d3" in line for line in names()))
        told["only"] = [name for name in ("d0", "d1", "d2") if any(f" {name} " in line for line in names())]
        await screen.press("G")
        many = [f"e{number}" for number in range(80)]
        batch = "".join(f"link add {name} type dummy\\n" for name in many)
        subprocess.run(["ip", "-batch", "-"], input=batch, text=True, check=True)
        await screen.until(lambda: any(" e79 " in line for line in names()[-8:]))
        for _ in range(3):
            subprocess.run(["ip", "link"], stdout=subprocess.DEVNULL, check=True)  # 110 KB
        await screen.until(lambda: len(viewer.store.heads) > 2 and any(" e79 " in line for line in names()))
        told["files"] = len(viewer.store.heads)
        told["all"] = [name for name in many if not any(f" {name} " in line for line in screen.lines(pane))]
        told["last"] = pane.cursor == pane.count - 1
        numbers = [viewer.store.frame_number(pane.shown[place]) for place in range(pane.count)]
        told["through"] = set(range(numbers[0], numbers[-1] + 1)) - set(numbers)
        told["through"] = sorted(told["through"])
        await screen.press("home", "s", *"e41", "enter")
        await screen.until(lambda: viewer.finder is not None and viewer.finder.done)
        told["sought"] = [screen.lines(pane)[pane.shown.index(row)] for row in viewer.finder.rows.tolist()]
        told["has"] = [line for line in screen.lines(pane) if "e41" in line]
        await screen.press("c")
        await screen.until(lambda: "stopped" in screen.text[-1])
        told["shown"] = pane.count
        await screen.press("9", "q")  # it is asked where that can be seen
        await screen.until(lambda: "keep the" in screen.text[-1])
        viewer.prompt._input.value = saved + "2"
        await screen.press("enter")
        await screen.until(lambda: viewer.return_code is not None or not viewer.is_running)
        told["farewell"] = viewer.farewell

asyncio.run(main())
live.close()
told["folder"] = os.path.exists(state.files[0]["name"])
told["devices"] = [one["ifname"] for one in json.loads(subprocess.check_output(["ip", "-json", "link"]))]
print("@" + json.dumps(told))
"""


def test_live_in_the_real_kernel(kernel: ModuleType, tmp_path: Path) -> None:
    """Messages come by themselves; the cursor follows until it is moved; stop, begin anew, keep, let go."""
    saved = tmp_path / "saved.pcapng"
    environment = {"PYTHONPATH": str(ROOT), "SAVED": str(saved)}
    result = kernel.run(PROGRAM, interpreter=sys.executable, environment=environment, timeout=240)
    assert result.status == 0, result.output
    told = json.loads(next(line for line in reversed(result.output.splitlines()) if line.startswith("@"))[1:])
    assert [] == told["first"]  # what the capture itself asked is not shown
    assert told["cursor at the end"] and told["stays"]
    assert f"live on {told['device']}, 0 dropped  follow" in told["status"]
    assert f"keep the {told['saved']} messages?" in told["question"]
    assert told["anew"] == [] == told["only"]
    assert told["files"] > 1 and told["all"] == [] == told["through"] and told["last"]
    assert told["sought"] == told["has"] and 3 < len(told["has"])
    assert told["farewell"] == f"saved {told['shown']:,} messages in {saved}2"
    assert not told["folder"] and not any(name.startswith("nlmon") for name in told["devices"])

    import nldissect
    from nldissect.viewer.model.capture_model import CaptureModel

    with nldissect.open(f"{saved}2") as cap:  # of all the files there were
        assert told["shown"] == len(CaptureModel(cap).every())
        assert {f"e{number}" for number in range(80)} <= set(cap.select("IFLA_IFNAME")["IFLA_IFNAME"].tolist())
    with nldissect.open(saved) as cap:
        assert ["d0", "d1", "d2"] == sorted(
            set(cap.filter('IFLA_IFNAME matches "^d[0-9]$"').select("IFLA_IFNAME")["IFLA_IFNAME"])
        )
