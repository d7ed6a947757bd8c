# NETLINK_USERSOCK: programs that talk to each other. A text sent to port 100, a multicast to group 3, and bytes without a netlink header.
capture
python - <<'PYTHON'
import contextlib, socket, struct

NETLINK_USERSOCK = 2

def message(kind, text, sequence, port):
    return struct.pack("=IHHII", 16 + len(text), kind, 0, sequence, port) + text

receiver = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_USERSOCK)
receiver.bind((200, 0))
listener = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_USERSOCK)
listener.bind((300, 4))
sender = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_USERSOCK)
sender.bind((100, 0))

sender.sendto(message(0x20, b"Hello you!", 1, 100), (200, 0))
receiver.sendto(message(0x21, b"Hello yourself!\0", 1, 200), (100, 0))
with contextlib.suppress(ConnectionRefusedError):  # from port 0, the kernel, which does not listen here; the group got it
    sender.sendto(message(0x22, b"Hello all of group 3!", 2, 100), (0, 4))
sender.sendto(b"no header at all", (200, 0))
sender.sendto(b"tiny", (200, 0))
print(receiver.recv(100), sender.recv(100), listener.recv(100), receiver.recv(100), receiver.recv(100))
PYTHON
