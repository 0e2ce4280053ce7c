"""The audit verbs of this floor: one for each action of the table, and those beside it."""

from flask_babel import lazy_gettext as _l

from accounts.audit import verb
from dispatch.workflow import Action

for _action in Action:
    verb(f"case:{_action.value}", _action._label)
verb("caller:unmask", _l("Personal data unmasked"))
verb("case:progress_told", _l("Case progress told by telephone"))
verb("case:progress_refused", _l("Case progress refused by telephone: wrong number or code"))
verb("case:send_link", _l("Link to knowledge sent to the citizen"))
verb("case:import", _l("Cases imported"))
verb("reference:seed", _l("Code tables seeded"))
