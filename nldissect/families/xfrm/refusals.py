"""Refusals of IPsec requests: states and policies that exist, or are gone (net/xfrm/xfrm_user.c)."""

from nldissect.wire import (
    NETLINK,
    DecodedMessage,
    ObjectAbsent,
    ObjectPresent,
    ReferenceFinder,
    RequestForm,
    bind_refusal,
)

XFRM = NETLINK.XFRM
XFRM_MSG_NEWSA, XFRM_MSG_DELSA, XFRM_MSG_NEWPOLICY, XFRM_MSG_DELPOLICY = 0x10, 0x11, 0x13, 0x14  # linux/xfrm.h
XFRMA_POLICY_TYPE, MAIN = 16, bytes(6)


def state(number: int) -> ReferenceFinder:
    """The state of which the kernel tells in messages of type `number`, which look like the request."""
    return lambda walked, _: (RequestForm(number),)


def policy(number: int) -> ReferenceFinder:
    """The policy likewise: without a type it is of the main type (copy_from_user_policy_type)."""

    def found(walked: DecodedMessage, _: object) -> tuple[RequestForm]:
        typed = walked.find("XFRMA_POLICY_TYPE") is not None
        return (RequestForm(number, attributes=() if typed else ((XFRMA_POLICY_TYPE, MAIN),)),)

    return found


bind_refusal(
    XFRM, "XFRM_MSG_NEWSA", "EEXIST", ObjectPresent(state(XFRM_MSG_NEWSA)), about="state",
    source="xfrm_state_add (net/xfrm/xfrm_state.c)",
)
bind_refusal(
    XFRM, "XFRM_MSG_DELSA XFRM_MSG_GETSA", "ESRCH", ObjectAbsent(state(XFRM_MSG_DELSA)), about="state",
    source="xfrm_user_state_lookup (net/xfrm/xfrm_user.c)",
)
bind_refusal(
    XFRM, "XFRM_MSG_NEWPOLICY", "EEXIST", ObjectPresent(policy(XFRM_MSG_NEWPOLICY)), about="policy",
    source="xfrm_policy_insert (net/xfrm/xfrm_policy.c)",
)
bind_refusal(
    XFRM, "XFRM_MSG_DELPOLICY XFRM_MSG_GETPOLICY", "ENOENT", ObjectAbsent(policy(XFRM_MSG_DELPOLICY)), about="policy",
    source="xfrm_get_policy (net/xfrm/xfrm_user.c)",
)
