# Ids of network namespaces: set, asked for, listed; a veth whose peer lies in another namespace.
ip netns add red
ip netns add green
capture
listen ip monitor nsid
ip netns set red 7
ip netns list-id
ip netns list
ip link add here type veth peer name there netns red
ip link show dev here
ip link set here netns green
ip netns list-id target-nsid 7
ip netns delete red
told "nsid 7"
