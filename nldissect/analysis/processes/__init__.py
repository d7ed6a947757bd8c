"""Processes: the owners of the sockets that messages were sent and received through."""
