# Sockets as ss asks for them: TCP with memory, timers, congestion control; UDP, raw, unix, packet, netlink; filters as byte code.
capture
python - <<'PYTHON'
import socket, subprocess, tempfile

held = []
server = socket.create_server(("127.0.0.1", 8080))
client = socket.create_connection(("127.0.0.1", 8080))
client.send(b"hello")
held += [server, client, server.accept()[0], socket.create_server(("::1", 8081), family=socket.AF_INET6)]
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 5353))
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
unix.bind("/run/listening")
unix.listen(5)
left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
abstract = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
abstract.bind("\0abstract")
netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
netlink.bind((0, 0x11))
for options in (
    "-tna", "-tinemo", "-una", "-wna", "-xa", "-0 -e", "-f netlink -e",
    "-tn sport = :8080 or ( dst 127.0.0.0/8 and dport >= :8000 )",
    "-tna not dev lo and src [::1]",
    "-tn state established fwmark = 0x0/0xff",
    "-xa src /run/*",
):
    print("$ ss", options, flush=True)
    subprocess.run(["ss", *options.split()], check=True)
PYTHON
