"""`make bench-forms`: our form engine beside the field's own two, driven alike in one run."""
