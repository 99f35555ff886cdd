"""통계·출력: pick, see the very page, hand it out with a purpose."""
