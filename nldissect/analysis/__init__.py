"""Analysis of a capture's messages together: statistics, exchanges, changes of objects, processes.

    Block > exchanges/ (requests and their answers)      > commands/exchanges, stats exchanges, fields exchange.*
          > objects/   (state of objects, what changed)  > commands/changes, stats objects
          > processes/ (whose sockets messages went through) > fields process.*, labels in lists
          > notes/     (expert notes)                    > stats notes, field expert
          > stats/     (counts)                          > render/stats

    exchange             a request and its answers (exchanges/table)
    clear, ambiguous     pairing decided for many together, or one by one (exchanges/clear_cases, ambiguous)
    port space           protocol and namespace in which a port id means something
    lifetime, ownership  a process under a name; a socket held by a process (processes/lifetimes, socket_owners)
    expert note          severity, kind and text of an oddity (notes/model)

Everything takes blocks one after the other, so that a growing file is followed. tests/analysis holds it.
"""
