"""오늘: whom to see and why, what was promised, what waits to be done."""
