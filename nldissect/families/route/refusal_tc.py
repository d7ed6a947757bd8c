"""Refusals of requests about queueing disciplines, classes and filters: what the kernel looks at (net/sched)."""

from collections.abc import Iterator

from nldissect.wire import (
    DecodedMessage,
    LeafValues,
    ObjectAbsent,
    ObjectPresent,
    ObjectReader,
    ObjectReference,
    ObjectSearch,
    Reference,
    ReferenceFinder,
    bind_refusal,
    get_int,
)

from .refusal_link import both, changes, excludes, gives, links, value_of
from .request_forms import ROUTE, order_of

SCH_API, CLS_API = "net/sched/sch_api.c", "net/sched/cls_api.c"
MAJOR, POSITIONS = 0xFFFF_0000, 0xFFFF  # TC_H_MAJ; TC_H_ROOT and the like are no handles (linux/pkt_sched.h)


def at(walked: DecodedMessage, thing: str, *names: str) -> ObjectReference:
    return ObjectReference(ROUTE, thing, tuple(get_int(walked, name).to_bytes(4, order_of(walked)) for name in names))


def number(values: LeafValues | None, path: str) -> int:
    found = value_of(values, path)
    return found if isinstance(found, int) else 0


def with_numbers(thing: str, **wanted: int) -> ObjectSearch:
    return ObjectSearch(ROUTE, thing, lambda values: all(number(values, path) == wanted[path] for path in wanted))


def qdisc_itself(walked: DecodedMessage, known: ObjectReader) -> Iterator[Reference]:
    """The queueing discipline in a request's position, unless it is the kernel's own, and the one of its handle."""
    place, handle = at(walked, "qdisc", "tcm_ifindex", "tcm_parent"), get_int(walked, "tcm_handle")
    values = known(place)
    if get_int(walked, "tcm_parent") and (values is None or number(values, "tcm_handle")):
        yield place
    if handle:
        yield with_numbers("qdisc", tcm_ifindex=get_int(walked, "tcm_ifindex"), tcm_handle=handle)


def qdisc_of(*names: str) -> ReferenceFinder:
    """The queueing discipline whose handle is the upper half of a field."""

    def found(walked: DecodedMessage, _: ObjectReader) -> Iterator[Reference]:
        for handle in (get_int(walked, name) & MAJOR for name in names):
            if handle and handle >> 16 != POSITIONS:
                yield with_numbers("qdisc", tcm_ifindex=get_int(walked, "tcm_ifindex"), tcm_handle=handle)

    return found


def class_itself(walked: DecodedMessage, _: ObjectReader) -> Iterator[Reference]:
    if get_int(walked, "tcm_handle") & MAJOR:
        yield at(walked, "class", "tcm_ifindex", "tcm_handle")


def classes_below(walked: DecodedMessage, _: ObjectReader) -> Iterator[Reference]:
    device, handle = get_int(walked, "tcm_ifindex"), get_int(walked, "tcm_handle")
    yield with_numbers("class", tcm_ifindex=device, tcm_parent=handle)


def filters_to(walked: DecodedMessage, _: ObjectReader) -> Iterator[Reference]:
    """The filters that lead to a class (tcf_bind_filter): kinds name it in attributes of their own."""
    device, handle = get_int(walked, "tcm_ifindex"), get_int(walked, "tcm_handle")

    def fits(values: LeafValues) -> bool:
        named = (node.value for path, node in values.items() if path.endswith("_CLASSID"))
        return number(values, "tcm_ifindex") == device and handle in named

    yield ObjectSearch(ROUTE, "filter", fits)


def filter_itself(walked: DecodedMessage, _: ObjectReader) -> Iterator[Reference]:
    """The filters of a request's place and priority, and of its protocol and handle if it has such."""
    wanted = {name: get_int(walked, name) for name in ("tcm_ifindex", "tcm_parent", "TCA_CHAIN")}
    handle, info = get_int(walked, "tcm_handle"), get_int(walked, "tcm_info")
    mask = MAJOR | (0xFFFF if info & 0xFFFF else 0)

    def fits(values: LeafValues) -> bool:
        same = all(number(values, name) == value for name, value in wanted.items())
        return same and number(values, "tcm_info") & mask == info and handle in (0, number(values, "tcm_handle"))

    if info & MAJOR:
        yield ObjectSearch(ROUTE, "filter", fits)


