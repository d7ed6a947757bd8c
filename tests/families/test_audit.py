"""NETLINK_AUDIT: records as text, settings and rules as structs."""

from __future__ import annotations

from typing import Any

import pytest

from nldissect.families.audit.control import audit_rule_data
from nldissect.families.audit.records import audit
from nldissect.wire import NETLINK_AUDIT, Context, DecodedMessage, LogLine, nlmon, walk
from tests.helpers.captures import frames, messages, rebuilt, replies, requests, undecoded, value
from tests.helpers.hex_messages import of_body, u32
from tests.helpers.route_messages import body, line


def record(message: DecodedMessage) -> dict[str, Any]:
    """The fields of a record."""
    found: dict[str, Any] = body(message)["record"]["fields"]
    return found


def told(number: int, text: str) -> DecodedMessage:
    """A record with that text."""
    return of_body(NETLINK_AUDIT, number, text.encode())


def test_user_space_record() -> None:
    """What a program handed in stands in msg='...', the kernel's words about the program before it."""
    (found,) = messages("audit.pcap", "AUDIT_USER_AVC")

    assert "audit(1795476911.782:2): pid=842 uid=0 auid=4294967295" in body(found)["record"]["text"]
    assert {
        "timestamp": "1795476911.782", "serial": "2", "pid": "842", "uid": "0", "auid": "4294967295",
        "ses": "4294967295", "subj": "kernel",
        "msg": {"op": "login", "acct": "nobody", "exe": "/bin/login", "res": "success"},
    } == record(found)  # fmt: skip


def test_hexadecimal_is_text() -> None:
    """acct=6E6F20626F6479 of user space and proctitle=... of the kernel, whose NULs part arguments."""
    (login,) = messages("audit.pcap", "AUDIT_USER_LOGIN")
    titles = [record(one)["proctitle"] for one in messages("audit.pcap", "AUDIT_PROCTITLE")]

    assert "no body" == record(login)["msg"]["acct"]
    assert "iptables-legacy -A INPUT -s 192.0.2.7 -j DROP" == titles[0]
    assert "ip link set d0 promisc on" == titles[3]


def test_one_event_is_several_records() -> None:
    """ip link set d0 promisc on"""
    event = [one for one in messages("audit.pcap") if record(one)["serial"] == "7"]

    assert ["AUDIT_ANOM_PROMISCUOUS", "AUDIT_SYSCALL", "AUDIT_PROCTITLE", "AUDIT_EOE"] == [
        one.type_name for one in event
    ]
    assert ("d0", "256", "0") == tuple(record(event[0])[key] for key in ("dev", "prom", "old_prom"))
    assert ("46", "yes", "ip", "/usr/bin/ip", "(null)") == tuple(
        record(event[1])[key] for key in ("syscall", "success", "comm", "exe", "key")
    )
    assert [
        "#7 dev=d0 prom=256 old_prom=0 auid=4294967295 uid=0 gid=0 ses=4294967295",
        "#7 syscall=46 success=yes exit=32 pid=846 auid=4294967295 uid=0 comm=ip exe=/usr/bin/ip key=(null)",
        "#7 proctitle=ip link set d0 promisc on",
        "#7",
    ] == [line(one) for one in event]


def test_watched_programs() -> None:
    """/bin/cat "/run/a b/\u00e4 file"; /bin/echo "two words" "" plain '"quoted"': hexadecimal."""
    cat, echo = messages("audit_events.pcap", "AUDIT_EXECVE")[:2]

    assert "a1=2F72756E2F6120622FC3A42066696C65" in body(cat)["record"]["text"]
    assert "/run/a b/\u00e4 file" == record(cat)["a1"]
    assert ["two words", "", "plain", '"quoted"'] == [record(echo)[f"a{place}"] for place in range(1, 5)]
    name, again, loader = (record(one) for one in messages("audit_events.pcap", "AUDIT_PATH")[:3])
    assert ("/bin/cat", "0100755", "NORMAL") == (name["name"], name["mode"], name["nametype"])
    assert ("1", "/lib64/ld-linux-x86-64.so.2") == (again["item"], loader["name"])


def test_watched_addresses() -> None:
    """connect() by IPv4 and IPv6, bind() to an abstract name, connect() to a file with rubbish behind its name."""
    found = [record(one)["saddr"] for one in messages("audit_events.pcap", "AUDIT_SOCKADDR")]

    assert ["127.0.0.1:9", "[::1]:9", "@abstract name"] == found[:3]
    assert {"/var/run/nscd/socket"} == {*found[3:]}


