"""Network block devices (linux/nbd-netlink.h, linux/nbd.h, drivers/block/nbd.c)."""

from nldissect.wire import U8, U32, U64, AttrSet, Flags, Nest, Text, bind_genl


class NBD_FLAG(Flags):
    HAS_FLAGS         = 0x001
    READ_ONLY         = 0x002
    SEND_FLUSH        = 0x004
    SEND_FUA          = 0x008
    ROTATIONAL        = 0x010
    SEND_TRIM         = 0x020
    SEND_WRITE_ZEROES = 0x040
    CAN_MULTI_CONN    = 0x100


class NBD_CFLAG(Flags):
    DESTROY_ON_DISCONNECT = 0x1
    DISCONNECT_ON_CLOSE   = 0x2


class NBD_SOCK(AttrSet):
    FD = U32(1)


class NBD_SOCK_LIST(AttrSet, prefix="NBD_SOCK"):
    ITEM = Nest(1, NBD_SOCK, many=True)


class NBD_DEVICE(AttrSet):
    INDEX     = U32(1)
    CONNECTED = U8(2)


class NBD_DEVICE_LIST(AttrSet, prefix="NBD_DEVICE"):
    ITEM = Nest(1, NBD_DEVICE, many=True)


class NBD_ATTR(AttrSet):
    INDEX              = U32(1)
    SIZE_BYTES         = U64(2)
    BLOCK_SIZE_BYTES   = U64(3)
    TIMEOUT            = U64(4, measure="s")
    SERVER_FLAGS       = U64(5, NBD_FLAG)
    CLIENT_FLAGS       = U64(6, NBD_CFLAG)
    SOCKETS            = Nest(7, NBD_SOCK_LIST)
    DEAD_CONN_TIMEOUT  = U64(8, measure="s")
    DEVICE_LIST        = Nest(9, NBD_DEVICE_LIST)
    BACKEND_IDENTIFIER = Text(10)

    template = (
        "[nbd{NBD_ATTR_INDEX} ][{NBD_ATTR_BACKEND_IDENTIFIER} ][size {NBD_ATTR_SIZE_BYTES} ]"
        "[block size {NBD_ATTR_BLOCK_SIZE_BYTES} ][timeout {NBD_ATTR_TIMEOUT} ][<{NBD_ATTR_SERVER_FLAGS}> ]"
        "[<{NBD_ATTR_CLIENT_FLAGS}> ][sockets {NBD_ATTR_SOCKETS#} ][devices {NBD_ATTR_DEVICE_LIST#}]"
    )


bind_genl(
    NBD_ATTR,
    "nbd",
    NBD_CMD_CONNECT=1,
    NBD_CMD_DISCONNECT=2,
    NBD_CMD_RECONFIGURE=3,
    NBD_CMD_LINK_DEAD=4,
    NBD_CMD_STATUS=5,
)
