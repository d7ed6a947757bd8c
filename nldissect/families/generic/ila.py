"""Identifier locator addressing: mappings (linux/ila.h, net/ipv6/ila/ila_xlat.c)."""

from nldissect.wire import Attrs, Message, bind_genl

from ..route.route_encap import ILA_ATTR


class ila(Message):
    fields_desc = [Attrs("attrs", ILA_ATTR)]
    summary = (
        "[{ILA_ATTR_LOCATOR_MATCH} ->] [{ILA_ATTR_LOCATOR}] [dev {ILA_ATTR_IFINDEX}] [csum {ILA_ATTR_CSUM_MODE}] "
        "[{ILA_ATTR_IDENT_TYPE}]"
    )


bind_genl(ila, "ila", ILA_CMD_ADD=1, ILA_CMD_DEL=2, ILA_CMD_GET=3, ILA_CMD_FLUSH=4)
