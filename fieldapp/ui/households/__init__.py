"""대상: every household as a list that narrows while it is typed, and the page of one."""
