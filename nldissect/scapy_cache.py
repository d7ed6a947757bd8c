"""Repair for a cache directory, ~/.cache/scapy, that may not be read: importing Scapy would fail (2.7, Python 3.11).

Scapy keeps tables there; `sudo -E` may leave such a directory to its user. Imported before the rest of Scapy, this
module lets Scapy run without it.
"""

from __future__ import annotations

from scapy import main

if main.SCAPY_CACHE_FOLDER is not None:
    try:
        (main.SCAPY_CACHE_FOLDER / "services.pickle").exists()
    except OSError:
        main.SCAPY_CACHE_FOLDER = None
