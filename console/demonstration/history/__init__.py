"""The city's past: every call and case made through the services, each at its own moment."""

from console.demonstration.history.processes import write_history

__all__ = ["write_history"]
