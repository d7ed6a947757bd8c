"""NC-SI, the side band between a management controller and network cards (linux/ncsi.h, net/ncsi/ncsi-netlink.c)."""

from nldissect.wire import U16, U32, AttrSet, Blob, Flag, Nest, Text, bind_genl


class NCSI_CHANNEL_VLAN(AttrSet, prefix="NCSI_CHANNEL_ATTR"):
    VLAN_ID = U16(10, many=True)


class NCSI_CHANNEL_ATTR(AttrSet):
    """LINK_STATE is the status word of DSP0222's Get Link Status: bit 0 says that the link is up."""

    ID            = U32(2)
    VERSION_MAJOR = U32(3)
    VERSION_MINOR = U32(4)
    VERSION_STR   = Text(5)
    LINK_STATE    = U32(6, base=16)
    ACTIVE        = Flag(7)
    FORCED        = Flag(8)
    VLAN_LIST     = Nest(9, NCSI_CHANNEL_VLAN)


class NCSI_CHANNEL_LIST(AttrSet, prefix="NCSI_CHANNEL"):
    ATTR = Nest(1, NCSI_CHANNEL_ATTR, many=True)


class NCSI_PKG_ATTR(AttrSet):
    ID           = U32(2)
    FORCED       = Flag(3)
    CHANNEL_LIST = Nest(4, NCSI_CHANNEL_LIST)


class NCSI_PACKAGE_LIST(AttrSet, prefix="NCSI_PKG"):
    ATTR = Nest(1, NCSI_PKG_ATTR, many=True)


class NCSI_ATTR(AttrSet):
    IFINDEX      = U32(1, refers="interface")
    PACKAGE_LIST = Nest(2, NCSI_PACKAGE_LIST)
    PACKAGE_ID   = U32(3)
    CHANNEL_ID   = U32(4)
    DATA         = Blob(5, "a control packet of NC-SI, laid out by its type and vendor (DSP0222)")
    MULTI_FLAG   = Flag(6)
    PACKAGE_MASK = U32(7, base=16)
    CHANNEL_MASK = U32(8, base=16)

    template = (
        "[{NCSI_ATTR_IFINDEX} ][package {NCSI_ATTR_PACKAGE_ID} ][channel {NCSI_ATTR_CHANNEL_ID} ]"
        "[package {NCSI_PKG_ATTR_ID} ][channel {NCSI_CHANNEL_ATTR_ID} ][{NCSI_CHANNEL_ATTR_VERSION_STR} ]"
        "[link {NCSI_CHANNEL_ATTR_LINK_STATE} ][{?NCSI_CHANNEL_ATTR_ACTIVE}active ]"
        "[packages {NCSI_ATTR_PACKAGE_MASK} ][channels {NCSI_ATTR_CHANNEL_MASK} ][{?NCSI_ATTR_MULTI_FLAG}multi]"
    )


bind_genl(
    NCSI_ATTR,
    "NCSI",
    NCSI_CMD_PKG_INFO=1,
    NCSI_CMD_SET_INTERFACE=2,
    NCSI_CMD_CLEAR_INTERFACE=3,
    NCSI_CMD_SEND_CMD=4,
    NCSI_CMD_SET_PACKAGE_MASK=5,
    NCSI_CMD_SET_CHANNEL_MASK=6,
)
