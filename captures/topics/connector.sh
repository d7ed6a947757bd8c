# Life of processes as the connector tells it (NETLINK_CONNECTOR, struct proc_event): fork, exec, names, ids, a session, ptrace, a crash, exits. nlmon never shows it: the asking socket wrote what it sent (packet type 7), got (6) and heard (2), of its own children only. On the host: user-mode Linux has no process events.
python3 - <<'PYTHON'
import ctypes, os, signal, socket, struct, sys, time

LISTEN, IGNORE, FORK, EVENTS = 1, 2, 1, 0x7FFFFFFF | 1 << 31
connection = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 11)
connection.bind((0, 1))
connection.settimeout(0.5)
file = open(os.environ["RESULT"] + ".pcap", "wb")
file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 253))
children = set()

def write(packet_type, payload):
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    frame = struct.pack(">HHH8xH", packet_type, 824, 0, 11) + payload
    file.write(struct.pack("<IIII", seconds, nanoseconds // 1000, len(frame), len(frame)) + frame)

def ask(sequence, *words):
    body = struct.pack(f"={len(words)}I", *words)
    message = struct.pack("=IIIIHH", 1, 1, sequence, 0, len(body), 0) + body
    request = struct.pack("=IHHII", 16 + len(message), 3, 0, sequence, 0) + message
    connection.send(request)
    write(7, request)

def hear():
    """Write what is told of our children until nothing more comes."""
    try:
        while True:
            told = connection.recv(4096)
            what, process, other, child = struct.unpack_from("=I12xiii", told, 36)
            if what == 0:
                write(6, told)
            elif what == FORK and (process in children or process == os.getpid()):
                children.add(child)
                write(2, told)
            elif process in children:
                write(2, told)
    except TimeoutError:
        pass

def child(function):
    pid = os.fork()
    if not pid:
        function()
        os._exit(0)
    return pid

def change():
    open("/proc/self/comm", "w").write("renamed")
    os.setsid()
    os.setgid(65534)
    os.setuid(65534)

def crash():
    os.kill(os.getpid(), signal.SIGSEGV)

os.setpgrp()
ask(7, LISTEN)
waiting = [child(lambda: os.execl("/bin/sh", "sh", "-c", "/bin/true; exit 3")), child(change), child(crash)]
traced = child(lambda: time.sleep(0.2))
ctypes.CDLL(None).ptrace(16, traced, None, None)
os.waitpid(traced, 0)
ctypes.CDLL(None).ptrace(17, traced, None, None)
for pid in [*waiting, traced]:
    os.waitpid(pid, 0)
hear()
ask(8, IGNORE, EVENTS & ~FORK & 0xE00003C7)
hear()
PYTHON
