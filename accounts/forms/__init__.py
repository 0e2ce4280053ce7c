"""What people may type about themselves, others, departments and tokens."""
