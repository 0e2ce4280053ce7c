"""The audit verbs of this floor."""

from flask_babel import lazy_gettext as _l

from accounts.audit import verb

verb("person:create", _l("Person created"))
verb("department:create", _l("Department created"))
verb("token:create", _l("API token created"))
