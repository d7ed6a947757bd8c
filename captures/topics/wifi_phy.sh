# nl80211: a simulated radio and all it can do in split messages, its interface, the regulatory domain. In Debian's own kernel. In the kernel's first namespaces.
modprobe mac80211_hwsim radios=1
capture
iw phy phy0 info
iw dev
iw reg set FR
iw reg get
rmmod mac80211_hwsim
