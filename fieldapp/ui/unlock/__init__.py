"""Opening a profile, and making the first one."""
