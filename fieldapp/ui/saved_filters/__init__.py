"""저장한 조건: filters of a list under names; chosen, kept, renamed and forgotten by keys."""
