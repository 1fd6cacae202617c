"""PostgreSQL as the database: Django's own engine, which finds a lost connection again and takes any text."""
