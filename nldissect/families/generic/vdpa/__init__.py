"""vDPA: virtio devices whose data path is in hardware."""
