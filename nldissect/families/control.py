"""Control messages, which every protocol has: NOOP, ERROR, DONE, OVERRUN and the extended ack (linux/netlink.h)."""

from nldissect.wire import U32, Attrs, AttrSet, Blob, Echo, Errno, Message, Nest, Text, bind_message

from .generic.nlctrl import NL_POLICY_TYPE_ATTR


class NLMSGERR_ATTR(AttrSet):
    MSG       = Text(1)
    OFFS      = U32(2)
    COOKIE    = Blob(3, "the subsystem's own; nl80211 sends a number, others bytes")
    POLICY    = Nest(4, NL_POLICY_TYPE_ATTR)
    MISS_TYPE = U32(5)
    MISS_NEST = U32(6)


class nlmsgerr(Message):
    fields_desc = [Errno.of("error"), Echo.of("request"), Attrs("attrs", NLMSGERR_ATTR)]
    summary = '{error|"ack"} for {request}[: {NLMSGERR_ATTR_MSG}][ [[at {attribute}]]][ [[missing {missing}]]]'


class nlmsgdone(Message):
    fields_desc = [Errno.of("error"), Attrs("attrs", NLMSGERR_ATTR)]
    summary = "end of dump[ with {error}][: {NLMSGERR_ATTR_MSG}]"


class nlmsgnoop(Message):
    fields_desc = []
    summary = "nothing to do"


class nlmsgoverrun(Message):
    fields_desc = []
    summary = "data lost"


bind_message(nlmsgnoop, None, NLMSG_NOOP=1)
bind_message(nlmsgerr, None, NLMSG_ERROR=2)
bind_message(nlmsgdone, None, NLMSG_DONE=3)
bind_message(nlmsgoverrun, None, NLMSG_OVERRUN=4)
