# A program writes its process id into nlmsg_pid, and its socket has another port id: three dumps of routes and of links, a route added and deleted before a listener. The kernel ignores what a request says there and answers the socket.
ip link add d0 type dummy
ip addr add 10.9.0.1/24 dev d0
ip link set d0 up
capture
listen ip monitor route
python3 $TOPICS/claimed_port.py
