# The life of an iSCSI session over TCP as iscsid makes it (NETLINK_ISCSI): session, connection, parameters, statistics, the end. nlmon never shows it: the asking socket wrote what it sent (packet type 7), got (6) and heard (2). In the kernel's first namespaces.
modprobe iscsi_tcp
python - <<'PYTHON'
import os, socket, struct, time

connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 8)
connection.bind((0, 1))
connection.settimeout(0.5)
handle = int(open("/sys/class/iscsi_transport/tcp/handle").read())
file = open(os.environ["RESULT"] + ".pcap", "wb")
file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 253))

def write(packet_type, payload):
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    frame = struct.pack(">HHH8xH", packet_type, 824, 0, 8) + payload
    file.write(struct.pack("<IIII", seconds, nanoseconds // 1000, len(frame), len(frame)) + frame)

def ask(kind, *words, behind=b""):
    """struct iscsi_uevent: type, error, handle, then two unions of 24 and 16 bytes."""
    body = struct.pack("=IIQ", kind, 0, handle) + struct.pack(f"={len(words)}I", *words).ljust(40, b"\0") + behind
    request = struct.pack("=IHHII", 16 + len(body), kind, 1, 0, 0) + body
    connection.send(request)
    write(7, request)
    answer = None
    try:
        while True:
            told, (_, group) = connection.recvfrom(8192)
            write(2 if group else 6, told)
            print(kind, "group" if group else "answer", told[16:].hex())
            if not group:
                answer = struct.unpack_from("=II", told, 16 + 40)
    except TimeoutError:
        return answer

sid, host = ask(11, 1, 128 | 32 << 16)
ask(13, sid, 0)
ask(16, sid, 0, 0, 7, behind=b"262144\0")
ask(16, sid, 0, 15, 27, behind=b"iqn.2026-11.org.example:disk\0")
ask(16, sid, 0, 22, 8, behind=b"initiator\0")
ask(16, sid, 0, 24, 9, behind=b"not told\0")
ask(26, host, 1, 29, behind=b"iqn.2026-11.org.example:host\0")
ask(20, sid, 0)
ask(17, sid, 0)
ask(18, sid, 0, 0, 0, 1)
ask(14, sid, 0)
ask(12, sid)
PYTHON
