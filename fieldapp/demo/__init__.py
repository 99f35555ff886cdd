"""The demo district: synthetic people, a real server, real windows, one errand played through."""
