"""What holds everywhere: readers agree, secrets stay hidden, facts are the kernel's, the project keeps its form."""
