# Deleting links: by name, by group, and a bridge whose port comes free; two that are refused.
ip link add d0 type dummy
ip link add d1 group 42 type dummy
ip link add d2 group 42 type dummy
ip link add br0 type bridge
ip link add d3 master br0 type dummy
capture
listen ip monitor link
ip link del d0
ip link del group 42
ip link del br0
fails ip link del d0
fails ip link del lo
told "Deleted.*br0"
