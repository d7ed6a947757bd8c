"""Queueing disciplines and classes on real bytes: what tc sent, and what it printed of the kernel's answers."""

from __future__ import annotations

from typing import Any

from nldissect.families.route.tc import TCA, tcmsg
from nldissect.families.route.tc_shape import TCA_HTB, tc_htb_glob, tc_htb_opt
from nldissect.wire import NETLINK_ROUTE, DecodedMessage, nlmon, nlmsghdr, walk
from nldissect.wire.summary_template import fill
from tests.helpers.captures import frames, messages, plain, replies, requests, undecoded, value

QDISC, MORE = "tc_qdisc.pcap", "tc_qdisc_more.pcap"


def options(message: DecodedMessage) -> Any:
    """What stands in TCA_OPTIONS."""
    return plain(message.layers[-1])["attrs"]["TCA_OPTIONS"]


def line(message: DecodedMessage) -> str:
    """The summary."""

    def find(name: str) -> Any:
        node = message.find(name)
        return None if node is None else (node.kind, node.value)

    assert message.message is not None
    return fill(message.message.template, find, message.context)


def asked(kind: str, name: str = QDISC) -> DecodedMessage:
    """The request that adds a queue of this kind."""
    return requests(name, "RTM_NEWQDISC", TCA_KIND=kind)[0]


def told(kind: str, name: str = QDISC) -> DecodedMessage:
    """How a queue of this kind was shown."""
    return replies(name, "RTM_NEWQDISC", TCA_KIND=kind)[-1]


def handle(major: int, minor: int = 0) -> int:
    """1:10 as a number."""
    return major << 16 | minor


def test_nothing_is_left_undecoded() -> None:
    assert undecoded(QDISC) == undecoded(MORE) == []


def test_lines_are_like_tc_monitor() -> None:
    """tc monitor: "qdisc htb 1: dev d0 root ..." and "class htb 1:10 dev d0 parent 1:1 leaf 10: ..." """
    added = [line(one) for one in requests(QDISC, "RTM_NEWQDISC")[:3]]
    classes = [line(one) for one in replies(QDISC, "RTM_NEWTCLASS")]

    assert ["htb 1: dev d0 parent root", "fq_codel 10: dev d0 parent 1:10"] == added[:2]
    assert ["netem 20: dev d0 parent 1:20 delay 100 ms"] == added[2:]
    assert "htb 1:10 dev d0 parent 1:1 leaf 10: rate 1 Mbit/s ceil 1 Mbit/s" in classes


def test_htb_queue() -> None:
    """tc qdisc add dev d0 root handle 1: htb default 20 r2q 100; shown: "ver 3.17 direct_qlen 1000" """
    request = asked("htb")

    assert (handle(1), "TC_H_ROOT") == (value(request, "tcm_handle"), value(request, "tcm_parent"))
    assert {"version": 3, "rate2quantum": 100, "defcls": 0x20, "debug": 0, "direct_pkts": 0} == (
        options(request)["TCA_HTB_INIT"]
    )
    shown = options(told("htb"))
    assert (0x30011, 1000) == (shown["TCA_HTB_INIT"]["version"], shown["TCA_HTB_DIRECT_QLEN"])


def test_htb_class() -> None:
    """class 1:10 htb rate 1mbit prio 2 quantum 1514 mpu 64 overhead 4; class 1:20 ... ceil 40gbit (beyond 32 bits)"""
    ten, twenty = (
        options(one)
        for one in requests(QDISC, "RTM_NEWTCLASS")
        if value(one, "tcm_handle") in (handle(1, 0x10), handle(1, 0x20)) and one.flags & 0x400
    )
    parms = ten["TCA_HTB_PARMS"]

    assert (125000, 64, 4, "TC_LINKLAYER_ETHERNET") == tuple(
        parms["rate"][name] for name in ("rate", "mpu", "overhead", "linklayer")
    )
    assert (1514, 2) == (parms["quantum"], parms["prio"])
    assert 256 == len(ten["TCA_HTB_RTAB"])
    assert 40_000_000_000 // 8 == twenty["TCA_HTB_CEIL64"]
    assert 0xFFFFFFFF == twenty["TCA_HTB_PARMS"]["ceil"]["rate"]


