"""주고받기: one button, true counts, what waits and why, what differs and who decides."""
