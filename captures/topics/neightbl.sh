# Neighbour tables and their parameters.
ip link add d0 address 02:00:00:00:00:01 type dummy
capture
ip -s ntable show
ip ntable show dev d0 name arp_cache
ip ntable change name arp_cache dev d0 base_reachable 20000 queue 50 ucast_probes 5
fails ip ntable change name arp_cache thresh1 128
