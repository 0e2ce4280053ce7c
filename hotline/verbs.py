"""The audit verbs of this floor."""

from flask_babel import lazy_gettext as _l

from accounts.audit import verb

verb("caller:unmask_call", _l("Caller's number of a call looked at"))
verb("queue:save", _l("Queue made or changed"))
verb("ivr:save", _l("Draft of a call flow changed"))
verb("ivr:publish", _l("Call flow put in force"))
verb("ivr:roll_back", _l("Earlier call flow put in force again"))
verb("ivr:discard", _l("Draft of a call flow thrown away"))
verb("ivr:numbers", _l("Numbers of a call flow set"))
verb("ivr:straight", _l("Straight-to-a-person switched"))
verb("ivr:broadcast", _l("Emergency broadcast switched"))
verb("ivr:sound", _l("Recorded prompt kept"))
verb("seat:save", _l("Seat made or changed"))
verb("seat:take_telephone", _l("Telephone of a seat given to a browser"))
verb("agent:grant_skills", _l("Agent's skills set"))
verb("agent:force_not_ready", _l("Agent set to not ready by the shift lead"))
verb("call:monitor", _l("Call listened to"))
verb("call:whisper", _l("Whispered to an agent in a call"))
verb("call:barge", _l("Came into a call"))
verb("call:take_over", _l("Call taken over by the shift lead"))
verb("call:pause_recording", _l("Recording paused by the agent"))
verb("call:resume_recording", _l("Recording resumed by the agent"))
verb("recording:play", _l("Recording listened to"))
verb("recording:hold", _l("Recording held as evidence"))
verb("recording:release", _l("Recording no longer held"))
verb("number_rule:propose", _l("Block of a number proposed"))
verb("number_rule:approve", _l("Block of a number approved"))
verb("number_rule:refuse", _l("Block of a number refused"))
verb("number_rule:prefer", _l("Number let through first"))
verb("number_rule:lift", _l("Rule for a number lifted"))
