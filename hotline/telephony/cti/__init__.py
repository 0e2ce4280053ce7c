"""Generic CTI: a switch that queues by itself tells of its calls, in the shape many can send (docs/cti.md). They stand
in the log and pop up at the agent they concern; no queue of ours, no commands."""

PROVIDER = "cti"
