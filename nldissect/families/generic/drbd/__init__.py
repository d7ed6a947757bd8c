"""DRBD, replicated block devices: 8.4's family, as the kernel has it."""
