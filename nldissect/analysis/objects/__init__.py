"""Objects of the kernel: what tells one from another, what is known of each, and what messages change."""
