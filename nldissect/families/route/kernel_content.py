"""What only the kernel writes into messages with the flags of their request (families/answer_rules.REPEATING)."""

from nldissect.wire import NETLINK_ROUTE, AttrPath, KernelContent, Kind, bind_kernel_content

from .nexthop import NHA
from .tc import TCA
from .tc_act import TCA_ACT, TCA_ROOT
from .tc_cls import TCA_BASIC, TCA_BPF, TCA_CGROUP, TCA_FLOW, TCA_FW, TCA_MATCHALL, TCA_ROUTE4
from .tc_flower import TCA_FLOWER
from .tc_u32 import TCA_U32

NHMSG, TCMSG, TCAMSG = 8, 20, 4  # bytes of struct nhmsg, tcmsg, tcamsg
NH_SCOPE = 1  # offsetof(struct nhmsg, nh_scope)


def of_options(actions: Kind, *others: Kind) -> tuple[AttrPath, ...]:
    """Return what only the kernel writes into the options of a filter: statistics of its actions, and others."""
    inside = TCA.OPTIONS.number
    return ((inside, actions.number, None, TCA_ACT.STATS.number), *((inside, one.number) for one in others))


# rtm_to_nh_config refuses what nh_fill_node writes (net/ipv4/nexthop.c): the scope of a gateway, and NHA_OP_FLAGS,
# which groups have since Linux 6.12. rtm_del_nexthop takes NHA_ID alone; what is gone is told whole.
NEXTHOP = KernelContent(NHMSG, unset=(NH_SCOPE,), paths=((NHA.OP_FLAGS.number,),))
GONE = NEXTHOP._replace(paths=((NHA.GROUP_TYPE.number,), (NHA.BLACKHOLE.number,)))
bind_kernel_content(NEXTHOP, NETLINK_ROUTE, 104)  # RTM_NEWNEXTHOP
bind_kernel_content(GONE, NETLINK_ROUTE, 105)  # RTM_DELNEXTHOP

# tcf_action_dump_terse (net/sched/act_api.c) writes them always; tcf_action_policy has them not
ACTION = KernelContent(TCAMSG, paths=((TCA_ROOT.TAB.number, None, TCA_ACT.STATS.number),))
bind_kernel_content(ACTION, NETLINK_ROUTE, 48)  # RTM_NEWACTION

# tcf_exts_dump_stats (net/sched/cls_api.c) and the dump functions of net/sched/cls_*.c; no policy there has them.
# What tfilter_notify says of a change without NLM_F_CREATE is not to be told from an answer of tc_get_tfilter.
FILTER = KernelContent(
    TCMSG,
    paths=((TCA.STATS.number,),),
    of_kind={
        b"basic": of_options(TCA_BASIC.ACT, TCA_BASIC.PCNT),
        b"bpf": of_options(TCA_BPF.ACT, TCA_BPF.TAG, TCA_BPF.ID),
        b"cgroup": of_options(TCA_CGROUP.ACT),
        b"flow": of_options(TCA_FLOW.ACT),
        b"flower": of_options(TCA_FLOWER.ACT, TCA_FLOWER.IN_HW_COUNT),
        b"fw": of_options(TCA_FW.ACT),
        b"matchall": of_options(TCA_MATCHALL.ACT, TCA_MATCHALL.PCNT),
        b"route": of_options(TCA_ROUTE4.ACT),
        b"u32": of_options(TCA_U32.ACT, TCA_U32.PCNT),
    },
)
bind_kernel_content(FILTER._replace(answers=True), NETLINK_ROUTE, 44)  # RTM_NEWTFILTER
bind_kernel_content(FILTER, NETLINK_ROUTE, 45)  # RTM_DELTFILTER
