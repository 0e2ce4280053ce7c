"""The call engine: facts in, decisions out. Pure: no database, no clock, no provider."""
