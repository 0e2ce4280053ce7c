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
verb("person:enrol_totp", _l("Second factor enrolled"))
verb("person:reset_totp", _l("Second factor reset"))
verb("person:use_recovery_code", _l("Recovery code used"))
verb("person:change", _l("Person changed"))
verb("person:grant", _l("Roles changed"))
verb("person:deactivate", _l("Person deactivated"))
verb("person:activate", _l("Person activated"))
verb("person:reset_password", _l("Password reset"))
verb("session:end", _l("Session ended"))
verb("department:change", _l("Department changed"))
verb("department:import", _l("Departments imported"))
verb("token:revoke", _l("API token revoked"))
