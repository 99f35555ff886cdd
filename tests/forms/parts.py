"""Parts of XForms by hand, for `tests.forms.xforms.begun`."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr


def bind(path: str, data_type: str = "string", **rules: str) -> str:
    """`<bind nodeset="/data/…" type=… relevant=…/>`."""
    said = "".join(f" {name}={quoteattr(text)}" for name, text in rules.items())
    return f'<bind nodeset="/data/{path}" type="{data_type}"{said}/>'


def ask(*paths: str) -> str:
    """An input without words for each path."""
    return "".join(f'<input ref="/data/{path}"/>' for path in paths)


def repeat(path: str, body: str, **attributes: str) -> str:
    """`<repeat nodeset="/data/…">`; `count` and `noAddRemove` are JavaRosa's."""
    said = "".join(f" jr:{name}={quoteattr(text)}" for name, text in attributes.items())
    return f'<repeat nodeset="/data/{path}"{said}>{body}</repeat>'


def choose(
    path: str, nodeset: str = "", *, kind: str = "select1", items: str = "", label: str = "label"
) -> str:
    """A question whose choices are the rows of a nodeset, or the words of `items`."""
    tag = "odk:rank" if kind == "rank" else kind
    if nodeset:
        choices = (
            f"<itemset nodeset={quoteattr(nodeset)}>"
            f'<value ref="name"/><label ref="{label}"/></itemset>'
        )
    else:
        choices = "".join(
            f"<item><value>{item}</value><label>{item.upper()}</label></item>"
            for item in items.split()
        )
    return f'<{tag} ref="/data/{path}">{choices}</{tag}>'


def rows(name: str, *columns: str, of: tuple[str, ...]) -> str:
    """A secondary instance: `rows("l", "a 1", "b 2", of=("name", "kind"))`."""
    items = "".join(
        "<item>"
        + "".join(
            f"<{column}>{text}</{column}>" for column, text in zip(of, row.split(), strict=True)
        )
        + "</item>"
        for row in columns
    )
    return f'<instance id="{name}"><root>{items}</root></instance>'
