"""Figures, not tests: what the hotline does on this machine, with the command and the machine in the output."""
