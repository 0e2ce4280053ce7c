"""The audit verbs of this floor."""

from flask_babel import lazy_gettext as _l

from accounts.audit import verb

verb("session:open", _l("Signed in"))
verb("session:refuse", _l("Sign-in refused"))
verb("session:lock", _l("Account locked"))
verb("session:end", _l("Session ended"))
verb("address:lock", _l("Address locked"))
verb("person:create", _l("Person created"))
verb("person:change", _l("Person changed"))
verb("person:grant", _l("Role granted"))
verb("person:withdraw", _l("Role withdrawn"))
verb("person:deactivate", _l("Person deactivated"))
verb("person:activate", _l("Person activated"))
verb("person:change_password", _l("Password changed"))
verb("person:reset_password", _l("Password reset"))
verb("person:enrol_totp", _l("Second factor set up"))
verb("person:reset_totp", _l("Second factor reset"))
verb("person:use_recovery_code", _l("Recovery code used"))
verb("person:renew_recovery", _l("Recovery codes renewed"))
verb("department:create", _l("Department created"))
verb("department:change", _l("Department changed"))
verb("department:move", _l("Department moved"))
verb("department:import", _l("Departments imported"))
verb("department:export", _l("Departments exported"))
verb("token:create", _l("API token created"))
verb("token:revoke", _l("API token revoked"))
verb("audit:verify", _l("Audit trail checked"))
