"""HSR and PRP: nodes of the ring (linux/hsr_netlink.h, net/hsr/hsr_netlink.c)."""

from nldissect.wire import U16, U32, AttrSet, Mac, bind_genl


class HSR_A(AttrSet):
    NODE_ADDR      = Mac(1, many=True)      # a list of nodes repeats it
    IFINDEX        = U32(2, refers="interface")
    IF1_AGE        = U32(3, measure="ms")
    IF2_AGE        = U32(4, measure="ms")
    NODE_ADDR_B    = Mac(5)
    IF1_SEQ        = U16(6)
    IF2_SEQ        = U16(7)
    IF1_IFINDEX    = U32(8, refers="interface")
    IF2_IFINDEX    = U32(9, refers="interface")
    ADDR_B_IFINDEX = U32(10, refers="interface")

    template = (
        "[{HSR_A_IFINDEX}] [node {HSR_A_NODE_ADDR*}] [b {HSR_A_NODE_ADDR_B}] "
        "[{HSR_A_IF1_IFINDEX} seq {HSR_A_IF1_SEQ}] [seen before {HSR_A_IF1_AGE}] "
        "[{HSR_A_IF2_IFINDEX} seq {HSR_A_IF2_SEQ}] [seen before {HSR_A_IF2_AGE}]"
    )


bind_genl(
    HSR_A,
    "HSR",
    HSR_C_RING_ERROR=1,
    HSR_C_NODE_DOWN=2,
    HSR_C_GET_NODE_STATUS=3,
    HSR_C_SET_NODE_STATUS=4,
    HSR_C_GET_NODE_LIST=5,
    HSR_C_SET_NODE_LIST=6,
)
