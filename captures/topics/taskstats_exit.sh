# taskstats: tasks that exit, told to who asked for their processor; tasks of a cgroup counted. In the kernel's first namespaces.
mkdir -p /run/groups
mount -t cgroup -o none,name=groups groups /run/groups
mkdir /run/groups/one
capture
PYTHONPATH=$TOPICS python - <<'PYTHON'
import os, subprocess
from families import Family, attribute, u32

stats = Family("TASKSTATS")
print(stats.ask(1, attribute(3, b"0\0"), 5).hex())
subprocess.run(["/bin/true"])
print(len(stats.receive()))
stats.send(1, attribute(4, b"0\0"), 5)
print(stats.receive()[:40].hex())
sleeper = subprocess.Popen(["sleep", "10"])
with open("/run/groups/one/tasks", "w") as tasks:
    tasks.write(str(sleeper.pid))
group = os.open("/run/groups/one", os.O_RDONLY)
print(stats.ask(4, u32(1, group)).hex())
sleeper.kill()
PYTHON
rmdir /run/groups/one || true
umount /run/groups
