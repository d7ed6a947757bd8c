"""NETLINK_SCSITRANSPORT: what SCSI transports tell, mostly Fibre Channel (scsi/scsi_netlink.h, scsi_netlink_fc.h)."""

from nldissect.wire import (
    NETLINK_SCSITRANSPORT,
    U8,
    U16,
    U32,
    U64,
    Blob,
    Enum,
    Message,
    Pad,
    bind_attrs,
    bind_message,
)


class SCSI_NL_TRANSPORT(Enum):
    FC = 1


class SCSI_NL_MSGTYPE(Enum, prefix=""):
    SCSI_NL_SHOST_VENDOR = 0x0001
    FC_NL_ASYNC_EVENT    = 0x0100


class FCH_EVT(Enum):
    """scsi/scsi_transport_fc.h"""

    LIP            = 0x1
    LINKUP         = 0x2
    LINKDOWN       = 0x3
    LIPRESET       = 0x4
    RSCN           = 0x5
    ADAPTER_CHANGE = 0x103
    PORT_UNKNOWN   = 0x200
    PORT_OFFLINE   = 0x201
    PORT_ONLINE    = 0x202
    PORT_FABRIC    = 0x204
    LINK_UNKNOWN   = 0x500
    LINK_FPIN      = 0x501
    LINK_FPIN_ACK  = 0x502
    VENDOR_UNIQUE  = 0xFFFF


PLAIN = tuple(code for code in FCH_EVT.names if code not in (FCH_EVT.LINK_FPIN, FCH_EVT.LINK_FPIN_ACK, 0xFFFF))


class fc_nl_event(Message):
    """A state change is a number, a performance notification (FPIN) a frame of Fibre Channel."""

    fields_desc = [
        U64.of("seconds"), U64.of("vendor_id", base=16), U16.of("host_no"), U16.of("event_datalen"),
        U32.of("event_num"), U32.of("event_code", FCH_EVT),
        Blob.of("event_data", "a frame of Fibre Channel, or the vendor's own", count="event_datalen"), Pad.of("__pad"),
    ]


class scsi_nl_host_vendor_msg(Message):
    fields_desc = [
        U64.of("vendor_id", base=16), U16.of("host_no"), U16.of("vmsg_datalen"), Pad.of("__pad", 4),
        Blob.of("data", "the vendor's own", count="vmsg_datalen"), Pad.of("__end"),
    ]


class scsi_nl_hdr(Message):
    """`msglen` counts header and body."""

    fields_desc = [
        U8.of("version"), U8.of("transport", SCSI_NL_TRANSPORT), U16.of("magic", base=16),
        U16.of("msgtype", SCSI_NL_MSGTYPE), U16.of("msglen"), Blob.of("body", "of a type that is not known"),
    ]
    summary = "{msgtype}[ host{host_no}][ {event_code}][ data {event_data}][ #{event_num}][ vendor {vendor_id}]"


bind_attrs(fc_nl_event.event_data, U32(None, base=16), event_code=PLAIN)
bind_attrs(scsi_nl_hdr.body, fc_nl_event, msgtype=SCSI_NL_MSGTYPE.FC_NL_ASYNC_EVENT)
bind_attrs(scsi_nl_hdr.body, scsi_nl_host_vendor_msg, msgtype=SCSI_NL_MSGTYPE.SCSI_NL_SHOST_VENDOR)
bind_message(scsi_nl_hdr, NETLINK_SCSITRANSPORT, SCSI_TRANSPORT_MSG=0x11)
