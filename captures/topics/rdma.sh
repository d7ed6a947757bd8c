# NETLINK_RDMA: a software RoCE device made, named, listed with ports, resources, counters and character devices, a counter bound, the device taken away; with what the monitor group heard. nlmon never shows it: the asking socket wrote what it sent (packet type 7), got (6) and heard (2). In Debian's own kernel. In the kernel's first namespaces.
modprobe rdma_rxe
modprobe ib_uverbs
modprobe rdma_ucm
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
python - <<'PYTHON'
import os, socket, struct, subprocess, time

connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 20)
connection.bind((0, 1 << 3))  # RDMA_NL_GROUP_NOTIFY
connection.settimeout(1)
file = open(os.environ["RESULT"] + ".pcap", "wb")
file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 253))
asked = 0

def write(packet_type, payload):
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    frame = struct.pack(">HHH8xH", packet_type, 824, 0, 20) + payload
    file.write(struct.pack("<IIII", seconds, nanoseconds // 1000, len(frame), len(frame)) + frame)

def attribute(number, value):
    value = value.encode() + b"\0" if isinstance(value, str) else value if isinstance(value, bytes) else struct.pack("=I", value)
    return struct.pack("=HH", 4 + len(value), number) + value + bytes(-len(value) % 4)

def ask(operation, flags, *attributes):
    """A message of the device interface (client 5), and all that comes within a second."""
    global asked
    asked += 1
    body = b"".join(attribute(*one) for one in attributes)
    request = struct.pack("=IHHII", 16 + len(body), 5 << 10 | operation, 1 | flags, asked, 0) + body
    connection.send(request)
    write(7, request)
    try:
        while True:
            told, (_, group) = connection.recvfrom(65536)
            write(2 if group else 6, told)
            print(operation, "heard" if group else "told", told[16:200].hex())
    except TimeoutError:
        pass

ACK, DUMP = 4, 0x300
INDEX, NAME, PORT, NDEV, TYPE = 1, 2, 3, 51, 65
ask(3, ACK, (NAME, "rxe0"), (TYPE, "rxe"), (NDEV, "d0"))     # rdma link add rxe0 type rxe netdev d0
for show in ("dev", "link", "resource", "system", "statistic"):
    subprocess.run(["rdma", "-j", "-d", show, "show"])
ask(1, DUMP)                                                 # rdma dev show
ask(5, DUMP, (INDEX, 0))                                     # rdma link show
ask(9, DUMP)                                                 # rdma resource show
for operation in (10, 12, 13, 14, 11, 22, 23):               # ... qp, cq, mr, pd, cm_id, ctx, srq
    ask(operation, DUMP, (INDEX, 0))
ask(17, 0, (INDEX, 0), (PORT, 1))                            # rdma statistic show link rxe0/1
ask(24, 0, (INDEX, 0), (PORT, 1))                            # rdma statistic mode
ask(6, 0)                                                    # rdma system show
ask(15, 0, (INDEX, 0), (69, "uverbs"))                       # which file in /dev
ask(16, ACK, (INDEX, 0), (PORT, 1), (75, 19), (74, 1), (76, 1))  # rdma statistic qp set link rxe0/1 auto type on
ask(2, ACK, (INDEX, 0), (NAME, "renamed"))                   # rdma dev set rxe0 name renamed
ask(1, 0, (INDEX, 7))                                        # a device that is none
ask(4, ACK, (INDEX, 0))                                      # rdma link delete renamed
PYTHON
