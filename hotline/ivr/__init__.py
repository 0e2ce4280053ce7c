"""What a caller hears before a person: flows as data, walked by one pure interpreter (domain § 2, IVR)."""
