"""Who hears which live message."""
