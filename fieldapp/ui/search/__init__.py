"""찾기 (Ctrl+K): people, sites and records by name, 초성, phone or number."""
