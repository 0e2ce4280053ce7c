"""A real Asterisk, real telephones, and who heard whom. `make test-switch` runs these."""
