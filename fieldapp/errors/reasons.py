"""Why a form, a password or a file was refused: `messages.reasons` has a phrase for each."""

from __future__ import annotations

from enum import StrEnum


class FormReason(StrEnum):
    """Why a form or an expression was refused; `messages.FORM_REASONS` has a phrase for each."""

    # The file
    NOT_XML = "not_xml"
    HOSTILE_XML = "hostile_xml"
    BAD_ENCODING = "bad_encoding"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    NO_MODEL = "no_model"
    NO_INSTANCE = "no_instance"
    NO_BODY = "no_body"
    DUPLICATE_NAME = "duplicate_name"
    DUPLICATE_BIND = "duplicate_bind"
    UNKNOWN_NODE = "unknown_node"
    UNKNOWN_TYPE = "unknown_type"
    UNKNOWN_TEXT = "unknown_text"
    UNKNOWN_INSTANCE = "unknown_instance"
    UNKNOWN_EVENT = "unknown_event"
    MISPLACED_EVENT = "misplaced_event"
    UNKNOWN_METHOD = "unknown_method"
    CYCLE = "cycle"
    NOT_THIS_FORM = "not_this_form"
    MISSING_FILE = "missing_file"
    UNKNOWN_CONTROL = "unknown_control"
    MISSING_BOUND = "missing_bound"
    BAD_BOUND = "bad_bound"
    BAD_MEDIA = "bad_media"
    MANY_ROOTS = "many_roots"
    # A list that comes as a file
    NOT_TEXT = "not_text"
    NOT_JSON = "not_json"
    NOT_FEATURES = "not_features"
    BAD_GEOMETRY = "bad_geometry"
    BROKEN_TABLE = "broken_table"
    EMPTY_COLUMN = "empty_column"
    BAD_COLUMN = "bad_column"
    TWIN_COLUMN = "twin_column"
    LONG_ROW = "long_row"
    # An expression in it
    EMPTY = "empty"
    UNKNOWN_CHARACTER = "unknown_character"
    OPEN_QUOTE = "open_quote"
    UNEXPECTED = "unexpected"
    ENDS_EARLY = "ends_early"
    VARIABLE = "variable"
    UNKNOWN_AXIS = "unknown_axis"
    UNKNOWN_FUNCTION = "unknown_function"
    UNKNOWN_PREFIX = "unknown_prefix"
    FOREIGN_FUNCTION = "foreign_function"
    ARGUMENT_COUNT = "argument_count"
    NOT_NODES = "not_nodes"
    NOT_POINTS = "not_points"
    BAD_PATTERN = "bad_pattern"
    TOO_MUCH_WORK = "too_much_work"


class PasswordRule(StrEnum):
    """Why a password is too weak; `messages.PASSWORD_RULES` has a sentence for each."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_SIMPLE = "too_simple"
    TOO_COMMON = "too_common"


class BlobReason(StrEnum):
    """Why a file was not taken as an attachment; `messages.BLOB_REASONS` has a phrase for each."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_KIND = "unknown_kind"


class FileReason(StrEnum):
    """Why a printed file was not written; `messages.FILE_REASONS` has a phrase for each."""

    FULL = "full"
    REFUSED = "refused"
    READ_ONLY = "read_only"
    NO_FOLDER = "no_folder"
    IS_FOLDER = "is_folder"
    EXISTS = "exists"
    LONG_NAME = "long_name"
    DEVICE = "device"
    EXCEL_LIMIT = "excel_limit"
