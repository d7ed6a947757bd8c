"""What the kernel does to objects of route netlink by itself, where the change in a message proves it.

Each function returns the cause in some words, None where somebody may have asked for the change. Only changes without a
known request are passed in.
"""

from nldissect.wire import ObservedChange, get_int

from ..constants import RTPROT
from .addr import IFA_F, IFAPROT
from .link import IFF
from .neigh import NTF, NUD

TIMED = NUD.INCOMPLETE | NUD.STALE | NUD.DELAY | NUD.PROBE | NUD.REACHABLE
CARRIER = frozenset({"ifi_flags", "IFLA_OPERSTATE", "IFLA_CARRIER", "IFLA_EVENT"})


def link_action(change: ObservedChange) -> str | None:
    """A carrier that came or went: netif_carrier_on, linkwatch_do_dev (net/core/link_watch.c)."""
    if not change.changed or not CARRIER.issuperset(change.changed):
        return None
    old, new = change.changed.get("ifi_flags", (None, None))
    if old is not None and new is not None and (old.value ^ new.value) & ~(IFF.RUNNING | IFF.LOWER_UP | IFF.DORMANT):
        return None
    return "carrier"


def inet6_link_action(change: ObservedChange) -> str | None:
    """Router solicitations sent, advertisements received (addrconf_rs_timer, ndisc_router_discovery)."""
    return "router discovery" if "IFLA_INET6_FLAGS" in change.changed and len(change.changed) == 1 else None


def address_action(change: ObservedChange) -> str | None:
    """Addresses that the kernel makes, and their states (net/ipv6/addrconf.c)."""
    made = get_int(change.walked, "IFA_PROTO")
    if change.new and made == IFAPROT.KERNEL_RA:
        return "router advertisement"
    if change.new and made == IFAPROT.KERNEL_LL:
        return "link-local address of a link that came up"
    old, new = change.changed.get("IFA_FLAGS", (None, None))
    if old is None or new is None:
        return None
    if new.value & ~old.value & IFA_F.DADFAILED:
        return "duplicate address"
    if old.value & ~new.value & IFA_F.TENTATIVE:
        return "duplicate address detection ended"
    return "preferred lifetime ended" if new.value & ~old.value & IFA_F.DEPRECATED else None


def route_action(change: ObservedChange) -> str | None:
    """Routes by router advertisements and redirects: rt6_route_rcv, rt6_do_redirect (net/ipv6/route.c)."""
    if not change.new:
        return None
    made = get_int(change.walked, "rtm_protocol")
    return {int(RTPROT.RA): "router advertisement", int(RTPROT.REDIRECT): "redirect"}.get(made)


def neighbour_action(change: ObservedChange) -> str | None:
    """States of reachability: neigh_timer_handler, neigh_update by ARP and ND (net/core/neighbour.c)."""
    state = get_int(change.walked, "ndm_state")
    if get_int(change.walked, "ndm_flags") & (NTF.EXT_LEARNED | NTF.PROXY):
        return None
    if change.new:
        return "address resolution" if state & TIMED else None
    old, new = change.changed.get("ndm_state", (None, None))
    if old is None or new is None or set(change.changed) - {"ndm_state", "NDA_LLADDR"}:
        return None
    if new.value & TIMED and old.value & (TIMED | NUD.FAILED):
        return "reachability"
    return "no answer" if new.value & NUD.FAILED and old.value & (NUD.INCOMPLETE | NUD.PROBE) else None


def fdb_action(change: ObservedChange) -> str | None:
    """Addresses that a bridge or VXLAN learns from frames: br_fdb_update, vxlan_snoop."""
    if not (change.new or change.changed):
        return None
    learnt = get_int(change.walked, "ndm_state") & (NUD.REACHABLE | NUD.STALE)
    taught = get_int(change.walked, "ndm_flags") & (NTF.EXT_LEARNED | NTF.STICKY)
    return "learning" if learnt and not taught else None
