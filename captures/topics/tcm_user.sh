# A SCSI target whose blocks are in user space: added, reconfigured, resized, removed, as its daemon is told and answers. In the kernel's first namespaces.
modprobe target_core_user
mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
disk=/sys/kernel/config/target/core/user_7/disk
mkdir -p $disk
capture
listen python $TOPICS/tcm_user.py
echo dev_config=file//tmp/disk.img,dev_size=1048576 > $disk/control
echo 1 > $disk/enable
echo 2097152 > $disk/attrib/dev_size
echo 1 > $disk/attrib/emulate_write_cache
printf file//tmp/other.img > $disk/attrib/dev_config
fails sh -c "printf refused > $disk/attrib/dev_config"
rmdir $disk
told removed
