"""Collection: files become a batch of proposals, a person decides, a job enters them; and takes them back."""

from knowledge_base.services.importing.batches import Given, begin_import
from knowledge_base.services.importing.deciding import accept_rows, correct_row, decline_rows
from knowledge_base.services.importing.entering import enter_batch
from knowledge_base.services.importing.reading import read_batch
from knowledge_base.services.importing.undoing import ask_to_undo, undo_batch

__all__ = [
    "Given",
    "accept_rows",
    "ask_to_undo",
    "begin_import",
    "correct_row",
    "decline_rows",
    "enter_batch",
    "read_batch",
    "undo_batch",
]
