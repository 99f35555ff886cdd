"""가리기: a white page over everything; four digits bring it back, three misses lock."""
