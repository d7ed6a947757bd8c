"""The core in C that makes the text of many messages, and the program it runs: the Scapy layer classes, flattened.

    Scapy layer classes > catalog > flattening, templates > program (tables of numbers) > program_file, made at build
    windows of records > scanner (scan.c) > preparation > core (read.c, ...) > text > render/native prints it

Entry points: `core.Core`, `scanner.Scanner`, `loader.usable_library`, `program_file.usable_tables`.

    program        kinds, sets, structs and templates as tables that C interprets; made from the classes alone
    head           what stands around bodies of messages, by number: one per protocol, type, direction, family, command
    item           a message as the scanner hands it to the core
    cells          fields as the core writes them (cells.c)
    miss           a message or value that the core leaves to the message engine

NL_ABI and the sizes of structures are checked when the library is loaded (abi, loader). To add a kind: kind_specs.
tests/native and tests/fuzz hold it to the message engine.
"""
