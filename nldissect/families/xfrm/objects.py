"""Objects of IPsec, and what of them is no change: what was used of a lifetime, counters."""

from nldissect.wire import NETLINK
from nldissect.wire.objects import bind_object

XFRM = NETLINK.XFRM

bind_object(
    "state", XFRM, new="XFRM_MSG_NEWSA XFRM_MSG_UPDSA", gone="XFRM_MSG_DELSA",
    key="family id.daddr|daddr id.spi|spi id.proto|proto XFRMA_MARK",
    called="{id.proto|proto} to {id.daddr|daddr} spi {id.spi|spi}",
    quiet="curlft stats seq XFRMA_LASTUSED XFRMA_REPLAY_VAL XFRMA_REPLAY_ESN_VAL",
)
bind_object(
    "policy", XFRM, new="XFRM_MSG_NEWPOLICY XFRM_MSG_UPDPOLICY", gone="XFRM_MSG_DELPOLICY",
    key="sel dir XFRMA_MARK XFRMA_IF_ID",
    called="{dir} {sel.saddr}/{sel.prefixlen_s} to {sel.daddr}/{sel.prefixlen_d}", quiet="curlft",
)
