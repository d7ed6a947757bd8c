"""What a capture takes without loss, beside tcpdump under the same load; what is left when it is killed or has no room.

    python tests/bench/load.py [burst] [rate] [kill] [full] [--seconds 60] [--rate 20000] [--burst 100000] [--kills 50]

Runs in user-mode Linux (tests/helpers/uml_kernel.py), which has one processor: sender, kernel and capture share it.
Figures, no verdict; tests/capture/test_process*.py hold the short ones that can fail.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.helpers import uml_kernel  # noqa: E402
from tests.helpers.guest_capture import PRELUDE  # noqa: E402

COMMON = """
import random, re, resource
sys.path.insert(0, {root!r})
from tests.helpers.flood import Flood
SECOND = os.sysconf("SC_CLK_TCK")

def cpu(pid):
    fields = Path(f"/proc/{{pid}}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / SECOND

def frames(name):
    with open_capture(name) as reader:
        count = sum(len(window.starts) for window in reader.windows())
        return count, reader.finish()

def show(who, what, sent, captured, received, dropped, seconds, size):
    print(f"{{what:<22}} {{who:<26}} sent {{sent:>8}}  captured {{captured:>8}}  received {{received:>8}}  "
          f"dropped {{dropped:>7}}  cpu {{seconds:6.2f}} s  {{size / 1e6:7.1f}} MB", flush=True)

def ours(what, send, name, **options):
    with CaptureProcess(CaptureConfig(write=name, **options)) as live:
        sent = send(Flood())
        (pid,) = named("nldissect-live")
        seconds, counted = cpu(pid), -1
        while counted != live.progress.captured:        # until it has what the kernel still held
            counted = live.progress.captured
            time.sleep(1.2)
        seconds = cpu(pid)
        live.stop()
        result = live.result
    kept = frames(name)[0] - live.preamble
    assert kept == result.captured, (kept, result)
    size = os.stat(name).st_size
    show("nldissect " + name, what, sent, result.captured, result.received, result.dropped, seconds, size)
    os.unlink(name)

def theirs(what, send, *options):
    sh("ip link add tap9 type nlmon; ip link set tap9 up")
    command = ["tcpdump", "-i", "tap9", "-w", "/run/t.pcap", "-Z", "root", *options]
    tool = subprocess.Popen(command, stderr=subprocess.PIPE)
    said = b""
    while b"listening on" not in said:
        said += os.read(tool.stderr.fileno(), 4096)
    sent = send(Flood())
    time.sleep(3)
    seconds = cpu(tool.pid)
    tool.send_signal(signal.SIGINT)
    said = tool.communicate()[1].decode()
    counts = [int(re.search(rf"(\\d+) packets? {{word}}", said)[1]) for word in ("captured", "received", "dropped")]
    show(" ".join(["tcpdump", *options]), what, sent, *counts, seconds, os.stat("/run/t.pcap").st_size)
    sh("ip link del tap9")
    os.unlink("/run/t.pcap")

def both(what, send):
    ours(what, send, "/run/x.pcapng")
    ours(what, send, "/run/x.pcap")
    theirs(what, send)
    theirs(what, send, "-B", "65536")
"""

SCENES = {
    "burst": """
def send(flood):
    flood.send({burst})
    return {burst}
both("burst of {burst}", send)
""",
    "rate": """
both("{rate}/s for {seconds} s", lambda flood: flood.pace({rate}, {seconds}))
""",
    "kill": """
opened = whole = cut = 0
for turn in range({kills}):
    name = f"/run/k{{turn}}.pcap" + ("ng" if turn % 2 else "")
    with CaptureProcess(CaptureConfig(write=name)) as live:
        sender = os.fork()
        if sender == 0:
            Flood().pace(5000, 30)
            os._exit(0)
        time.sleep(random.random() * 0.8)
        before = sum(1 for _ in open_capture(name))
        os.kill(*named("nldissect-live"), signal.SIGKILL)
        live.result
    os.kill(sender, signal.SIGKILL)
    os.waitpid(sender, 0)
    after, problem = frames(name)
    opened, whole, cut = opened + 1, whole + (after >= before), cut + (problem is not None)
    os.unlink(name)
print(f"killed {kills} times: {{opened}} files open, {{whole}} with all that had been written before the kill, "
      f"{{cut}} with a last record that is cut and said so; devices left: {{sorted(links() - {{'lo'}})}}")
""",
    "full": """
os.makedirs("/run/full", exist_ok=True)
sh("mount -t tmpfs -o size=1m tmpfs /run/full")
for name in ("x.pcap", "x.pcapng"):
    with CaptureProcess(CaptureConfig(write=f"/run/full/{{name}}")) as live:
        Flood().pace(5000, 3)
        print(live.result.error)
    count, problem = frames(f"/run/full/{{name}}")
    size = os.stat(f"/run/full/{{name}}").st_size
    print(f"{{name}}: {{count}} records are read, {{size}} bytes, cut: {{problem}}")
    os.unlink(f"/run/full/{{name}}")
""",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=", ".join(SCENES))
    for name, number in (("seconds", 60), ("rate", 20_000), ("burst", 100_000), ("kills", 50)):
        parser.add_argument(f"--{name}", type=int, default=number)
    options = parser.parse_args()
    os.chdir(tempfile.mkdtemp())
    print(f"load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
    for scene in options.scenes or SCENES:
        values = {**vars(options), "root": str(ROOT)}
        program = PRELUDE + COMMON.format(**values) + SCENES[scene].format(**values)
        result = uml_kernel.run(program, interpreter=sys.executable, timeout=1800)
        print(result.output.rstrip(), flush=True)


if __name__ == "__main__":
    main()
