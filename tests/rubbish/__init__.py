"""Bad input at every door. The doors are found in the map of addresses, so that new ones are tried too."""
