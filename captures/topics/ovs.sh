# Open vSwitch's kernel datapath, generic netlink alone: flows with keys, masks and actions, ports, limits, a refused flow.
modprobe openvswitch
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ovs-dpctl add-dp dp0
ovs-dpctl add-if dp0 d0
ovs-dpctl add-flow dp0 'in_port(1),eth(),eth_type(0x0806),arp(op=1)' 'set(eth(src=02:00:00:00:00:0a,dst=02:00:00:00:00:0b)),2'
ovs-dpctl add-flow dp0 'in_port(2),eth(),eth_type(0x86dd),ipv6(src=2001:db8::/ffff:ffff::,frag=no)' 'ct(commit,mark=0x1/0xff,nat),recirc(7)'
capture 'link[14:2] == 16'
ovs-dpctl add-if dp0 vx0,type=vxlan,remote_ip=flow
ovs-dpctl add-flow dp0 'in_port(1),eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:02),eth_type(0x0800),ipv4(src=10.0.0.1,proto=6,frag=no),tcp(src=1024/0xfc00,dst=80),tcp_flags(0x2/0x12)' 'push_vlan(vid=10,pcp=3),2'
fails ovs-dpctl add-flow dp0 'in_port(2),eth(),eth_type(0x0800),ipv4(proto=6,frag=no),tcp(dst=80)' 1
ovs-dpctl dump-flows dp0
ovs-dpctl ct-set-limits default=1000
