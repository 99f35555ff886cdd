"""확인: the queue by age, each record beside what it said before, confirmed or sent back."""
