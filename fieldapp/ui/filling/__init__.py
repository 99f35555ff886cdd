"""Filling a form: sections, questions, read-back; by keyboard alone."""