def test_refused_crashed_and_lesser_programs() -> None:
    refused = next(one for one in messages("audit_events.pcap", "AUDIT_SYSCALL") if record(one)["key"] == "denied")
    (crash,) = messages("audit_events.pcap", "AUDIT_ANOM_ABEND")
    (rights,) = messages("audit_events.pcap", "AUDIT_BPRM_FCAPS")

    assert ("257", "no", "-13", "65534") == tuple(record(refused)[key] for key in ("syscall", "success", "exit", "uid"))
    assert ("11", "python3") == (record(crash)["sig"], record(crash)["comm"])
    assert 1 << 25 == int(record(rights)["old_pp"], 16) ^ int(record(rights)["pp"], 16)  # CAP_SYS_TIME
    assert "net work" in {record(one)["key"] for one in messages("audit_events.pcap", "AUDIT_CONFIG_CHANGE")[:4]}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("02000050C0000201", "192.0.2.1:80"),
        ("00020050C0000201", "192.0.2.1:80"),  # a big-endian host
        ("100000000000000000000000", "100000000000000000000000"),  # AF_NETLINK
        ("0100", "0100"),
        ("01002F7FFF", "01002F7FFF"),
        ("0200", "0200"),
    ],
)
def test_socket_addresses(raw: str, text: str) -> None:
    kind = LogLine(None, addresses="saddr").named("record")

    assert {"saddr": text} == kind.json(kind.accept(f"saddr={raw}"))["fields"]


def test_denial() -> None:
    """Words before the pairs, as security/selinux/avc.c writes them."""
    found = told(
        1400,
        'audit(1700000000.123:456): avc:  denied  { read write } for  pid=12 comm="cat" name="shadow" dev="sda1" '
        "ino=5 scontext=user_u:user_r:user_t:s0 tcontext=system_u:object_r:shadow_t:s0 tclass=file permissive=0",
    )

    assert ("AUDIT_AVC", "shadow", "0") == (found.type_name, record(found)["name"], record(found)["permissive"])
    assert line(found).startswith("#456 avc: denied { read write } for pid=12 comm=cat name=shadow dev=sda1 ino=5")


def test_arguments_are_text_in_execve_only() -> None:
    text = "audit(1.000:1): argc=2 a0=6C732061 a1=22"

    assert {"argc": "2", "a0": "ls a", "a1": '"'} == {
        key: text for key, text in record(told(1309, text)).items() if key not in ("timestamp", "serial")
    }
    assert "6C732061" == record(told(1300, text))["a0"]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", {}),
        ("hello", {}),
        ("cause=missing hash op=x, y=2", {"cause": "missing hash", "op": "x", "y": "2"}),
        ('a="', {"a": '"'}),
        ("a=' b=1", {"a": "'", "b": "1"}),
        ("msg='op=x msg='op=y''", {"msg": {"op": "x", "msg": "op=y"}}),
        ("comm=6", {"comm": "6"}),
        ("comm=0102", {"comm": "0102"}),
        ("comm=C3BC", {"comm": "\u00fc"}),
        ("a=1 a=2", [["a", "1"], ["a", "2"]]),
        ("audit(1.5:2): audit(3.5:4): x=1", {"timestamp": "1.5", "serial": "2", "x": "1"}),
        ("='= ==' \u00e4=1 old-auid=5", {"old-auid": "5"}),
    ],
)
def test_odd_lines(text: str, fields: Any) -> None:
    """Nothing is lost or raised, whatever a program hands in."""
    kind = LogLine(None, "comm").named("record")
    found = kind.decoder("<")(text.encode(), 0, len(text.encode()))

    assert {"text": text, "fields": fields} == kind.json(found)
    assert text.encode() == kind.encode(found, "<")


def test_lines_that_are_no_text_stay_bytes() -> None:
    found = of_body(NETLINK_AUDIT, 1100, b"a=\xff")

    assert {"record": {"undecoded": "613dff"}} == body(found)


def test_deep_quotes_end() -> None:
    """Many quotes are neither deep nor slow."""
    assert "AUDIT_USER" == told(1005, "a='" * 20_000).type_name


def test_status() -> None:
    (asked,) = requests("audit_control.pcap", "AUDIT_GET")
    (answer,) = replies("audit_control.pcap", "AUDIT_GET")
    (change,) = requests("audit_control.pcap", "AUDIT_SET")

    assert [] == asked.layers
    assert (0, "AUDIT_FAIL_PRINTK", 64) == tuple(
        value(answer, name) for name in ("enabled", "failure", "backlog_limit")
    )
    assert 7 == len(value(answer, "feature_bitmap"))
    assert "set backlog_limit 320" == line(change)
    waiting = of_body(NETLINK_AUDIT, 1001, u32(0x20) + bytes(32) + u32(1000) + bytes(4))
    assert "set backlog_wait_time 1000" == line(waiting)
    assert "set enabled 0 reset lost" == line(of_body(NETLINK_AUDIT, 1001, u32(0x41) + bytes(40)))


