"""What every switch of the JSON contract needs to talk with the hotline: events out, commands in, nothing lost."""
