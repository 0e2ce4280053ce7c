"""The audit verbs of this floor."""

from flask_babel import lazy_gettext as _l

from accounts.audit import verb

verb("person:create", _l("Person created"))
verb("department:create", _l("Department created"))
verb("token:create", _l("API token created"))
verb("person:change_password", _l("Password changed"))
verb("session:open", _l("Signed in"))
verb("session:refuse", _l("Sign-in refused"))
verb("session:lock", _l("Account locked"))