def test_rules() -> None:
    """auditctl -l: what was added comes back, system calls as numbers, texts behind the struct."""
    denied, watch, quiet = replies("audit_control.pcap", "AUDIT_LIST_RULES")

    assert {
        "flags": "AUDIT_FILTER_EXIT", "action": "AUDIT_ALWAYS", "field_count": 4, "mask": "2,257",
        "fields": ["AUDIT_ARCH", "AUDIT_EXIT", "AUDIT_LOGINUID", "AUDIT_FILTERKEY"],
        "values": [0xC000003E, 0xFFFFFFF3, 1000, 6],
        "fieldflags": ["AUDIT_EQUAL", "AUDIT_EQUAL", "AUDIT_GREATER_THAN_OR_EQUAL", "AUDIT_EQUAL"],
        "buflen": 6, "buf": "denied",
    } == body(denied)  # fmt: skip
    assert ("0-2031", "/etcconfig") == (value(watch, "mask"), value(watch, "buf"))  # the last 16 bits are classes
    assert "always,exit syscalls 2,257 arch=b64 exit=-EACCES auid>=1000 key=denied" == line(denied)
    assert "always,exit syscalls all dir=/etc perm=wa key=config" == line(watch)
    assert "never,exclude msgtype=SYSCALL" == line(quiet)


def rule(*conditions: tuple[int, int, int], texts: bytes = b"") -> str:
    """The line of struct audit_rule_data (linux/audit.h): a condition is a field, an operator and a value."""
    lists = [b"".join(u32(one[at]) for one in conditions).ljust(4 * 64, b"\0") for at in (0, 2, 1)]
    head = u32(4) + u32(2) + u32(len(conditions)) + bytes(4 * 64)
    return line(of_body(NETLINK_AUDIT, 1013, head + b"".join(lists) + u32(len(texts)) + texts))


def test_conditions_read_as_auditctl_lists_them() -> None:
    """Values by src/auditctl-listing.c: signed unless it says otherwise; texts one behind the other."""
    equal, unequal, above, mask = 0x40000000, 0x30000000, 0x20000000, 0x08000000
    assert "always,exit auid!=-1" == rule((9, unequal, 0xFFFFFFFF))
    assert "always,exit arch=b32 exit=-EPERM success=0" == rule(
        (11, equal, 0x40000003), (103, equal, 0xFFFFFFFF), (104, equal, 0)
    )
    assert "always,exit exit>300 a0&0x80" == rule((103, above, 300), (200, mask, 0x80))
    assert "always,exit inode=4294967295 perm=rx msgtype=4711" == rule(
        (102, equal, 0xFFFFFFFF), (106, equal, 5), (12, equal, 4711)
    )
    named = rule((105, equal, 9), (112, equal, 4), (210, equal, 4), texts=b"/etc/\xc3\xa4\x1b[" + b"/bin" + b"key1")
    assert "always,exit path=/etc/ä\\x1b[ exe=/bin key=key1" == named
    assert "always,exit 77=1 pid 0x7 1" == rule((77, equal, 1), (0, 7, 1))
    assert "always,exit key=ke" == rule((210, equal, 4), texts=b"ke")
    assert "always,exit" == rule()


@pytest.mark.parametrize("count", [0x104, 80])
def test_lists_of_a_damaged_rule_are_not_read_as_conditions(count: int) -> None:
    """`auditctl -d always,exit ...` with another field_count: the fields, or the operators, are no whole numbers."""
    frame = bytearray(next(one for one in frames("audit_control.pcap") if one[20:22] == b"\xf4\x03"))
    frame[40:44] = u32(count)
    (message,) = walk(bytes(frame), Context("little")).messages
    packet = nlmon(bytes(frame), _context=Context("little")).messages[0][audit_rule_data]

    assert "always,exit syscalls 2,257" == line(message) == packet.mysummary()
    assert 1 == sum(note.kind == "wrong length" for note in message.notes)


def test_features_tty_equivalence_and_signals() -> None:
    assert {"enabled": 1, "log_passwd": 0} == body(replies("audit_control.pcap", "AUDIT_TTY_GET")[1])
    assert "of LOGINUID_IMMUTABLE" == line(requests("audit_control.pcap", "AUDIT_SET_FEATURE")[0])
    assert {"oldlen": 4, "newlen": 4, "old": "/etc", "new": "/srv"} == body(
        requests("audit_control.pcap", "AUDIT_MAKE_EQUIV")[0]
    )
    assert "uid 4294967295 pid -1" == line(replies("audit_control.pcap", "AUDIT_SIGNAL_INFO")[0])
    assert "op=test acct=nobody res=success" == line(requests("audit_control.pcap", "AUDIT_USER_AUTH")[0])


def test_daemon_is_asked_whether_it_lives() -> None:
    """kernel/audit.c: auditd_send_unicast_skb of AUDIT_REPLACE with a process id."""
    assert "pid 812" == line(of_body(NETLINK_AUDIT, 1329, u32(812)))


def test_everything_is_described() -> None:
    assert [] == undecoded("audit.pcap") == undecoded("audit_control.pcap") == undecoded("audit_events.pcap")


def test_scapy_reads_and_builds() -> None:
    for name in ("audit.pcap", "audit_control.pcap", "audit_events.pcap"):
        assert list(frames(name)) == rebuilt(name)

    found = nlmon(next(frames("audit.pcap")))[audit]
    assert ("text", "timestamp", "serial") == tuple(key for key, _ in found.record[:3])
    found.record = "op=test res=1"
    assert b"op=test res=1" == bytes(found)
    assert bytes.fromhex("02000000") == bytes(audit_rule_data(mask="1"))[12:16]
