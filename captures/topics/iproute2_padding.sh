# Requests with zero bytes after the message: iproute2 sends its whole buffer when it asks for routes, rules or neighbours.
capture
ip route show
ip -6 route show table local
ip neigh show
ip rule show
ip nexthop show