def test_htb_statistics() -> None:
    """tc -s class show: "lended: 0 borrowed: 0 giants: 0, tokens: 200000 ctokens: 200000" """
    shown = next(
        one
        for one in replies(QDISC, "RTM_NEWTCLASS", tcm_handle=handle(1, 0x10))
        if value(one, "TCA_STATS2.TCA_STATS_APP") is not None
    )

    assert {"lends": 0, "borrows": 0, "giants": 0, "tokens": 200000, "ctokens": 200000} == (
        value(shown, "TCA_STATS2.TCA_STATS_APP")
    )
    assert {"qlen": 0, "backlog": 0, "drops": 0, "requeues": 0, "overlimits": 0} == value(shown, "TCA_STATS_QUEUE")
    assert {"bytes": 0, "packets": 0} == value(shown, "TCA_STATS_BASIC")
    assert value(shown, "TCA_STATS2.TCA_STATS_APP") == value(shown, "TCA_XSTATS")


def test_fq_codel() -> None:
    """fq_codel limit 1000 target 5ms interval 100ms ecn ce_threshold 2ms; shown with flows 1024, drop_batch 64 ..."""
    assert {
        "TCA_FQ_CODEL_LIMIT": 1000,
        "TCA_FQ_CODEL_ECN": 1,
        "TCA_FQ_CODEL_TARGET": 5000,
        "TCA_FQ_CODEL_INTERVAL": 100_000,
        "TCA_FQ_CODEL_CE_THRESHOLD": 2000,
    } == options(asked("fq_codel"))
    shown = told("fq_codel")
    assert {"TCA_FQ_CODEL_FLOWS": 1024, "TCA_FQ_CODEL_QUANTUM": 1514, "TCA_FQ_CODEL_DROP_BATCH_SIZE": 64}.items() <= (
        options(shown).items()
    )
    counted = next(found for one in replies(QDISC, "RTM_NEWQDISC", TCA_KIND="fq_codel")
                   if (found := value(one, "TCA_STATS2.TCA_STATS_APP")))  # fmt: skip
    assert ("TCA_FQ_CODEL_XSTATS_QDISC", 0) == (counted["type"], counted["maxpacket"])


def test_netem_is_a_struct_with_attributes_behind() -> None:
    """netem delay 100ms 10ms 25% distribution normal loss gemodel 1% 10% 70% 0.1% ... rate 5mbit limit 500"""
    netem = options(asked("netem"))
    percent = 0xFFFFFFFF / 100

    assert (500, 0.01) == (netem["limit"], round(netem["duplicate"] / percent / 100, 4))
    rows = netem["attrs"]
    assert (100_000_000, 10_000_000) == (rows["TCA_NETEM_LATENCY64"], rows["TCA_NETEM_JITTER64"])
    assert 25 == round(rows["TCA_NETEM_CORR"]["delay_corr"] / percent)
    assert {"p": 1, "r": 10, "h": 30, "k1": 0} == {
        name: round(number / percent) for name, number in rows["TCA_NETEM_LOSS"]["NETEM_LOSS_GE"].items()
    }
    reorder = rows["TCA_NETEM_REORDER"]
    assert (25, 50) == (round(reorder["probability"] / percent), round(reorder["correlation"] / percent))
    assert 5_000_000 // 8 == rows["TCA_NETEM_RATE"]["rate"]
    table = rows["TCA_NETEM_DELAY_DIST"]
    assert 4096 == len(table)
    assert table == sorted(table) and table[0] < 0 < table[-1]  # the quantiles of a normal distribution


def test_classless_queues() -> None:
    """prio bands 4 · tbf rate 1mbit peakrate 2mbit · sfq perturb 10 divisor 512 ecn harddrop · red min 30000 ..."""
    prio, tbf, sfq, red = (options(asked(kind)) for kind in ("prio", "tbf", "sfq", "red"))

    assert (4, [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]) == (prio["bands"], prio["priomap"])
    assert (125000, 250000) == tuple(tbf["TCA_TBF_PARMS"][name]["rate"] for name in ("rate", "peakrate"))
    assert (5 * 1024, 1540) == (tbf["TCA_TBF_BURST"], tbf["TCA_TBF_PBURST"])
    assert (10, 512) == (sfq["v0"]["perturb_period"], sfq["v0"]["divisor"])
    assert ["TC_RED_ECN", "TC_RED_HARDDROP"] == sfq["flags"]
    assert (400000, 30000, 90000) == tuple(red["TCA_RED_PARMS"][name] for name in ("limit", "qth_min", "qth_max"))
    assert ["TC_RED_ECN", "TC_RED_ADAPTATIVE"] == red["TCA_RED_FLAGS"]["value"]
    assert 256 == len(red["TCA_RED_STAB"])


