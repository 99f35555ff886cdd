"""The encrypted database of this device: one writer, many readers, one module a kind of row."""
