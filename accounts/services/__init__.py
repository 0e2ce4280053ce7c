"""What people do with people: one module per aggregate."""
