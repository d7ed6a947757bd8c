"""Random operations of several programs in a real kernel, whose own dumps are the truth.

    .venv/bin/python -m tests.truth --operations 2000 --seed 1

guest       runs in the user-mode kernel: a capture, the programs that change the network, the program that dumps
requests    requests as bytes, by chance; `commands`: the same as lines for ip and tc
checker     what nldissect tells of the capture, against the dumps and the programs' own logs
tally       how often it was right, by what it rests on
"""
