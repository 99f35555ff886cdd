"""Parts with no subject of their own (ux §3)."""
