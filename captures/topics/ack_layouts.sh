# One refused request on four sockets (with and without CAP_ACK and EXT_ACK), an ack asked for, and an error that ends a dump inside NLMSG_DONE.
capture
python - <<'PYTHON'
import itertools, socket, struct

NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK, SOL_NETLINK = 10, 11, 12, 270
REQUEST, ACK, DUMP, CREATE = 1, 4, 0x300, 0x400

def ask(kind, flags, body, **options):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as connection:
        for option in options.values():
            connection.setsockopt(SOL_NETLINK, option, 1)
        connection.send(struct.pack("=IHHII", 16 + len(body), kind, flags, 7, 0) + body)
        while True:
            answer = connection.recv(65536)
            if struct.unpack_from("=H", answer, 4)[0] in (2, 3):
                return print(answer.hex())

def attribute(kind, value):
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)

# RTM_NEWROUTE 10.0.0.1/8 dev lo: bits set beyond the prefix length.
route = struct.pack("=8BI", 2, 8, 0, 0, 254, 4, 253, 1, 0) + attribute(1, bytes([10, 0, 0, 1])) + attribute(4, b"\1\0\0\0")
for cap, ext in itertools.product((False, True), repeat=2):
    ask(24, REQUEST | ACK | CREATE, route, **({"cap": NETLINK_CAP_ACK} if cap else {}), **({"ext": NETLINK_EXT_ACK} if ext else {}))

# RTM_NEWRULE with FRA_DSCP out of range: the kernel sends the policy that was broken.
rule = struct.pack("=8BI", 2, 0, 0, 0, 254, 0, 0, 1, 0) + attribute(25, b"\xc8")
ask(32, REQUEST | ACK | CREATE, rule, ext=NETLINK_EXT_ACK)

# RTM_SETLINK on lo that changes nothing: an ack with the request's header.
ask(19, REQUEST | ACK, struct.pack("=BxHiII", 0, 0, 1, 0, 0), cap=NETLINK_CAP_ACK, ext=NETLINK_EXT_ACK)

# RTM_GETLINK and RTM_GETROUTE dumps under strict checking, with headers it refuses.
ask(18, REQUEST | DUMP, struct.pack("=BxHiII", 0, 0, 0, 0, 1), strict=NETLINK_GET_STRICT_CHK, ext=NETLINK_EXT_ACK)
ask(26, REQUEST | DUMP, struct.pack("=8BI", 2, 99, 0, 0, 0, 0, 0, 0, 0), strict=NETLINK_GET_STRICT_CHK, ext=NETLINK_EXT_ACK)
ask(26, REQUEST | DUMP, struct.pack("=8BI", 2, 99, 0, 0, 0, 0, 0, 0, 0), strict=NETLINK_GET_STRICT_CHK)

# A type nobody serves, and a message of the wrong size.
ask(0x7F, REQUEST | ACK, b"\0" * 16, ext=NETLINK_EXT_ACK)
ask(16, REQUEST | ACK, b"\0" * 4, ext=NETLINK_EXT_ACK)
PYTHON
