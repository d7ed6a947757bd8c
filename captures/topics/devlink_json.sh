# What devlink -j says of a simulated device (netdevsim), and the messages it had that from. In Debian's own kernel, with netdevsim built beside it (full_kernel.py netdevsim).
modprobe netdevsim
capture
echo "1 2 4" >/sys/bus/netdevsim/new_device
devlink -j port show
devlink -j dev param show
devlink -j dev info
devlink -j resource show netdevsim/netdevsim1
devlink -j trap policer show
devlink -j health show
echo 1 >/sys/bus/netdevsim/del_device
