# The generic family handshake: NFS over TLS, for which the kernel has tlshd shake hands at both ends of a connection; a client without a certificate. In Debian's own kernel.
modprobe nfsd
modprobe nfsv4
modprobe tls
mount -t nfsd nfsd /proc/fs/nfsd
mkdir -p /run/rpcbind /run/export /run/mounted
rpcbind
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /run/key.pem -out /run/cert.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -days 365 2>/dev/null
printf '[authenticate.client]\nx509.truststore=/run/cert.pem\n[authenticate.server]\nx509.truststore=/run/cert.pem\nx509.certificate=/run/cert.pem\nx509.private_key=/run/key.pem\n' >/run/tlshd.conf
nfsdctl listener +tcp:127.0.0.1:2049
nfsdctl threads 2
exportfs -o rw,fsid=0,no_subtree_check 127.0.0.1:/run/export
rpc.mountd
capture
listen tlshd -s -c /run/tlshd.conf
mount -t nfs4 -o xprtsec=tls,retry=0,soft 127.0.0.1:/ /run/mounted
umount /run/mounted
fails mount -t nfs4 -o xprtsec=mtls,retry=0,soft 127.0.0.1:/ /run/mounted
nfsdctl threads 0
