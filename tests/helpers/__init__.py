"""What tests share: captures, messages, tools, a terminal, a real kernel."""
