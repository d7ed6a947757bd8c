"""What ethtool messages share: device header, bit sets, DEV of summary lines (net/ethtool/netlink.c, bitset.c)."""

from nldissect.wire import U32, Array, AttrSet, Flag, Flags, Nest, Text, bind_flagged

DEV = "[{ETHTOOL_A_HEADER_DEV_NAME|ETHTOOL_A_HEADER_DEV_INDEX} ]"


class ETHTOOL_FLAG(Flags):
    COMPACT_BITSETS = 1
    OMIT_REPLY      = 2
    STATS           = 4


class ETHTOOL_A_HEADER(AttrSet):
    DEV_INDEX = U32(1, refers="interface")
    DEV_NAME  = Text(2)
    FLAGS     = U32(3, ETHTOOL_FLAG)
    PHY_INDEX = U32(4)


class ETHTOOL_A_BITSET_BIT(AttrSet):
    INDEX = U32(1)
    NAME  = Text(2)
    VALUE = Flag(3)

    template = (
        "[{?ETHTOOL_A_BITSET_BIT_VALUE}+][{!ETHTOOL_A_BITSET_BIT_VALUE}-]"
        "{ETHTOOL_A_BITSET_BIT_NAME|ETHTOOL_A_BITSET_BIT_INDEX}"
    )


class ETHTOOL_A_BITSET_BITS(AttrSet):
    BIT = Nest(1, ETHTOOL_A_BITSET_BIT, many=True)


class ETHTOOL_A_BITSET(AttrSet):
    """BITS is the readable form; VALUE and MASK the compact one, words of 32 bits."""

    NOMASK = Flag(1)
    SIZE   = U32(2)
    BITS   = Nest(3, ETHTOOL_A_BITSET_BITS)
    VALUE  = Array(4, U32(None, base=16))
    MASK   = Array(5, U32(None, base=16))

    template = (
        "[{?ETHTOOL_A_BITSET_NOMASK}{ETHTOOL_A_BITSET_BIT_NAME*|ETHTOOL_A_BITSET_BIT_INDEX*} ]"
        "[{!ETHTOOL_A_BITSET_NOMASK}{ETHTOOL_A_BITSET_BITS+} ]"
        "[{ETHTOOL_A_BITSET_VALUE}[/{ETHTOOL_A_BITSET_MASK}] ]"
    )

bind_flagged("ethtool")
