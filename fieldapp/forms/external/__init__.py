"""Lists that come as files beside a form (ODK XForms, "Secondary Instances - External").

    rows_from("jr://file-csv/sites.csv", content)      # what Filling.start takes as an instance
    missing_lists(definition, given={"sites"})         # what a form will not find

CSV and GeoJSON become rows, any other XML a tree. Where a file lies is the caller's business: a
form names it, and nothing here opens it.
"""

from fieldapp.forms.external.addresses import rows_from
from fieldapp.forms.external.missing import missing_lists

__all__ = ["missing_lists", "rows_from"]
