"""Objects of IPsec, and what of them is no change: what was used of a lifetime, counters."""

from nldissect.wire import NETLINK, DecodedMessage, bind_gone, bind_no_object, bind_object, get_int

XFRM = NETLINK.XFRM
ANY_PROTOCOL = (0, 255)  # IPSEC_PROTO_ANY


def is_soft(walked: DecodedMessage) -> bool:
    """Whether only a soft limit was reached."""
    return not get_int(walked, "hard")


# Those for which keys are only asked for have no SPI yet, and differ in their source and request alone.
STATE = bind_object(
    "state", XFRM, new="XFRM_MSG_NEWSA XFRM_MSG_UPDSA", gone="XFRM_MSG_DELSA",
    key="family|state.family id.daddr|daddr|state.id.daddr id.spi|spi|state.id.spi id.proto|proto|state.id.proto "
    "XFRMA_MARK saddr|state.saddr|XFRMA_SA.saddr reqid|state.reqid|XFRMA_SA.reqid",
    called="{id.proto|proto} to {id.daddr|daddr} spi {id.spi|spi} [mark {XFRMA_MARK.v}/{XFRMA_MARK.m}]",
    quiet="curlft stats seq XFRMA_LASTUSED XFRMA_REPLAY_VAL XFRMA_REPLAY_ESN_VAL",
)
bind_no_object(XFRM, "XFRM_MSG_EXPIRE XFRM_MSG_POLEXPIRE", where=is_soft)
bind_gone(STATE, XFRM, "XFRM_MSG_EXPIRE")
bind_gone(STATE, XFRM, "XFRM_MSG_FLUSHSA", where=lambda walked: get_int(walked, "proto") in ANY_PROTOCOL, same="")
bind_gone(STATE, XFRM, "XFRM_MSG_FLUSHSA", same="id.proto|proto|state.id.proto")
POLICY = bind_object(
    "policy", XFRM, new="XFRM_MSG_NEWPOLICY XFRM_MSG_UPDPOLICY", gone="XFRM_MSG_DELPOLICY",
    key="sel|pol.sel dir|pol.dir XFRMA_POLICY_TYPE XFRMA_MARK XFRMA_IF_ID XFRMA_SEC_CTX",
    called="{dir} {sel.saddr}/{sel.prefixlen_s} to {sel.daddr}/{sel.prefixlen_d} "
    "[{!sel.proto=IPPROTO_IP}proto {sel.proto}] [{!sel.sport=0}sport {sel.sport}] [{!sel.dport=0}dport {sel.dport}] "
    "[dev {sel.ifindex}] [{!XFRMA_POLICY_TYPE.type=XFRM_POLICY_TYPE_MAIN}ptype {XFRMA_POLICY_TYPE.type}] "
    "[mark {XFRMA_MARK.v}/{XFRMA_MARK.m}] [if_id {XFRMA_IF_ID}]", quiet="curlft",
)
bind_gone(POLICY, XFRM, "XFRM_MSG_POLEXPIRE")
bind_gone(POLICY, XFRM, "XFRM_MSG_FLUSHPOLICY", same="XFRMA_POLICY_TYPE")
