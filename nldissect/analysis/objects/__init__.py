"""Objects of the kernel: their identity, the state known of each, and the changes that messages make."""
