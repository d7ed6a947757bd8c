"""Devlink: devices behind network interfaces, their ports, buffers, parameters, health (linux/devlink.h, net/devlink/).

One number space serves nearly everything: a nest holds attributes of the same set as the message around it.
"""
