"""The message engine's reading of captures: frames decoded one by one, filtered, rewritten, pasted; works on pipes."""
