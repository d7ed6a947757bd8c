# Audit records of watched system calls, as a listener of the read-log group gets them: programs with their arguments and paths, a name that takes hexadecimal, addresses, a refused file, a crash, changes of capabilities. nlmon never shows them, so a socket heard these. In the kernel's first namespaces.
cd /
/usr/bin/python3 - <<'PYTHON'
import os, signal, socket, struct, subprocess, time

control = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9)

def ask(kind, body):
    control.send(struct.pack("=IHHII", 16 + len(body), kind, 5, 1, 0) + body)
    while struct.unpack_from("=H", answer := control.recv(8192), 4)[0] != 2:
        pass
    print(kind, struct.unpack_from("=i", answer, 16)[0])

def rule(syscalls, *fields):
    """always,exit: struct audit_rule_data with fields of number, operator and value."""
    mask, texts = [0] * 64, [value for _, _, value in fields if isinstance(value, bytes)]
    for number in syscalls:
        mask[number // 32] |= 1 << number % 32
    values = [len(value) if isinstance(value, bytes) else value for _, _, value in fields]
    columns = [field[0] for field in fields], values, [field[1] for field in fields]
    arrays = b"".join(struct.pack("=64I", *column, *[0] * (64 - len(column))) for column in columns)
    return struct.pack("=3I64I", 4, 2, len(fields), *mask) + arrays + struct.pack("=I", len(b"".join(texts))) + b"".join(texts)

EQUAL, ARCH, KEY, X86_64, EXIT = 0x40000000, 11, 210, 0xC000003E, 103
EXECVE, CONNECT, CAPSET, OPENAT, BIND, MQ = 59, 42, 126, 257, 49, 240
rules = [
    rule([EXECVE], (ARCH, EQUAL, X86_64), (KEY, EQUAL, b"programs")),
    rule([CONNECT, BIND], (ARCH, EQUAL, X86_64), (KEY, EQUAL, b"net work")),
    rule([OPENAT], (ARCH, EQUAL, X86_64), (EXIT, EQUAL, 0xFFFFFFF3), (KEY, EQUAL, b"denied")),
    rule([CAPSET], (ARCH, EQUAL, X86_64), (KEY, EQUAL, b"rights")),
]
os.makedirs("/run/a b", exist_ok=True)
open("/run/a b/\u00e4 file", "w").write("x")
open("/run/secret", "w").write("x")
os.chmod("/run/secret", 0)
hearing = subprocess.Popen(["python3", os.environ["TOPICS"] + "/hear.py", "9", "1", os.environ["RESULT"] + ".pcap"], stdout=subprocess.PIPE)
hearing.stdout.readline()
ask(1001, struct.pack("=11I", 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0))
for one in rules:
    ask(1011, one)
environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
subprocess.run(["/bin/cat", "/run/a b/\u00e4 file"], env=environment)
subprocess.run(["/bin/echo", "two words", "", "plain", '"quoted"'], env=environment)

def child(work):
    pid = os.fork()
    if not pid:
        try:
            work()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)

def refused():
    os.setuid(65534)
    try:
        open("/run/secret")
    except OSError as error:
        print(error)

def connects():
    for family, address in ((socket.AF_INET, ("127.0.0.1", 9)), (socket.AF_INET6, ("::1", 9))):
        with socket.socket(family, socket.SOCK_DGRAM) as datagrams:
            datagrams.connect(address)
    with socket.socket(socket.AF_UNIX) as local:
        local.bind("\0abstract name")

child(connects)
child(refused)
child(lambda: os.kill(os.getpid(), signal.SIGSEGV))
subprocess.run(["/usr/sbin/capsh", "--drop=cap_sys_time", "--", "-c", "true"], env=environment)
time.sleep(0.5)
for one in rules:
    ask(1012, one)
ask(1001, struct.pack("=11I", 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
hearing.kill()
PYTHON
