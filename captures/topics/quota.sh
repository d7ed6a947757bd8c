# Quotas of a file system: warnings over the generic family VFS_DQUOT as a user goes beyond limits and comes back. In the kernel's first namespaces.
modprobe loop
modprobe quota_tree
modprobe quota_v2
dd if=/dev/zero of=/dev/shm/disk bs=1M count=8 status=none
mkfs.ext4 -q -O quota /dev/shm/disk
mkdir -p /dev/shm/mount
mount -o loop,usrquota /dev/shm/disk /dev/shm/mount
chmod 777 /dev/shm/mount
capture
PYTHONPATH=$TOPICS python - <<'PYTHON'
import ctypes, os, struct
from families import Family

quota = Family("VFS_DQUOT")
quota.join("events")
libc = ctypes.CDLL(None, use_errno=True)
device = next(line.split()[0] for line in open("/proc/mounts") if " /dev/shm/mount " in line)
limits = struct.pack("=8QII", 20, 10, 0, 3, 2, 0, 0, 0, 0x05, 0)  # hard and soft: blocks of 1024, inodes
print(libc.quotactl(0x80000800 - (1 << 32), device.encode(), 1000, limits))  # Q_SETQUOTA for USRQUOTA
if os.fork() == 0:
    os.setuid(1000)
    for name in ("a", "b", "c", "d"):
        try:
            with open(f"/dev/shm/mount/{name}", "wb") as file:
                file.write(bytes(8192))
        except OSError as error:
            print(error)
    os.sync()
    for name in ("a", "b", "c"):
        os.unlink(f"/dev/shm/mount/{name}")
    os._exit(0)
os.wait()
quota.connection.settimeout(0.3)
try:
    while True:
        print(quota.receive().hex())
except TimeoutError:
    pass
PYTHON
umount /dev/shm/mount
rm -r /dev/shm/disk /dev/shm/mount
