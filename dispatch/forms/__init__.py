"""What people may type about cases, validated; refused words come back in the form, nothing typed is lost."""

from config.web.forms import show_errors
from dispatch.forms.actions import action_form, data_of
from dispatch.forms.filters import FilterForm, asked_filter
from dispatch.forms.intake import IntakeForm, digest_of, intake_of

__all__ = [
    "FilterForm",
    "IntakeForm",
    "action_form",
    "asked_filter",
    "data_of",
    "digest_of",
    "intake_of",
    "show_errors",
]
