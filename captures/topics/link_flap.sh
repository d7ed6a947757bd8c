# A link that flaps: the peer of a veth goes down and up three times, two listeners hear of it.
ip link add left type veth peer name right
ip link set left up
ip link set right up
capture
listen ip monitor link
listen ip monitor link
ip link show
for turn in 1 2 3; do
    ip link set right down
    ip link set right up
done
ip link del left
told Deleted
