"""Wrap, sign, hash: every header names its algorithms. The life of keys is in storage/key.py."""
