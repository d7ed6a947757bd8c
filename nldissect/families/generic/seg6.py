"""Segment routing over IPv6: the tunnels' source, HMAC keys (linux/seg6_genl.h, net/ipv6/seg6.c)."""

from nldissect.wire import S32, U8, U32, Addr, AttrSet, Enum, Nest, Secret, bind_genl


class SEG6_HMAC_ALGO(Enum):
    SHA1   = 1
    SHA256 = 2


class SEG6_ATTR(AttrSet):
    DST       = Addr(1)
    DSTLEN    = S32(2)
    HMACKEYID = U32(3)
    SECRET    = Secret(4)
    SECRETLEN = U8(5)
    ALGID     = U8(6, SEG6_HMAC_ALGO)
    HMACINFO  = Nest(7, "self")

    template = (
        "[source {SEG6_ATTR_DST}] [hmac key {SEG6_ATTR_HMACKEYID}] [{SEG6_ATTR_ALGID}] [{SEG6_ATTR_SECRETLEN} bytes]"
    )


bind_genl(SEG6_ATTR, "SEG6", SEG6_CMD_SETHMAC=1, SEG6_CMD_DUMPHMAC=2, SEG6_CMD_SET_TUNSRC=3, SEG6_CMD_GET_TUNSRC=4)
