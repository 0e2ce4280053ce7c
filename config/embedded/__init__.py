"""The servers the hotline brings along: a real PostgreSQL and a real Redis as child processes.

Used where no `DATABASE_URL` / `REDIS_URL` is given. One supervisor owns them; nothing here knows the hotline.
"""
