"""The protocol between replica and server: messages, one exchange, the connection."""
