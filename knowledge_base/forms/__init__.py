"""What people may type about knowledge, validated."""

from knowledge_base.forms.item import ItemForm
from knowledge_base.forms.search import SearchForm

__all__ = ["ItemForm", "SearchForm"]
