"""Tables of the knowledge base."""

from knowledge_base.models.attachment import KnowledgeAttachment
from knowledge_base.models.directory import DirectoryEntry
from knowledge_base.models.feedback import KnowledgeCorrection, KnowledgeRating
from knowledge_base.models.helping import Favourite, Script
from knowledge_base.models.history import KnowledgeEvent
from knowledge_base.models.intake import ImportRow, KnowledgeImport
from knowledge_base.models.item import KnowledgeItem
from knowledge_base.models.passage import Passage
from knowledge_base.models.revision import KnowledgeRevision, Stamp
from knowledge_base.models.task import CollectionTask
from knowledge_base.models.usage import KnowledgeUse, SearchLog
from knowledge_base.models.version import KnowledgeVersion, in_force_on, superseded_on
from knowledge_base.models.wording import AskedQuestion, WordGroup

__all__ = [
    "AskedQuestion",
    "CollectionTask",
    "DirectoryEntry",
    "Favourite",
    "ImportRow",
    "KnowledgeAttachment",
    "KnowledgeCorrection",
    "KnowledgeEvent",
    "KnowledgeImport",
    "KnowledgeItem",
    "KnowledgeRating",
    "KnowledgeRevision",
    "KnowledgeUse",
    "KnowledgeVersion",
    "Passage",
    "Script",
    "SearchLog",
    "Stamp",
    "WordGroup",
    "in_force_on",
    "superseded_on",
]
