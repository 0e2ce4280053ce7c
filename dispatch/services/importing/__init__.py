"""Cases from a file: CSV or XLSX, with columns named by the file or mapped by hand."""

from dispatch.services.importing.deed import ImportReport, import_cases
from dispatch.services.importing.tables import read_table

__all__ = ["ImportReport", "import_cases", "read_table"]
