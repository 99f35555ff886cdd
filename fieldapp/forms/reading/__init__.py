"""XForm XML to a FormDefinition: hostile-safe parsing, model, texts, body, checks."""

from fieldapp.forms.reading.form import read_form

__all__ = ["read_form"]
