"""관리: what keeps this laptop safe: backups, locks and keys, the look through the access log."""
