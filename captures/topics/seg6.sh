# Segment routing's tunnel source and IOAM namespaces and schemas, over their generic families.
capture
ip sr tunsrc set 2001:db8::1
ip sr tunsrc show
fails ip sr hmac show
ip ioam namespace add 123 data 0x10 wide 0x20
ip ioam schema add 5 "a schema"
ip ioam namespace set 123 schema 5
ip ioam namespace show
ip ioam schema show
ip ioam namespace set 123 schema none
ip ioam schema del 5
fails ip ioam namespace del 99
