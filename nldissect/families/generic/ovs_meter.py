"""Meters of an Open vSwitch datapath (linux/openvswitch.h, net/openvswitch/meter.c)."""

from nldissect.wire import U32, U64, Attrs, AttrSet, Enum, Flag, Message, Nests, Pad, Struct, bind_genl

from .ovs import DATAPATH
from .ovs_flow import ovs_flow_stats


class OVS_METER_BAND_TYPE(Enum):
    UNSPEC = 0
    DROP   = 1


class OVS_BAND_ATTR(AttrSet):
    TYPE  = U32(1, OVS_METER_BAND_TYPE)
    RATE  = U32(2)                          # in kbit/s with OVS_METER_ATTR_KBPS, else in packets/s
    BURST = U32(3)
    STATS = Struct(4, ovs_flow_stats)


class OVS_METER_ATTR(AttrSet):
    ID         = U32(1)
    KBPS       = Flag(2)
    STATS      = Struct(3, ovs_flow_stats)
    BANDS      = Nests(4, OVS_BAND_ATTR)
    USED       = U64(5, measure="ms")
    CLEAR      = Flag(6)
    MAX_METERS = U32(7)
    MAX_BANDS  = U32(8)
    PAD        = Pad(9)


class ovs_meter(Message):
    fields_desc = [DATAPATH, Attrs("attrs", OVS_METER_ATTR)]
    summary = (
        "[{dp_ifindex}] [meter {OVS_METER_ATTR_ID}] [{OVS_BAND_ATTR_TYPE}] [rate {OVS_BAND_ATTR_RATE}] "
        "[{?OVS_METER_ATTR_KBPS}kbit/s] [burst {OVS_BAND_ATTR_BURST}] [packets {n_packets}] "
        "[at most {OVS_METER_ATTR_MAX_METERS} meters] [of {OVS_METER_ATTR_MAX_BANDS} bands]"
    )


bind_genl(
    ovs_meter, "ovs_meter", OVS_METER_CMD_FEATURES=1, OVS_METER_CMD_SET=2, OVS_METER_CMD_DEL=3, OVS_METER_CMD_GET=4
)
