"""`nldissect export`: one row a message, in Parquet and Arrow."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import nldissect
from nldissect.cli import main
from nldissect.columns.block_reader import BlockReader
from nldissect.columns.names.timeline import INTERFACE
from tests.helpers.cli import run
from tests.helpers.messages import ROUTE, USERSOCK, attribute, error, frame, link, write
from tests.helpers.paths import CAPTURES, ROOT
from tests.helpers.pcap_bytes import SECONDS, described, option, packet, section
from tests.helpers.sizes import SetSizes

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

IFNAME, ALT_IFNAME, PROP_LIST = 3, 53, 52  # linux/if_link.h
EINVAL, EEXIST = 22, 17
SHOWN = (
    "vlan_add",
    "errors",
    "ack_layouts",
    "ethtool",
    "audit",
    "nft_bridge",
    "sock_diag",
    "xfrm",
    "uevent",
    "usersock",
)


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return found


def named(index: int, name: str, *more: bytes, **header: int) -> bytes:
    return link(index, attribute(IFNAME, name.encode() + b"\0"), *more, **header)


def test_columns_and_values(tmp_path: Path) -> None:
    out = tmp_path / "x.parquet"
    request = named(0, "dup", flags=5, seq=7)
    path = write(
        tmp_path / "x.pcap", frame(ROUTE, request), frame(ROUTE, error(EEXIST, request, seq=7), named(4, "up"))
    )
    assert 0 == main(
        ["export", str(path), str(out), "-e", "IFLA_IFNAME", "-e", "ifi_index", "-e", "IFLA_MTU", "--host", "web1"]
    )
    table = parquet.read_table(out)
    assert nldissect.__version__.encode() == table.schema.metadata[b"nldissect"]
    types = {field.name: str(field.type) for field in table.schema}
    assert {
        "time": "timestamp[us, tz=UTC]",
        "frame": "int64",
        "nlmsg_seq": "int64",
        "error": "string",
    }.items() <= types.items()
    assert {"IFLA_IFNAME": "string", "ifi_index": "int64", "IFLA_MTU": "int64"}.items() <= types.items()
    first, second, third = table.drop(["json", "time", "summary"]).to_pylist()
    assert {
        "host": "web1", "capture": str(path), "frame": 1, "message": 1, "interface": None, "protocol": "NETLINK_ROUTE",
        "direction": "to kernel", "nlmsg_len": 40, "nlmsg_type": "RTM_NEWLINK",
        "nlmsg_flags": "NLM_F_REQUEST|NLM_F_ACK", "nlmsg_seq": 7, "nlmsg_pid": 0,
        "family": None, "command": None, "error": None, "IFLA_IFNAME": "dup",
        "ifi_index": 0, "IFLA_MTU": None,
    } == first  # fmt: skip
    assert (2, 1, "NLMSG_ERROR", "EEXIST", None) == tuple(
        second[name] for name in ("frame", "message", "nlmsg_type", "error", "IFLA_IFNAME")
    )
    assert (2, 2, "up", 4) == tuple(third[name] for name in ("frame", "message", "IFLA_IFNAME", "ifi_index"))
    times = table["time"].cast(pyarrow.int64()).to_pylist()
    assert [SECONDS * 10**6, SECONDS * 10**6 + 1000, SECONDS * 10**6 + 1000] == times


NANO = bytes([9])  # if_tsresol: 10^-9
TICKS = [SECONDS * 10**9 + fraction for fraction in (2000, 2999, 2001, 0, 123_456_789)]
MICROSECONDS = [time // 1000 for time in TICKS]


def in_nanoseconds(tmp_path: Path, *options: str) -> Path:
    """Five links, three of them in the same microsecond and not in the order of time; as a table."""
    packets = [packet(frame(ROUTE, link(place)), time) for place, time in enumerate(TICKS)]
    path, out = tmp_path / "ns.pcapng", tmp_path / "ns.parquet"
    path.write_bytes(section() + described(options=option(9, NANO)) + b"".join(packets))
    assert 0 == main(["export", str(path), str(out), "-e", "ifi_index", "-e", "frame.time_relative", *options])
    return out


def test_times_are_microseconds_and_nanoseconds_if_asked(tmp_path: Path) -> None:
    table = parquet.read_table(in_nanoseconds(tmp_path))
    assert ("timestamp[us, tz=UTC]", MICROSECONDS) == (
        str(table.schema.field("time").type), table["time"].cast(pyarrow.int64()).to_pylist()
    )  # fmt: skip
    assert [1, 2, 3, 4, 5] == table["frame"].to_pylist() and [0, 1, 2, 3, 4] == table["ifi_index"].to_pylist()
    table = parquet.read_table(in_nanoseconds(tmp_path, "--nanoseconds"))
    assert ("timestamp[ns, tz=UTC]", TICKS) == (
        str(table.schema.field("time").type), table["time"].cast(pyarrow.int64()).to_pylist()
    )  # fmt: skip


@pytest.mark.parametrize(
    ("resolution", "tick", "time"),
    [
        (0, 1 << 62, None),
        (0, 253_402_300_799, None),  # the last second of the year 9999
        (6, 1 << 62, None),
        (9, (1 << 64) - 1, None),
        (0, 9_223_372_036, 9_223_372_036_000_000),
        (3, 0, 0),
    ],
)
def test_times_that_nobody_can_hold_are_null(tmp_path: Path, resolution: int, tick: int, time: int | None) -> None:
    """Nanoseconds in 64 bits reach from 1677 to 2262; a damaged file may say anything."""
    path, out = tmp_path / "x.pcapng", tmp_path / "x.parquet"
    head = section() + described(options=option(9, bytes([resolution])))
    path.write_bytes(head + packet(frame(ROUTE, link(1)), tick & (1 << 64) - 1))
    for unit, scale in (([], 1), (["--nanoseconds"], 1000)):
        assert 0 == main(["export", str(path), str(out), *unit])
        found = parquet.read_table(out)["time"].cast(pyarrow.int64()).to_pylist()
        assert [None if time is None else time * scale] == found


def test_polars_reads_it(tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    table = polars.read_parquet(in_nanoseconds(tmp_path))
    assert polars.Datetime("us", "UTC") == table.schema["time"]
    assert MICROSECONDS == table["time"].dt.epoch("us").to_list()
    assert [1, 2, 3] == table.filter(polars.col("time") == table["time"][0])["frame"].to_list()


def test_pandas_reads_it(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.read_parquet(in_nanoseconds(tmp_path))
    assert "datetime64[us, UTC]" == str(table["time"].dtype)
    assert MICROSECONDS == table["time"].astype("int64").tolist()
    assert [1, 2, 3] == table.set_index("time").loc[table["time"][0], "frame"].tolist()


def test_duckdb_reads_it(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    found = duckdb.sql(f"SELECT typeof(time), epoch_us(time), frame FROM '{in_nanoseconds(tmp_path)}' ORDER BY frame")
    assert [("TIMESTAMP WITH TIME ZONE", time, place) for place, time in enumerate(MICROSECONDS, 1)] == found.fetchall()


def test_spark_reads_it(tmp_path: Path) -> None:
    """Spark knows no nanoseconds: "Illegal Parquet type: INT64 (TIMESTAMP(NANOS,true))"."""
    sql = pytest.importorskip("pyspark.sql", reason="optional: no pyspark")
    if shutil.which("java") is None:
        pytest.skip("optional: Spark needs Java, which is not here")
    spark = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        table = spark.read.parquet(str(in_nanoseconds(tmp_path)))
        assert "timestamp" == dict(table.dtypes)["time"]
        rows = table.selectExpr("frame", "unix_micros(time) AS at", "ifi_index").orderBy("frame").collect()
        assert [(place, time, place - 1) for place, time in enumerate(MICROSECONDS, 1)] == list(map(tuple, rows))
    finally:
        spark.stop()


@pytest.mark.parametrize("name", SHOWN)
def test_json_is_what_ndjson_prints(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = CAPTURES / f"{name}.pcap", tmp_path / "x.parquet"
    assert 0 == main(["read", str(path), "-T", "ndjson"])
    lines = capsys.readouterr().out.splitlines()
    assert 0 == main(["export", str(path), str(out)])
    table = rows(out)
    assert lines == [row["json"] for row in table]
    for row, line in zip(table, map(json.loads, lines), strict=True):
        same = ("frame", "message", "protocol", "direction", "nlmsg_len", "nlmsg_seq", "nlmsg_pid", "summary")
        assert {key: line.get(key) for key in same} == {key: row[key] for key in same}
        assert str(line.get("nlmsg_type")) == str(row["nlmsg_type"])
        assert ("|".join(line["nlmsg_flags"]) or "0" if "nlmsg_flags" in line else None) == row["nlmsg_flags"]


def test_frames_without_messages_and_bare_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frames = (
        frame(ROUTE),
        frame(ROUTE, link(1)),
        b"\0\4",
        frame(USERSOCK, b"hello"),
        frame(ROUTE, link(2)) + b"\1\2\3\4",
    )
    path, out = write(tmp_path / "x.pcap", *frames), tmp_path / "x.parquet"
    assert 0 == main(["export", str(path), str(out)])
    table = rows(out)
    assert [(1, None), (2, 1), (3, None), (4, 1), (5, 1)] == [(row["frame"], row["message"]) for row in table]
    assert ["NETLINK_ROUTE"] * 2 + [None, "NETLINK_USERSOCK", "NETLINK_ROUTE"] == [row["protocol"] for row in table]
    assert all(row["time"] is not None for row in table)
    assert [None, 32, None, None, 32] == [row["nlmsg_len"] for row in table]
    main(["read", str(path), "-T", "ndjson"])
    assert capsys.readouterr().out.splitlines() == [row["json"] for row in table]


def test_duckdb_asks_the_files_of_two_hosts(tmp_path: Path) -> None:
    """Who was refused what, over a fleet; and a path into the JSON."""
    duckdb = pytest.importorskip("duckdb")
    request = named(0, "v5", flags=5, seq=1)
    hosts = {"web1": [EEXIST, EEXIST, EINVAL], "web2": [EEXIST]}
    for host, numbers in hosts.items():
        answers = [frame(ROUTE, error(number, request, seq=1)) for number in numbers]
        path = write(tmp_path / f"{host}.pcap", frame(ROUTE, request), *answers)
        assert 0 == main(["export", str(path), str(tmp_path / f"{host}.parquet"), "--host", host, "-e", "IFLA_IFNAME"])
    table = f"read_parquet('{tmp_path}/*.parquet')"
    found = duckdb.sql(
        f"SELECT host, error, count(*) FROM {table} WHERE error IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert [("web1", "EEXIST", 2), ("web1", "EINVAL", 1), ("web2", "EEXIST", 1)] == found
    inside = "json->>'$.layers.ifinfomsg.attrs.IFLA_IFNAME'"
    names = f"SELECT DISTINCT {inside}, IFLA_IFNAME FROM {table} WHERE IFLA_IFNAME = 'v5'"
    assert [("v5", "v5")] == duckdb.sql(names).fetchall()
    assert [(2,)] == duckdb.sql(f"SELECT count(DISTINCT capture) FROM {table}").fetchall()
    assert [(SECONDS,)] == duckdb.sql(f"SELECT DISTINCT epoch_ns(time) // 1000000000 FROM {table}").fetchall()


def test_arrow_several_files_filter_and_lists(tmp_path: Path) -> None:
    alternatives = attribute(PROP_LIST, attribute(ALT_IFNAME, b"wan\0") + attribute(ALT_IFNAME, b"dsl\0"))
    first = write(tmp_path / "a.pcap", frame(ROUTE, named(1, "a", alternatives)), frame(ROUTE, link(9)))
    second = write(tmp_path / "b.pcap", frame(ROUTE, named(2, "b")))
    out = tmp_path / "x.arrow"
    asked = ["-Y", "IFLA_IFNAME", "-e", "IFLA_ALT_IFNAME", "-E", "occurrence=a"]
    assert 0 == main(["export", str(first), str(second), str(out), *asked])
    table = pyarrow.ipc.open_file(out).read_all()
    assert [(str(first), 1), (str(second), 1)] == list(
        zip(*table.select(["capture", "frame"]).to_pydict().values(), strict=True)
    )
    assert [["wan", "dsl"], []] == table["IFLA_ALT_IFNAME"].to_pylist()
    assert "list<" in str(table.schema.field("IFLA_ALT_IFNAME").type)


def test_the_summary_knows_names_in_filters(tmp_path: Path) -> None:
    frames = [frame(ROUTE, named(7, "wan")), frame(ROUTE, link(7)), frame(ROUTE, link(8))]
    out = tmp_path / "x.parquet"
    path = write(tmp_path / "x.pcap", *frames)
    assert 0 == main(["export", str(path), str(out), "-Y", 'summary contains "wan"'])
    assert [1, 2] == [row["frame"] for row in rows(out)]


def test_names_that_change_all_the_time_are_kept_for_one_block_alone(tmp_path: Path) -> None:
    frames = [frame(ROUTE, one) for name in ["old", "new"] * 300 for one in (named(7, name), link(7))]
    source = BlockReader(str(write(tmp_path / "x.pcap", *frames)), window=8192)
    names, kept, counts = [], [], []
    for block in source.blocks():
        count = len(block.frames.start)
        there = {frame: block.context(frame).name(INTERFACE, 7) for frame in reversed(range(count))}
        names += [there[frame] for frame in range(count)]
        kept.append(len(source.names.history(INTERFACE, 7)))
        counts.append(count)
    assert ["old", "old", "new", "new"] * 300 == names
    assert len(counts) > 5 and max(kept) <= 2 * max(counts)


@pytest.mark.parametrize("least", [0, 1 << 30])
def test_the_summary_knows_names_in_files_of_any_size(
    least: int, tmp_path: Path, sizes: SetSizes, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes(numpy_from=least)
    path = write(tmp_path / "x.pcap", frame(ROUTE, named(7, "wan")), frame(ROUTE, link(7)), frame(ROUTE, link(8)))
    assert 0 == main(["read", str(path), "-Y", 'summary contains "wan"', "-T", "fields", "-e", "frame.number"])
    assert "1\n2\n" == capsys.readouterr().out
    assert 0 == main(["read", str(path), "-T", "fields", "-e", "Summary"])
    assert ["wan #7 <UP>", "wan #7 <UP>", "#8 <UP>"] == capsys.readouterr().out.splitlines()


def test_the_host_may_stand_in_the_file(tmp_path: Path) -> None:
    """As `editcap --capture-comment host=web7` writes it."""
    path, out = tmp_path / "x.pcapng", tmp_path / "x.parquet"
    path.write_bytes(section(options=option(1, b"host=web7")) + described() + packet(frame(ROUTE, link(7)), 500))
    assert 0 == main(["export", str(path), str(out)])
    assert ["web7"] == [row["host"] for row in rows(out)]
    assert 0 == main(["export", str(path), str(out), "--host", "mine"])
    assert ["mine"] == [row["host"] for row in rows(out)]


def test_standard_input_and_files_cut_short(tmp_path: Path) -> None:
    out = tmp_path / "x.parquet"
    data = (CAPTURES / "vlan_add.pcap").read_bytes()[:-7]
    done = run("export", "-", out, stdin=data)
    assert (1, b"") == (done.returncode, done.stdout) and b"standard input: cut short in record 27" in done.stderr
    assert ["standard input"] * 27 == [row["capture"] for row in rows(out)][:27]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{in}"], "name the captures to read"),
        (["{in}", "{dir}/x.csv"], "end it in .parquet or .arrow"),
        (["{in}", "-"], "end it in .parquet or .arrow"),
        (["{dir}/in.parquet", "{dir}/in.parquet"], "is being read"),
        (["{in}", "{dir}/link.parquet"], "is being read"),
        (["{dir}/none.pcap", "{dir}/x.parquet"], "no file"),
        (["{in}", "{dir}/none/x.parquet"], "can't write"),
        (["{in}", "{dir}/x.parquet", "-e", "IFLA_MTUU"], "IFLA_MTU"),
        (["{in}", "{dir}/x.parquet", "-e", "IFLA_LINKINFO"], "holds other fields"),
        (["{in}", "{dir}/x.parquet", "-E", "separator=x"], "occurrence=f"),
        (["-", "-", "{dir}/x.parquet"], "name it once"),
        (["{in}", "{dir}/dir.parquet"], "no regular file"),
    ],
)
def test_mistakes_are_told_on_one_line_and_leave_nothing(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.parquet"  # a capture with a misleading name
    source.write_bytes((CAPTURES / "vlan_add.pcap").read_bytes())
    (tmp_path / "link.parquet").symlink_to(source)
    (tmp_path / "dir.parquet").mkdir()
    before = sorted(tmp_path.iterdir())
    texts = [one.replace("{in}", str(source)).replace("{dir}", str(tmp_path)) for one in arguments]
    assert 2 == main(["export", *texts])
    told = capsys.readouterr().err
    assert says in told and told.startswith("nldissect: ") and "Traceback" not in told
    assert before == sorted(tmp_path.iterdir())
    assert (CAPTURES / "vlan_add.pcap").read_bytes() == source.read_bytes()


def test_what_was_there_stays_until_the_new_file_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "x.parquet"
    out.write_bytes(b"old")
    os.chmod(out, 0o640)

    def full(self: Any, table: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(parquet.ParquetWriter, "write_table", full)
        assert 2 == main(["export", str(CAPTURES / "vlan_add.pcap"), str(out)])
    assert b"old" == out.read_bytes() and [out] == list(tmp_path.iterdir())
    assert 0 == main(["export", str(CAPTURES / "vlan_add.pcap"), str(out)])
    assert 28 == len(rows(out)) and 0o640 == out.stat().st_mode & 0o777


def test_a_new_file_is_for_its_owner(tmp_path: Path) -> None:
    out = tmp_path / "x.arrow"
    assert 0 == main(["export", str(CAPTURES / "vlan_add.pcap"), str(out)])
    assert 0o600 == out.stat().st_mode & 0o777


def test_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One line says what to install."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert 2 == main(["export", str(CAPTURES / "vlan_add.pcap"), str(tmp_path / "x.parquet")])
    assert 1 == capsys.readouterr().err.count("\n") and [] == list(tmp_path.iterdir())


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Peak memory with 2 and with 8 groups of rows: the same but for what the allocator scatters."""
    data = (CAPTURES / "route.pcap").read_bytes()
    program = f"""
import sys
from nldissect.cli import main
from nldissect.sizes import SIZES
SIZES.export_group = 2 << 20
assert main(["export", sys.argv[1], {str(tmp_path / "out.parquet")!r}]) == 0
print(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])  # ru_maxrss counts what was before exec
"""
    peaks, groups = [], []
    for times in (80, 320):
        path = tmp_path / "x.pcap"
        path.write_bytes(data[:24] + data[24:] * times)
        done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, cwd=ROOT, check=True)
        peaks.append(int(done.stdout) << 10)
        groups.append(parquet.ParquetFile(tmp_path / "out.parquet").num_row_groups)
    assert groups[1] > 3 * groups[0]
    assert peaks[1] - peaks[0] < 24 << 20, peaks
