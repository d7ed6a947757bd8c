# Devlink: all that a simulated device (netdevsim) has: ports, parameters, resources, regions, health reporters, traps and policers, rates, flash, reload. In Debian's own kernel, with netdevsim built beside it (full_kernel.py netdevsim).
modprobe netdevsim
mount -t debugfs debugfs /sys/kernel/debug
head -c 4096 /dev/zero >${RESULT%/*}/image
echo -n ${RESULT%/*} >/sys/module/firmware_class/parameters/path
SIM=/sys/kernel/debug/netdevsim/netdevsim1
capture
listen devlink monitor
echo "1 2 4" >/sys/bus/netdevsim/new_device
devlink -s dev show
devlink dev info
devlink port show
devlink dev param show
devlink dev param set netdevsim/netdevsim1 name max_macs value 16 cmode driverinit
devlink dev param set netdevsim/netdevsim1 name test1 value false cmode driverinit
devlink resource show netdevsim/netdevsim1
devlink resource set netdevsim/netdevsim1 path /IPv4/fib size 512
devlink dev reload netdevsim/netdevsim1
devlink region show
devlink region new netdevsim/netdevsim1/dummy snapshot 7
devlink region read netdevsim/netdevsim1/dummy snapshot 7 address 0 length 64
devlink region del netdevsim/netdevsim1/dummy snapshot 7
devlink health show
devlink health diagnose netdevsim/netdevsim1 reporter dummy
devlink health set netdevsim/netdevsim1 reporter dummy grace_period 500 auto_recover false auto_dump true
echo "it broke" >$SIM/health/break_health
devlink health dump show netdevsim/netdevsim1 reporter dummy
devlink health dump clear netdevsim/netdevsim1 reporter dummy
devlink health recover netdevsim/netdevsim1 reporter dummy
fails devlink health test netdevsim/netdevsim1 reporter dummy
devlink trap show
devlink trap set netdevsim/netdevsim1 trap blackhole_route action trap
devlink -s trap show netdevsim/netdevsim1 trap blackhole_route
devlink trap group show
devlink trap group set netdevsim/netdevsim1 group l3_drops action trap policer 3
devlink trap policer set netdevsim/netdevsim1 policer 3 rate 3000 burst 512
devlink -s trap policer show
echo 2 >/sys/bus/netdevsim/devices/netdevsim1/sriov_numvfs
devlink dev eswitch set netdevsim/netdevsim1 mode switchdev
devlink dev eswitch show netdevsim/netdevsim1
devlink port show
devlink port function rate add netdevsim/netdevsim1/group tx_share 1mbit tx_max 10mbit
devlink port function rate set netdevsim/netdevsim1/128 tx_max 5mbit parent group
devlink port function rate show
devlink port function rate set netdevsim/netdevsim1/128 noparent
devlink port function rate del netdevsim/netdevsim1/group
echo 1 >$SIM/fw_update_overwrite_mask
echo N >$SIM/fw_update_status
devlink dev flash netdevsim/netdevsim1 file image component fw.mgmt overwrite settings
fails devlink dev reload netdevsim/netdevsim1 action fw_activate limit no_reset
fails devlink port split netdevsim/netdevsim1/0 count 2
fails devlink sb show netdevsim/netdevsim1
fails devlink dpipe table show netdevsim/netdevsim1
fails devlink port function set netdevsim/netdevsim1/128 hw_addr 02:00:00:00:00:01 state active
fails devlink dev show netdevsim/netdevsim9
echo 1 >/sys/bus/netdevsim/del_device
