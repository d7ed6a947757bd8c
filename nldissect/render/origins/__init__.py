"""Origins of frames as text: interface and network namespace; what a second pass finds of process and links."""
