"""Virtual functions of an SR-IOV device: IFLA_VFINFO_LIST, IFLA_VF_PORTS, IFLA_PORT_SELF (linux/if_link.h)."""

from nldissect.wire import U8, U16, U32, U64, AttrSet, Be16, Blob, Enum, Mac, Message, Nest, Pad, Struct, Text

from ..common import ETH_P


class IFLA_VF_LINK_STATE(Enum):
    AUTO    = 0
    ENABLE  = 1
    DISABLE = 2


class PORT_REQUEST(Enum):
    PREASSOCIATE    = 0
    PREASSOCIATE_RR = 1
    ASSOCIATE       = 2
    DISASSOCIATE    = 3


class PORT_RESPONSE(Enum, prefix="PORT"):
    VDP_RESPONSE_SUCCESS                    = 0
    VDP_RESPONSE_INVALID_FORMAT             = 1
    VDP_RESPONSE_INSUFFICIENT_RESOURCES     = 2
    VDP_RESPONSE_UNUSED_VTID                = 3
    VDP_RESPONSE_VTID_VIOLATION             = 4
    VDP_RESPONSE_VTID_VERSION_VIOALTION     = 5
    VDP_RESPONSE_OUT_OF_SYNC                = 6
    PROFILE_RESPONSE_SUCCESS                = 0x100
    PROFILE_RESPONSE_INPROGRESS             = 0x101
    PROFILE_RESPONSE_INVALID                = 0x102
    PROFILE_RESPONSE_BADSTATE               = 0x103
    PROFILE_RESPONSE_INSUFFICIENT_RESOURCES = 0x104
    PROFILE_RESPONSE_ERROR                  = 0x105


class ifla_vf_mac(Message):
    fields_desc = [U32.of("vf"), Mac.of("mac", 32)]


class ifla_vf_broadcast(Message):
    fields_desc = [Mac.of("broadcast", 32)]


class ifla_vf_vlan(Message):
    fields_desc = [U32.of("vf"), U32.of("vlan"), U32.of("qos")]


class ifla_vf_vlan_info(Message):
    fields_desc = [U32.of("vf"), U32.of("vlan"), U32.of("qos"), Be16.of("vlan_proto", ETH_P), Pad.of("__pad", 2)]


class ifla_vf_tx_rate(Message):
    fields_desc = [U32.of("vf"), U32.of("rate", measure="Mbit/s")]


class ifla_vf_rate(Message):
    fields_desc = [U32.of("vf"), U32.of("min_tx_rate", measure="Mbit/s"), U32.of("max_tx_rate", measure="Mbit/s")]


class ifla_vf_spoofchk(Message):
    fields_desc = [U32.of("vf"), U32.of("setting")]


class ifla_vf_guid(Message):
    fields_desc = [U32.of("vf"), Pad.of("__pad", 4), U64.of("guid", base=16)]


class ifla_vf_link_state(Message):
    fields_desc = [U32.of("vf"), U32.of("link_state", IFLA_VF_LINK_STATE)]


class ifla_vf_rss_query_en(Message):
    fields_desc = [U32.of("vf"), U32.of("setting")]


class ifla_vf_trust(Message):
    fields_desc = [U32.of("vf"), U32.of("setting")]


class ifla_port_vsi(Message):
    fields_desc = [
        U8.of("vsi_mgr_id"), Blob.of("vsi_type_id", 3, "802.1Qbg type id"), U8.of("vsi_type_version"), Pad.of("pad", 3),
    ]


class IFLA_VF_STATS(AttrSet):
    RX_PACKETS = U64(0)
    TX_PACKETS = U64(1)
    RX_BYTES   = U64(2)
    TX_BYTES   = U64(3)
    BROADCAST  = U64(4)
    MULTICAST  = U64(5)
    PAD        = Pad(6)
    RX_DROPPED = U64(7)
    TX_DROPPED = U64(8)


class IFLA_VF_VLAN_LIST(AttrSet, prefix="IFLA_VF_VLAN"):
    INFO = Struct(1, ifla_vf_vlan_info, many=True)


class IFLA_VF(AttrSet):
    MAC          = Struct(1, ifla_vf_mac)
    VLAN         = Struct(2, ifla_vf_vlan)
    TX_RATE      = Struct(3, ifla_vf_tx_rate)
    SPOOFCHK     = Struct(4, ifla_vf_spoofchk)
    LINK_STATE   = Struct(5, ifla_vf_link_state)
    RATE         = Struct(6, ifla_vf_rate)
    RSS_QUERY_EN = Struct(7, ifla_vf_rss_query_en)
    STATS        = Nest(8, IFLA_VF_STATS)
    TRUST        = Struct(9, ifla_vf_trust)
    IB_NODE_GUID = Struct(10, ifla_vf_guid)
    IB_PORT_GUID = Struct(11, ifla_vf_guid)
    VLAN_LIST    = Nest(12, IFLA_VF_VLAN_LIST)
    BROADCAST    = Struct(13, ifla_vf_broadcast)


class IFLA_VFINFO_LIST(AttrSet, prefix="IFLA_VF"):
    INFO = Nest(1, IFLA_VF, many=True)


class IFLA_PORT(AttrSet):
    VF            = U32(1)
    PROFILE       = Text(2)
    VSI_TYPE      = Struct(3, ifla_port_vsi)
    INSTANCE_UUID = Blob(4, "UUID")
    HOST_UUID     = Blob(5, "UUID")
    REQUEST       = U8(6, PORT_REQUEST)
    RESPONSE      = U16(7, PORT_RESPONSE)


class IFLA_VF_PORTS(AttrSet, prefix="IFLA_VF"):
    PORT = Nest(1, IFLA_PORT, many=True)
