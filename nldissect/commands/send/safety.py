"""Safety of requests: only reading, or changing. A request not known to only read is taken for a change."""

from __future__ import annotations

from nldissect.render.names import message_name
from nldissect.wire import DecodedMessage

READS = ("GET", "DUMP")
"""Beginnings of words in names of requests that read: RTM_GETLINK, ETHTOOL_MSG_RINGS_GET, SEG6_CMD_DUMPHMAC."""
ASKS = {"LIST", "LISTALL", "LISTDEF", "STATICLIST", "STATICLISTDEF", "SHOW", "DIAG", "NOOP"}
CHANGES = {"RESET", "CTRZERO", "SET", "NEW", "ADD", "DEL", "FLUSH", "CLEAR", "REMOVE", "CREATE", "DESTROY"}
"""Words that make such a request a change all the same: NFT_MSG_GETRULE_RESET sets counters to zero."""
KNOWN = {
    "IPSET_CMD_PROTOCOL", "IPSET_CMD_SAVE", "IPSET_CMD_TEST", "IPSET_CMD_HEADER", "IPSET_CMD_TYPE",
    "NFNL_MSG_BATCH_BEGIN", "NFNL_MSG_BATCH_END", "AUDIT_SIGNAL_INFO", "DEVLINK_CMD_REGION_READ", "NBD_CMD_STATUS",
    "NCSI_CMD_PKG_INFO",
}  # fmt: skip


def only_reads(walked: DecodedMessage) -> bool:
    """Return whether a request changes nothing."""
    name = message_name(walked)
    if name in KNOWN:
        return True
    return asks(walked) and not CHANGES & set(name.split("_"))


def asks(walked: DecodedMessage) -> bool:
    """Return whether a request asks for information, whatever else it does."""
    words = message_name(walked).split("_")
    return any(word in ASKS or word.startswith(READS) for word in words)
