# What a listener (ip monitor link) is told while a dummy is added, renamed, resized, brought up and down, and deleted.
capture
listen ip monitor link
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 name dmy
ip link set dmy mtu 9000
ip link set dmy up
ip link set dmy address 02:00:00:00:00:02
ip link property add dev dmy altname a-much-longer-alternative-name
ip link set dmy promisc on
ip link set dmy down
ip link property del dev dmy altname a-much-longer-alternative-name
ip link del dmy
told Deleted
