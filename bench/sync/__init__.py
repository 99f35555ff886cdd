"""Beside whom push and pull are measured: each engine's client and server are processes of their
own, over loopback, and tell what they took.
"""
