# NETLINK_CRYPTO: one algorithm asked for, all listed, one refused. nlmon never shows it: the asking socket wrote what it sent (packet type 7) and got (6).
modprobe crypto_user; modprobe sha1_generic
python - <<'PYTHON'
import os, socket, struct, time

CRYPTO_MSG_GETALG = 0x13
connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 21)
connection.settimeout(5)
file = open(os.environ["RESULT"] + ".pcap", "wb")
file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 253))

def write(packet_type, payload):
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    frame = struct.pack(">HHH8xH", packet_type, 824, 0, 21) + payload
    file.write(struct.pack("<IIII", seconds, nanoseconds // 1000, len(frame), len(frame)) + frame)

def ask(sequence, flags, name):
    algorithm = name.ljust(64, b"\0") + bytes(64 + 64) + bytes(16)  # crypto_user_alg
    request = struct.pack("=IHHII", 16 + len(algorithm), CRYPTO_MSG_GETALG, flags, sequence, 0) + algorithm
    connection.send(request)
    write(7, request)
    while True:
        answer = connection.recv(65536)
        write(6, answer)
        print(len(answer), answer[16:80].rstrip(b"\0") if len(answer) > 100 else answer.hex())
        at, kind = 0, 0
        while at + 16 <= len(answer):
            length, kind = struct.unpack_from("=IH", answer, at)
            at += length + 3 & ~3
        if not flags & 0x300 or kind in (2, 3):
            return

ask(1, 1, b"sha1")
ask(2, 0x301, b"")
ask(3, 1, b"nosuch")
PYTHON
