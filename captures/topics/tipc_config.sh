# TIPC's older family, with a header, commands and TLVs of its own, as tipc-config(8) used it.
modprobe tipc
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
capture
python $TOPICS/tipc_config.py
