"""Logs of strace as captures."""
