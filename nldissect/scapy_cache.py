"""Scapy keeps tables in ~/.cache/scapy; where that may not be looked into, it could not be imported (2.7, Python 3.11).

Such a directory is what `sudo -E` may leave to its user. Imported before the rest of Scapy, this lets it do without.
"""

from __future__ import annotations

from scapy import main

if main.SCAPY_CACHE_FOLDER is not None:
    try:
        (main.SCAPY_CACHE_FOLDER / "services.pickle").exists()
    except OSError:
        main.SCAPY_CACHE_FOLDER = None