TC = "qdisc class filter link"

for types, function in (
    ("RTM_NEWQDISC", f"tc_modify_qdisc ({SCH_API})"), ("RTM_DELQDISC RTM_GETQDISC", f"tc_get_qdisc ({SCH_API})"),
    ("RTM_NEWTCLASS RTM_DELTCLASS RTM_GETTCLASS", f"tc_ctl_tclass ({SCH_API})"),
    ("RTM_NEWTFILTER RTM_DELTFILTER RTM_GETTFILTER RTM_NEWCHAIN RTM_DELCHAIN RTM_GETCHAIN",
     f"__tcf_qdisc_find ({CLS_API})"),
):  # fmt: skip
    bind_refusal(ROUTE, types, "ENODEV", ObjectAbsent(links("tcm_ifindex")), source=function)
bind_refusal(
    ROUTE, "RTM_NEWQDISC", "EEXIST", ObjectPresent(qdisc_itself), where=excludes, source=f"tc_modify_qdisc ({SCH_API})",
    about=TC,
)
bind_refusal(
    ROUTE, "RTM_NEWQDISC", "ENOENT", ObjectAbsent(qdisc_itself), where=changes, sure=False,
    told="Qdisc not found|Specified qdisc not found", source=f"tc_modify_qdisc ({SCH_API})", about=TC,
)
bind_refusal(
    ROUTE, "RTM_NEWQDISC", "ENOENT", ObjectAbsent(qdisc_of("tcm_parent")), source=f"tc_modify_qdisc ({SCH_API})",
    about=TC,
)
bind_refusal(
    ROUTE, "RTM_DELQDISC RTM_GETQDISC", "ENOENT", ObjectAbsent(qdisc_itself), source=f"tc_get_qdisc ({SCH_API})",
    about=TC,
)
bind_refusal(
    ROUTE, "RTM_NEWTCLASS", "EEXIST", ObjectPresent(class_itself), where=both(excludes, gives("tcm_handle")),
    source=f"tc_ctl_tclass ({SCH_API})", about=TC,
)
bind_refusal(
    ROUTE, "RTM_NEWTCLASS RTM_DELTCLASS RTM_GETTCLASS", "ENOENT", ObjectAbsent(qdisc_of("tcm_handle", "tcm_parent")),
    source=f"tc_ctl_tclass ({SCH_API})", about=TC,
)
bind_refusal(
    ROUTE, "RTM_NEWTCLASS RTM_DELTCLASS RTM_GETTCLASS", "ENOENT", ObjectAbsent(class_itself),
    where=lambda walked: changes(walked) or walked.type_name != "RTM_NEWTCLASS",
    source=f"tc_ctl_tclass ({SCH_API})", about=TC,
)
for finder, words in ((classes_below, "{} is below it"), (filters_to, "{} leads to it")):
    bind_refusal(
        ROUTE, "RTM_DELTCLASS", "EBUSY", ObjectPresent(finder, words), about=TC,
        source="qdisc_class_in_use (include/net/sch_generic.h): htb_delete and the like",
    )
bind_refusal(
    ROUTE, "RTM_NEWTFILTER RTM_DELTFILTER RTM_GETTFILTER RTM_NEWCHAIN RTM_DELCHAIN RTM_GETCHAIN", "EINVAL",
    ObjectAbsent(qdisc_of("tcm_parent")), sure=False, told="Parent Qdisc",
    source=f"__tcf_qdisc_find ({CLS_API})", about=TC,
)
for types, function in (("RTM_DELTFILTER", "tc_del_tfilter"), ("RTM_GETTFILTER", "tc_get_tfilter")):
    bind_refusal(
        ROUTE, types, "ENOENT", ObjectAbsent(filter_itself), source=f"{function} ({CLS_API})", about=TC, sure=False,
        told="not found|Cannot find specified filter chain",
    )
