"""What the app takes, measured beside a floor or a peer in the same run (bars: each file's own)."""
