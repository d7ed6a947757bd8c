"""The message engine's reading of captures: frames decoded one by one, filtered, rewritten, pasted; works on pipes.

    capfile.Reader > frames.FrameStream (wire.decode) > StreamFrame > filter_frame > render.printer | rewrite

Entry points: `frames.FrameStream`, `frames.merged`, `message_contexts.filter_frame`, `rewrite.Rewriter`.

    stream frame      a frame with its record, decoded, and the requests its messages belong to (frames.StreamFrame)
    message context   a message and what is known around it: the input of filters and fields (message_contexts)
    pasted text       bytes in text, as frames (pasted)

No NumPy is loaded here. tests/contracts holds it to Scapy packets (test_readers_agree.py) and to the block engine
(test_blocks_agree_with_walk.py).
"""
