"""Counts and hash sizes of the state and policy databases: XFRM_MSG_GETSADINFO, XFRM_MSG_GETSPDINFO (linux/xfrm.h)."""

from nldissect.wire import NETLINK_XFRM, U8, U32, Attrs, AttrSet, Message, Struct, bind_message


class xfrmu_sadhinfo(Message):
    fields_desc = [U32.of("sadhcnt"), U32.of("sadhmcnt")]


class XFRMA_SAD(AttrSet):
    CNT   = U32(1)
    HINFO = Struct(2, xfrmu_sadhinfo)


class xfrmu_spdinfo(Message):
    fields_desc = [
        U32.of("incnt"), U32.of("outcnt"), U32.of("fwdcnt"), U32.of("inscnt"), U32.of("outscnt"), U32.of("fwdscnt"),
    ]


class xfrmu_spdhinfo(Message):
    fields_desc = [U32.of("spdhcnt"), U32.of("spdhmcnt")]


class xfrmu_spdhthresh(Message):
    fields_desc = [U8.of("lbits"), U8.of("rbits")]


class XFRMA_SPD(AttrSet):
    INFO         = Struct(1, xfrmu_spdinfo)
    HINFO        = Struct(2, xfrmu_spdhinfo)
    IPV4_HTHRESH = Struct(3, xfrmu_spdhthresh)
    IPV6_HTHRESH = Struct(4, xfrmu_spdhthresh)


class xfrm_sadinfo(Message):
    """A bare u32 precedes the attributes."""

    fields_desc = [U32.of("flags", base=16), Attrs("attrs", XFRMA_SAD)]
    summary = "[count {XFRMA_SAD_CNT} ][buckets {sadhcnt} max {sadhmcnt}]"


class xfrm_spdinfo(Message):
    """A bare u32 precedes the attributes."""

    fields_desc = [U32.of("flags", base=16), Attrs("attrs", XFRMA_SPD)]
    summary = (
        "[in {incnt} out {outcnt} fwd {fwdcnt} ][buckets {spdhcnt} max {spdhmcnt} ]"
        "[hthresh4 {XFRMA_SPD_IPV4_HTHRESH.lbits} {XFRMA_SPD_IPV4_HTHRESH.rbits} ]"
        "[hthresh6 {XFRMA_SPD_IPV6_HTHRESH.lbits} {XFRMA_SPD_IPV6_HTHRESH.rbits}]"
    )


bind_message(xfrm_sadinfo, NETLINK_XFRM, XFRM_MSG_NEWSADINFO=0x22, XFRM_MSG_GETSADINFO=0x23)
bind_message(xfrm_spdinfo, NETLINK_XFRM, XFRM_MSG_NEWSPDINFO=0x24, XFRM_MSG_GETSPDINFO=0x25)
