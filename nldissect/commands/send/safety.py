"""Which requests only read. What is not known to do so is taken for a change."""

from __future__ import annotations

from nldissect.render.names import message_name
from nldissect.wire import DecodedMessage

READS = ("GET", "DUMP")
"""A word of the name that begins so asks: RTM_GETLINK, ETHTOOL_MSG_RINGS_GET, SEG6_CMD_DUMPHMAC."""
ASKS = {"LIST", "LISTALL", "LISTDEF", "STATICLIST", "STATICLISTDEF", "SHOW", "DIAG", "NOOP"}
CHANGES = {"RESET", "CTRZERO", "SET", "NEW", "ADD", "DEL", "FLUSH", "CLEAR", "REMOVE", "CREATE", "DESTROY"}
"""Words that make a change of it all the same: NFT_MSG_GETRULE_RESET sets counters to zero."""
KNOWN = {
    "IPSET_CMD_PROTOCOL", "IPSET_CMD_SAVE", "IPSET_CMD_TEST", "IPSET_CMD_HEADER", "IPSET_CMD_TYPE",
    "NFNL_MSG_BATCH_BEGIN", "NFNL_MSG_BATCH_END", "AUDIT_SIGNAL_INFO", "DEVLINK_CMD_REGION_READ", "NBD_CMD_STATUS",
    "NCSI_CMD_PKG_INFO",
}  # fmt: skip


def only_reads(walked: DecodedMessage) -> bool:
    """Whether a request changes nothing."""
    name = message_name(walked)
    if name in KNOWN:
        return True
    return asks(walked) and not CHANGES & set(name.split("_"))


def asks(walked: DecodedMessage) -> bool:
    """Whether a request wants to be told something, whatever else it does."""
    words = message_name(walked).split("_")
    return any(word in ASKS or word.startswith(READS) for word in words)