def test_cake() -> None:
    """cake bandwidth 50mbit diffserv4 dual-srchost nat wash ack-filter rtt 50ms overhead 18; four tins, 300 ... 381"""
    assert {
        "TCA_CAKE_BASE_RATE64": 50_000_000 // 8,
        "TCA_CAKE_DIFFSERV_MODE": "CAKE_DIFFSERV_DIFFSERV4",
        "TCA_CAKE_FLOW_MODE": "CAKE_FLOW_DUAL_SRC",
        "TCA_CAKE_NAT": 1,
        "TCA_CAKE_WASH": 1,
        "TCA_CAKE_ACK_FILTER": "CAKE_ACK_FILTER",
        "TCA_CAKE_RTT": 50_000,
        "TCA_CAKE_OVERHEAD": 18,
    }.items() <= options(asked("cake")).items()
    counted = next(found for one in replies(QDISC, "RTM_NEWQDISC", TCA_KIND="cake")
                   if (found := value(one, "TCA_STATS2.TCA_STATS_APP")))  # fmt: skip
    tins = list(counted["TCA_CAKE_STATS_TIN_STATS"].values())
    assert [300, 1514, 762, 381] == [tin["TCA_CAKE_TIN_STATS_FLOW_QUANTUM"] for tin in tins]
    assert [3125, 50000, 25000, 12500] == [tin["TCA_CAKE_TIN_STATS_THRESHOLD_RATE64"] * 8 // 1000 for tin in tins]


def test_more_queues() -> None:
    """fq, pie, codel, choke, hhf, bfifo, skbprio, gred: one number each from the command line."""
    expected: list[tuple[str, dict[str, Any]]] = [
        ("fq", {"TCA_FQ_PLIMIT": 5000, "TCA_FQ_FLOW_PLIMIT": 50, "TCA_FQ_QUANTUM": 3000, "TCA_FQ_CE_THRESHOLD": 4000,
                "TCA_FQ_FLOW_MAX_RATE": 125_000_000, "TCA_FQ_HORIZON": 5_000_000, "TCA_FQ_HORIZON_DROP": 0}),
        ("pie", {"TCA_PIE_LIMIT": 500, "TCA_PIE_TARGET": 15000, "TCA_PIE_ALPHA": 2, "TCA_PIE_BETA": 20,
                 "TCA_PIE_ECN": 1, "TCA_PIE_BYTEMODE": 1}),
        ("codel", {"TCA_CODEL_LIMIT": 500, "TCA_CODEL_TARGET": 4000, "TCA_CODEL_INTERVAL": 90000, "TCA_CODEL_ECN": 1}),
        ("hhf", {"TCA_HHF_BACKLOG_LIMIT": 500, "TCA_HHF_HH_FLOWS_LIMIT": 1000, "TCA_HHF_NON_HH_WEIGHT": 3}),
        ("bfifo", {"limit": 33000}),
        ("skbprio", {"limit": 64}),
        ("hfsc", {"defcls": 1}),
        ("cbs", {"TCA_CBS_PARMS": {"offload": 0, "hicredit": 30, "locredit": -1470, "idleslope": 20000,
                                   "sendslope": -980000}}),
        ("etf", {"TCA_ETF_PARMS": {"delta": 300000, "clockid": "CLOCK_TAI", "flags": ["TC_ETF_DEADLINE_MODE_ON"]}}),
    ]  # fmt: skip

    for kind, wanted in expected:
        found = options(asked(kind, MORE))
        assert wanted == {key: found.get(key) for key in wanted}, kind


def test_answers_of_more_queues() -> None:
    """fq: "weights 589824 196608 65536", "bands 3 priomap 1 2 2 2 ..."; gred: "vqs 3 default 2 grio" """
    fq = options(next(one for one in replies(MORE, "RTM_NEWQDISC", TCA_KIND="fq")))
    gred = options(next(one for one in replies(MORE, "RTM_NEWQDISC", TCA_KIND="gred")))

    assert [589824, 196608, 65536] == fq["TCA_FQ_WEIGHTS"]
    assert {"bands": 3, "priomap": [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]} == fq["TCA_FQ_PRIOMAP"]
    assert (3, 2, 1) == tuple(gred["TCA_GRED_DPS"][name] for name in ("DPs", "def_DP", "grio"))
    assert 16 == len(gred["TCA_GRED_MAX_P"]) == len(gred["TCA_GRED_PARMS"])


def test_options_of_a_class_are_not_those_of_its_queue() -> None:
    """hfsc sc umax 1500b dmax 30ms rate 1mbit ul rate 2mbit: curves; the queue has one 16-bit number."""
    request = requests(MORE, "RTM_NEWTCLASS", TCA_KIND="hfsc")[0]
    shown = next(one for one in replies(MORE, "RTM_NEWTCLASS", TCA_KIND="hfsc") if value(one, "TCA_HFSC_USC"))

    assert {"m1": 0, "d": 0, "m2": 250000} == options(request)["TCA_HFSC_USC"]
    assert 125000 == options(request)["TCA_HFSC_RSC"]["m2"]
    assert {"m1": 0, "d": 0, "m2": 250000} == options(shown)["TCA_HFSC_USC"]
    assert 1500 == options(requests(MORE, "RTM_NEWTCLASS", TCA_KIND="qfq")[0])["TCA_QFQ_LMAX"]
    assert 600 == options(requests(MORE, "RTM_NEWTCLASS", TCA_KIND="drr")[0])["TCA_DRR_QUANTUM"]


def test_mqprio_and_taprio() -> None:
    """queues 2@0 2@2 in both; taprio sched-entry S 01 300000, S 02 400000, base-time 1000, clockid CLOCK_TAI"""
    mqprio = options(asked("mqprio", MORE))
    taprio = options(asked("taprio", MORE))

    assert (2, [2, 2], [0, 2]) == (mqprio["num_tc"], mqprio["count"][:2], mqprio["offset"][:2])
    assert (2, [2, 2], [0, 2]) == (
        taprio["TCA_TAPRIO_ATTR_PRIOMAP"]["num_tc"],
        taprio["TCA_TAPRIO_ATTR_PRIOMAP"]["count"][:2],
        taprio["TCA_TAPRIO_ATTR_PRIOMAP"]["offset"][:2],
    )
    entries = taprio["TCA_TAPRIO_ATTR_SCHED_ENTRY_LIST"]["TCA_TAPRIO_SCHED_ENTRY"]
    assert [("TC_TAPRIO_CMD_SET_GATES", 1, 300000), ("TC_TAPRIO_CMD_SET_GATES", 2, 400000)] == [
        tuple(one["TCA_TAPRIO_SCHED_ENTRY_" + name] for name in ("CMD", "GATE_MASK", "INTERVAL")) for one in entries
    ]
    assert (1000, "CLOCK_TAI") == (taprio["TCA_TAPRIO_ATTR_SCHED_BASE_TIME"], taprio["TCA_TAPRIO_ATTR_SCHED_CLOCKID"])


def test_refusal_in_words() -> None:
    """tc class del dev d0 classid 1:1: "Error: HTB class in use." """
    refused = [one for one in messages(QDISC, "NLMSG_ERROR") if value(one, "NLMSGERR_ATTR_MSG")]

    assert "HTB class in use" == value(refused[0], "NLMSGERR_ATTR_MSG")


def test_build_a_queue_as_tc_does() -> None:
    """tc qdisc add dev d0 root handle 1: htb default 20 r2q 100, from rows alone: the same message."""
    request = asked("htb")

    built = nlmsghdr(nlmsg_type="RTM_NEWQDISC") / tcmsg(
        tcm_ifindex=value(request, "tcm_ifindex"), tcm_handle="1:", tcm_parent="TC_H_ROOT",
        attrs=[TCA.KIND("htb"), TCA.OPTIONS([
            TCA_HTB.INIT(tc_htb_glob(version=3, rate2quantum=100, defcls=0x20)),
        ], nla_type=TCA.OPTIONS.number)],
    )  # fmt: skip

    assert request.data[request.start + 16 : request.start + request.length] == bytes(built)[16:]


def test_scapy_edits_deep_inside() -> None:
    """Another quantum for class 1:10: the frame is built anew, and reads back."""
    raw = next(raw for raw in frames(QDISC) if (found := walk(raw).messages) and found[0].type_name == "RTM_NEWTCLASS"
               and value(found[0], "tcm_handle") == handle(1, 0x10))  # fmt: skip
    packet = nlmon(raw)
    parms = packet[TCA_HTB.PARMS].value

    assert isinstance(parms, tc_htb_opt) and 1514 == parms.quantum
    parms.quantum = 3000
    (again,) = walk(bytes(packet)).messages[:1]
    assert 3000 == value(again, "TCA_HTB_PARMS.quantum")
    assert len(raw) == len(bytes(packet))


def test_kind_may_stand_after_its_options() -> None:
    """TCA_OPTIONS before TCA_KIND: rows are split first, payloads opened second."""
    message = nlmsghdr(nlmsg_type="RTM_NEWQDISC") / tcmsg(
        attrs=[TCA.OPTIONS(value=bytes.fromhex("e8030000")), TCA.KIND("pfifo")]
    )
    (one,) = walk(bytes(nlmon(sll_pkttype=4, sll_hatype=824, sll_protocol=NETLINK_ROUTE, messages=[message]))).messages

    assert {"limit": 1000} == options(one)
