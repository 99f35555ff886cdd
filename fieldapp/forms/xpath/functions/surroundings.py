"""What an expression may know of form and device: ODK XForms (JavaRosa)."""

from __future__ import annotations

from fieldapp.forms.xpath.evaluation import Context
from fieldapp.forms.xpath.functions.registry import function


@function("version", gives="string", context=True)
def version(context: Context) -> str:
    """ODK XForms (JavaRosa): the form's version; empty when it has none."""
    return context.world.version


@function("property string", gives="string", context=True)
def property_named(context: Context, name: str) -> str:
    """ODK XForms (JavaRosa): what jr:preload="property" would give for the name."""
    return context.world.property(name)
