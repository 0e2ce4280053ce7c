"""Pages of the knowledge base."""

from flask import Blueprint

blueprint = Blueprint("knowledge_base", __name__, url_prefix="/knowledge", template_folder="../templates")
