"""Cases from a file: CSV or XLSX, with columns named by the file or mapped by hand, and its words translated."""

from dispatch.services.importing.deed import ImportReport, import_cases
from dispatch.services.importing.tables import read_table
from dispatch.services.importing.values import read_meanings, write_unknown

__all__ = ["ImportReport", "import_cases", "read_meanings", "read_table", "write_unknown"]
