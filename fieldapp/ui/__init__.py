"""The window: signals out, `show_…` in. Alone in importing PySide6."""
