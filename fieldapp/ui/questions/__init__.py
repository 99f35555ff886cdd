"""One widget per kind of question; `registry.widget_for` says which."""
