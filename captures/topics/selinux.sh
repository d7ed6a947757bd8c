# SELinux telling of a change of mode and of a loaded policy (NETLINK_SELINUX); nlmon never shows it, so a socket heard these. In the kernel's first namespaces.
mkdir -p /run/selinux
mount -t selinuxfs selinuxfs /run/selinux
python "$TOPICS/hear.py" 7 1 $RESULT.pcap >$RESULT.listen &
hearing=$!
told listening
echo 1 > /run/selinux/enforce
echo 0 > /run/selinux/enforce
kill $hearing
