"""Refusals of IPsec requests: states and policies that exist, or are gone (net/xfrm/xfrm_user.c)."""

from nldissect.wire import NETLINK, ObjectAbsent, ObjectPresent, ReferenceFinder, RequestForm, bind_refusal

XFRM = NETLINK.XFRM
XFRM_MSG_NEWSA, XFRM_MSG_DELSA, XFRM_MSG_NEWPOLICY, XFRM_MSG_DELPOLICY = 0x10, 0x11, 0x13, 0x14  # linux/xfrm.h


def told_of(number: int) -> ReferenceFinder:
    """The object of which the kernel tells in messages of type `number`, which look like the request."""
    return lambda walked, _: (RequestForm(number),)


for types, errors, fact, source in (
    ("XFRM_MSG_NEWSA", "EEXIST", ObjectPresent(told_of(XFRM_MSG_NEWSA)), "xfrm_state_add (net/xfrm/xfrm_state.c)"),
    ("XFRM_MSG_DELSA XFRM_MSG_GETSA", "ESRCH", ObjectAbsent(told_of(XFRM_MSG_DELSA)),
     "xfrm_user_state_lookup (net/xfrm/xfrm_user.c)"),
):  # fmt: skip
    bind_refusal(XFRM, types, errors, fact, source=source, about="state")
for types, errors, fact, source in (
    ("XFRM_MSG_NEWPOLICY", "EEXIST", ObjectPresent(told_of(XFRM_MSG_NEWPOLICY)),
     "xfrm_policy_insert (net/xfrm/xfrm_policy.c)"),
    ("XFRM_MSG_DELPOLICY XFRM_MSG_GETPOLICY", "ENOENT", ObjectAbsent(told_of(XFRM_MSG_DELPOLICY)),
     "xfrm_get_policy (net/xfrm/xfrm_user.c)"),
):  # fmt: skip
    bind_refusal(XFRM, types, errors, fact, source=source, about="policy")
