# Settings and rules of the audit subsystem (NETLINK_AUDIT): status, features, rules added, listed and taken away, one refused. nlmon never shows it: the asking socket wrote what it sent (packet type 7) and got (6). In the kernel's first namespaces.
python - <<'PYTHON'
import os, socket, struct, time

connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9)
connection.settimeout(0.3)
file = open(os.environ["RESULT"] + ".pcap", "wb")
file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 253))
asked = 0

def write(packet_type, payload):
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    frame = struct.pack(">HHH8xH", packet_type, 824, 0, 9) + payload
    file.write(struct.pack("<IIII", seconds, nanoseconds // 1000, len(frame), len(frame)) + frame)

def ask(kind, body=b"", flags=1):
    global asked
    asked += 1
    request = struct.pack("=IHHII", 16 + len(body), kind, flags, asked, 0) + body
    connection.send(request)
    write(7, request)
    try:
        while True:
            answer = connection.recv(65536)
            write(6, answer)
            print(kind, struct.unpack_from("=H", answer, 4)[0], answer[16:80].hex())
    except TimeoutError:
        pass

def rule(flags, action, syscalls, *fields):
    """struct audit_rule_data: a field is its number, operator and value; texts go behind the struct."""
    mask, texts = [0] * 64, [value for _, _, value in fields if isinstance(value, bytes)]
    for number in syscalls:
        mask[number // 32] |= 1 << number % 32
    values = [len(value) if isinstance(value, bytes) else value for _, _, value in fields]
    columns = [field[0] for field in fields], values, [field[1] for field in fields]
    arrays = b"".join(struct.pack("=64I", *column, *[0] * (64 - len(column))) for column in columns)
    head = struct.pack("=3I64I", flags, action, len(fields), *mask)
    return head + arrays + struct.pack("=I", len(b"".join(texts))) + b"".join(texts)

EQUAL, AT_LEAST = 0x40000000, 0x60000000
denied = rule(4, 2, [2, 257], (11, EQUAL, 0xC000003E), (103, EQUAL, 0xFFFFFFF3), (9, AT_LEAST, 1000), (210, EQUAL, b"denied"))
watch = rule(4, 2, range(2048), (107, EQUAL, b"/etc"), (106, EQUAL, 10), (210, EQUAL, b"config"))
quiet = rule(5, 0, [], (12, EQUAL, 1300))

ask(1000)                                                                  # AUDIT_GET
ask(1001, struct.pack("=11I", 0x10, 0, 0, 0, 0, 320, 0, 0, 0, 0, 0), 5)    # AUDIT_SET backlog_limit
ask(1011, denied, 5)                                                       # auditctl -a always,exit -F arch=b64 -S open,openat ...
ask(1011, watch, 5)                                                        # auditctl -w /etc -p wa -k config
ask(1011, quiet, 5)                                                        # auditctl -a never,exclude -F msgtype=SYSCALL
ask(1011, quiet, 5)                                                        # once more: it exists
ask(1013)                                                                  # auditctl -l
ask(1012, denied, 5)
ask(1012, watch, 5)
ask(1012, quiet, 5)
ask(1019)                                                                  # AUDIT_GET_FEATURE
ask(1018, struct.pack("=4I", 1, 2, 0, 0), 5)
ask(1016)                                                                  # AUDIT_TTY_GET
ask(1017, struct.pack("=2I", 1, 0), 5)
ask(1016)
ask(1017, struct.pack("=2I", 0, 0), 5)
ask(1010)                                                                  # AUDIT_SIGNAL_INFO
ask(1015, struct.pack("=2I", 4, 4) + b"/etc/srv", 5)                       # AUDIT_MAKE_EQUIV
ask(1014, b"", 5)                                                          # AUDIT_TRIM
ask(1100, b"op=test acct=\"nobody\" res=success\0", 5)                     # AUDIT_USER_AUTH
PYTHON
