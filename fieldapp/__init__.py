"""fieldapp: visit logs, surveys and checklists, written once, in the field."""
