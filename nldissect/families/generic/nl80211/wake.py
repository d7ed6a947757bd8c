"""What wakes a sleeping host, and what a radio may hold back while it sleeps (linux/nl80211.h)."""

from nldissect.wire import (
    U8,
    U16,
    U32,
    Addr,
    Array,
    AttrSet,
    BitSet,
    Blob,
    Enum,
    Flag,
    Inside,
    Mac,
    Message,
    Nest,
    Nests,
    Struct,
)

from .common import nl80211_pattern_support
from .ieee80211 import Frame


class NL80211_PKTPAT(AttrSet):
    MASK    = BitSet(1)                                 # numbers of the pattern's bytes that count
    PATTERN = Array(2, U8(None, base=16))
    OFFSET  = U32(3)


class nl80211_wowlan_tcp_data_seq(Message):
    fields_desc = [U32.of("start"), U32.of("offset"), U32.of("len_")]


class nl80211_wowlan_tcp_data_token(Message):
    fields_desc = [U32.of("offset"), U32.of("len_"), Blob.of("token_stream", "tokens of the sender's own")]


class nl80211_wowlan_tcp_data_token_feature(Message):
    fields_desc = [U32.of("min_len"), U32.of("max_len"), U32.of("bufsize")]


class NL80211_WOWLAN_TCP(AttrSet):
    SRC_IPV4           = Addr(1, family=2)
    DST_IPV4           = Addr(2, family=2)
    DST_MAC            = Mac(3)
    SRC_PORT           = U16(4)
    DST_PORT           = U16(5)
    DATA_PAYLOAD       = Blob(6, "data to send, the sender's own")
    DATA_PAYLOAD_SEQ   = Struct(7, nl80211_wowlan_tcp_data_seq)
    DATA_PAYLOAD_TOKEN = Struct(8, nl80211_wowlan_tcp_data_token)
    DATA_INTERVAL      = U32(9, measure="s")
    WAKE_PAYLOAD       = Blob(10, "data to wake at, the sender's own")
    WAKE_MASK          = BitSet(11)


class NL80211_WOWLAN_TCP_SUPPORT(AttrSet, prefix="NL80211_WOWLAN_TCP"):
    """The most a radio can do of these."""

    DATA_PAYLOAD       = U32(6, many=True)                 # the kernel says it twice
    DATA_PAYLOAD_SEQ   = Flag(7)
    DATA_PAYLOAD_TOKEN = Struct(8, nl80211_wowlan_tcp_data_token_feature)
    DATA_INTERVAL      = U32(9, measure="s")
    WAKE_PAYLOAD       = U32(10)


class NL80211_WOWLAN_TRIG(AttrSet):
    """What shall wake the host."""

    ANY                         = Flag(1)
    DISCONNECT                  = Flag(2)
    MAGIC_PKT                   = Flag(3)
    PKT_PATTERN                 = Nests(4, NL80211_PKTPAT)
    GTK_REKEY_SUPPORTED         = Flag(5)
    GTK_REKEY_FAILURE           = Flag(6)
    EAP_IDENT_REQUEST           = Flag(7)
    _4WAY_HANDSHAKE             = Flag(8)
    RFKILL_RELEASE              = Flag(9)
    WAKEUP_PKT_80211            = Frame(10)
    WAKEUP_PKT_80211_LEN        = U32(11)
    WAKEUP_PKT_8023             = Inside(12, "scapy.layers.l2:Ether")
    WAKEUP_PKT_8023_LEN         = U32(13)
    TCP_CONNECTION              = Nest(14, NL80211_WOWLAN_TCP)
    WAKEUP_TCP_MATCH            = Flag(15)
    WAKEUP_TCP_CONNLOST         = Flag(16)
    WAKEUP_TCP_NOMORETOKENS     = Flag(17)
    NET_DETECT                  = Nest(18, "NL80211_ATTR")
    NET_DETECT_RESULTS          = Nests(19, "NL80211_ATTR")
    UNPROTECTED_DEAUTH_DISASSOC = Flag(20)


class NL80211_WOWLAN_TRIG_SUPPORT(AttrSet, prefix="NL80211_WOWLAN_TRIG"):
    """What can wake the host."""

    ANY                 = Flag(1)
    DISCONNECT          = Flag(2)
    MAGIC_PKT           = Flag(3)
    PKT_PATTERN         = Struct(4, nl80211_pattern_support)
    GTK_REKEY_SUPPORTED = Flag(5)
    GTK_REKEY_FAILURE   = Flag(6)
    EAP_IDENT_REQUEST   = Flag(7)
    _4WAY_HANDSHAKE     = Flag(8)
    RFKILL_RELEASE      = Flag(9)
    TCP_CONNECTION      = Nest(14, NL80211_WOWLAN_TCP_SUPPORT)
    NET_DETECT          = U32(18)


class NL80211_WOWLAN_WAKEUP(AttrSet, prefix="NL80211_WOWLAN_TRIG"):
    """What woke the host."""

    DISCONNECT                  = Flag(2)
    MAGIC_PKT                   = Flag(3)
    PKT_PATTERN                 = U32(4)                             # which of the patterns
    GTK_REKEY_FAILURE           = Flag(6)
    EAP_IDENT_REQUEST           = Flag(7)
    _4WAY_HANDSHAKE             = Flag(8)
    RFKILL_RELEASE              = Flag(9)
    WAKEUP_PKT_80211            = Frame(10)
    WAKEUP_PKT_80211_LEN        = U32(11)
    WAKEUP_PKT_8023             = Inside(12, "scapy.layers.l2:Ether")
    WAKEUP_PKT_8023_LEN         = U32(13)
    WAKEUP_TCP_MATCH            = Flag(15)
    WAKEUP_TCP_CONNLOST         = Flag(16)
    WAKEUP_TCP_NOMORETOKENS     = Flag(17)
    NET_DETECT_RESULTS          = Nests(19, "NL80211_ATTR")
    UNPROTECTED_DEAUTH_DISASSOC = Flag(20)


class nl80211_coalesce_rule_support(Message):
    fields_desc = [U32.of("max_rules"), *nl80211_pattern_support.fields_desc, U32.of("max_delay")]


class NL80211_COALESCE_CONDITION(Enum):
    MATCH    = 0
    NO_MATCH = 1


class NL80211_ATTR_COALESCE_RULE(AttrSet):
    DELAY       = U32(1, measure="ms")
    CONDITION   = U32(2, NL80211_COALESCE_CONDITION)
    PKT_PATTERN = Nests(3, NL80211_PKTPAT)
